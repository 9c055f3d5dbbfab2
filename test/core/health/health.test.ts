import { describe, expect, it } from 'vitest';
import { healthOf, type HealthOptions } from '#core/health/health';
import { hasHealthCheck } from '#core/health/kinds';
import { kindOf, type JsonObject } from '#core/object';
import { check, condition, conditions, objectOf, said } from './rows.ts';

describe('kinds without a check', () => {
  it.each([
    'v1 ConfigMap',
    'v1 Secret',
    'v1 Namespace',
    'rbac.authorization.k8s.io/v1 Role',
    'argoproj.io/v1alpha1 Application',
    'v1 PersistentVolume',
    'example.com/v1 Thing',
  ])('%s', (kind) => {
    const object = objectOf(kind, {});
    expect(healthOf(object)).toBeNull();
    const slash = kind.lastIndexOf('/');
    expect(hasHealthCheck({ group: slash < 0 ? '' : kind.slice(0, slash), kind: kindOf(object) })).toBe(false);
  });
});

describe('an object that is being deleted', () => {
  const going = (...finalizers: readonly string[]): JsonObject => ({
    deletionTimestamp: '2026-01-01T00:00:00Z',
    ...(finalizers.length > 0 ? { finalizers: [...finalizers] } : {}),
  });
  const done = conditions(condition('Complete', 'True'));

  check('batch/v1 Job', [
    { title: 'is pending deletion', metadata: going(), status: done, is: 'Progressing: Pending deletion' },
    {
      title: 'is told what blocks it',
      metadata: going('a', 'b'),
      status: done,
      is: 'Progressing: Pending deletion; blocked by finalizers: a, b',
    },
    {
      title: 'is checked while it carries the hook finalizer',
      metadata: going('argocd.argoproj.io/hook-finalizer'),
      status: done,
      is: 'Healthy',
    },
  ]);
  check('v1 ConfigMap', [
    {
      title: 'is pending deletion without a check too',
      metadata: going('a'),
      is: 'Progressing: Pending deletion; blocked by finalizers: a',
    },
  ]);
  check('apps/v2 Deployment', [
    {
      title: 'whose check fails is an error',
      metadata: going(),
      is: 'error: unsupported Deployment GVK: apps/v2, Kind=Deployment',
    },
  ]);
  check(
    'example.com/v1 Thing',
    [{ title: 'has the deletion message of its override', metadata: going('a'), is: 'Degraded: volumes attached' }],
    {
      override: () => ({ status: 'Degraded', message: 'm', deletionMessage: 'volumes attached' }),
    },
  );
});

describe('an override', () => {
  const only = (override: NonNullable<HealthOptions['override']>): string =>
    said(healthOf(objectOf('batch/v1 Job', { status: conditions(condition('Failed', 'True')) }), { override }));

  it('is asked first, and may have no answer', () => {
    expect(only(() => ({ status: 'Healthy', message: 'fine' }))).toBe('Healthy: fine');
    expect(only(() => undefined)).toBe('Degraded');
    expect(only(() => ({ status: '', message: '' }))).toBe('');
  });

  it('that fails names the object', () => {
    expect(only(() => ({ error: 'bad script' }))).toBe('error: failed to get resource health for n/x: bad script');
  });

  it('of a status that Argo CD does not have is unknown', () => {
    expect(only(() => ({ status: 'Fine', message: '' }))).toBe('Unknown: Lua returned an invalid health status');
  });
});
