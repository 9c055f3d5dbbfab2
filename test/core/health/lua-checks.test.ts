import { describe, expect, it } from 'vitest';
import { healthOf } from '#core/health/health';
import type { JsonObject } from '#core/object';
import { check, condition, conditions, generation, objectOf, said } from './rows.ts';

describe('checks in Lua', () => {
  const ready = (status: string, rest: JsonObject = {}): JsonObject => conditions(condition('Ready', status, rest));
  check('batch/v1 CronJob', [
    { title: 'suspended', spec: { suspend: true }, is: 'Healthy: CronJob is suspended' },
    { title: 'without status', is: 'Progressing: Waiting for CronJob' },
    { title: 'not scheduled', status: {}, is: 'Healthy: CronJob has not been scheduled yet' },
    {
      title: 'failed last time',
      status: { lastScheduleTime: '2026-01-02T00:00:00Z', lastSuccessfulTime: '2026-01-01T00:00:00Z' },
      is: 'Degraded: CronJob has not completed its last execution successfully',
    },
    {
      title: 'succeeded last time',
      status: { lastScheduleTime: '2026-01-01T00:00:00Z', lastSuccessfulTime: '2026-01-01T00:01:00Z' },
      is: 'Healthy: CronJob has completed its last execution successfully',
    },
  ]);
  check('apiextensions.k8s.io/v1 CustomResourceDefinition', [
    { title: 'without conditions', is: 'Progressing: Status conditions not found' },
    { title: 'established', status: conditions(condition('Established', 'True')), is: 'Healthy: CRD is healthy' },
    {
      title: 'being installed',
      status: conditions(condition('Established', 'False', { reason: 'Installing' })),
      is: 'Progressing: CRD is being installed',
    },
    {
      title: 'names refused',
      status: conditions(condition('Established', 'True'), condition('NamesAccepted', 'False', { message: 'taken' })),
      is: 'Degraded: CRD names have not been accepted: taken',
    },
    {
      title: 'not established',
      status: conditions(condition('Established', 'False')),
      is: 'Degraded: CRD is not established',
    },
  ]);
  check('policy/v1 PodDisruptionBudget', [
    { title: 'without conditions', is: 'Progressing: Waiting for status' },
    {
      title: 'too few pods',
      status: conditions(condition('DisruptionAllowed', 'False', { reason: 'InsufficientPods' })),
      is: 'Healthy: PodDisruptionBudget has InsufficientPods',
    },
    {
      title: 'failed',
      status: conditions(condition('DisruptionAllowed', 'False', { reason: 'SyncFailed' })),
      is: 'Degraded: PodDisruptionBudget has SyncFailed',
    },
  ]);
  check('cert-manager.io/v1 Certificate', [
    {
      title: 'being issued',
      status: conditions(condition('Ready', 'False'), condition('Issuing', 'True', { message: 'i' })),
      is: 'Progressing: i',
    },
    { title: 'not ready', status: ready('False', { message: 'no' }), is: 'Degraded: no' },
    { title: 'ready', status: ready('True'), is: 'Healthy' },
    { title: 'nothing said', is: 'Progressing: Waiting for certificate' },
  ]);
  check('argoproj.io/v1alpha1 Rollout', [
    {
      title: 'not observed',
      metadata: generation,
      status: { observedGeneration: '1', phase: 'Healthy' },
      is: 'Progressing: Waiting for rollout spec update to be observed',
    },
    {
      title: 'paused',
      metadata: generation,
      status: { observedGeneration: '2', phase: 'Paused', message: 'canary' },
      is: 'Suspended: canary',
    },
    { title: 'degraded', metadata: generation, status: { observedGeneration: '2', phase: 'Degraded' }, is: 'Degraded' },
  ]);
  check('argoproj.io/v1alpha1 AnalysisRun', [
    { title: 'without status', is: 'Progressing: Waiting for analysis run to finish: status has not been reconciled.' },
    { title: 'failed', status: { phase: 'Failed', message: 'm' }, is: 'Degraded: m' },
    { title: 'inconclusive', status: { phase: 'Inconclusive', message: 'm' }, is: 'Unknown: m' },
  ]);
  check('keda.sh/v1alpha1 ScaledObject', [
    {
      title: 'paused',
      status: conditions(condition('Ready', 'True'), condition('Paused', 'True', { message: 'p' })),
      is: 'Suspended: p',
    },
    {
      title: 'falls back',
      status: conditions(condition('Ready', 'True'), condition('Fallback', 'True', { message: 'f' })),
      is: 'Degraded: f',
    },
  ]);
  check('gateway.networking.k8s.io/v1 HTTPRoute', [
    {
      title: 'refused',
      status: { parents: [conditions(condition('Accepted', 'False', { message: 'no' }))] },
      is: 'Degraded: no',
    },
    {
      title: 'of a stale generation',
      metadata: generation,
      status: { parents: [conditions(condition('Accepted', 'False', { observedGeneration: 1 }))] },
      is: 'Progressing: Waiting for the status of the route',
    },
    { title: 'accepted', status: { parents: [conditions(condition('Accepted', 'True'))] }, is: 'Healthy' },
  ]);
  check('s3.aws.upbound.io/v1 Bucket', [
    { title: 'without status', is: 'Healthy: Resource is up-to-date.' },
    { title: 'not synced', status: conditions(condition('Synced', 'False', { message: 'no' })), is: 'Degraded: no' },
    {
      title: 'not ready',
      status: conditions(condition('Synced', 'True'), condition('Ready', 'False')),
      is: 'Progressing: Provisioning resource...',
    },
  ]);
  check('postgresql.cnpg.io/v1 Cluster', [
    { title: 'whose script is not written here waits for a status', is: 'Progressing: Waiting for status' },
    {
      title: 'and for Ready, without ever failing',
      status: ready('False', { message: 'starting' }),
      is: 'Progressing: starting',
    },
    { title: 'until it is', status: ready('True'), is: 'Healthy' },
  ]);

  it('can be switched off', () => {
    expect(healthOf(objectOf('batch/v1 CronJob', {}), { lua: false })).toBeNull();
    expect(said(healthOf(objectOf('batch/v1 Job', {}), { lua: false }))).toBe('Progressing');
  });
});
