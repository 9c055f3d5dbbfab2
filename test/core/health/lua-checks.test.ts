import { describe, expect, it } from 'vitest';
import { healthOf } from '#core/health/health';
import { hasLuaCheck } from '#core/health/kinds';
import { PORTED_KINDS } from '#core/health/lua-checks';
import { cases, objectOf, said, says, told } from './rows.ts';

const going = {
  metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['argocd.argoproj.io/hook-finalizer'] },
};
const scheduled = '2026-01-02T00:00:00Z';

describe('checks in Lua', () => {
  cases('batch/v1 CronJob', {
    suspended: [{ spec: { suspend: true } }, 'Healthy: CronJob is Suspended'],
    'without status': [{}, 'Progressing: Waiting for CronJob'],
    'not scheduled': [{ status: {} }, 'Healthy: CronJob has not been scheduled yet'],
    'never succeeded': [
      { status: { lastScheduleTime: scheduled } },
      'Healthy: The CronJob never completed successfully. It may not be healthy',
    ],
    runs: [
      { status: { lastScheduleTime: scheduled, lastSuccessfulTime: '2026-01-01T00:00:00Z', active: [{}] } },
      'Healthy: The job is running. Its last execution may not have been successful',
    ],
    'failed last time': [
      { status: { lastScheduleTime: scheduled, lastSuccessfulTime: '2026-01-01T00:00:00Z' } },
      'Degraded: CronJob has not completed its last execution successfully',
    ],
    'succeeded last time': [
      { status: { lastScheduleTime: scheduled, lastSuccessfulTime: '2026-01-02T00:01:00Z', active: [] } },
      'Healthy: CronJob has completed its last execution successfully',
    ],
  });
  cases('apiextensions.k8s.io/v1 CustomResourceDefinition', {
    'without conditions': [{}, 'Progressing: Status conditions not found'],
    going: [{ ...going, ...told(says('Established=True')) }, 'Progressing: CRD is terminating'],
    'going, as its conditions say': [told(says('Terminating=True', 'm')), 'Progressing: CRD is terminating: m'],
    established: [told(says('Established=True')), 'Healthy: CRD is healthy'],
    'being installed': [told(says('Established=False/Installing')), 'Progressing: CRD is being installed'],
    'names refused': [
      told(says('Established=True'), says('NamesAccepted=False', 'taken')),
      'Degraded: CRD names have not been accepted: taken',
    ],
    'the first condition that says something decides': [
      told(says('Established=False/Installing'), says('NamesAccepted=False', 'taken')),
      'Progressing: CRD is being installed',
    ],
    'without a schema': [
      told(says('Established=True'), says('NonStructuralSchema=True', 'm')),
      'Degraded: Schema violations found: m',
    ],
    'not established': [told(says('Established=False')), 'Degraded: CRD is not established'],
  });
  cases('policy/v1 PodDisruptionBudget', {
    'without conditions': [{}, 'Progressing: Waiting for status'],
    'too few pods': [
      told(says('DisruptionAllowed=False/InsufficientPods')),
      'Healthy: PodDisruptionBudget has InsufficientPods',
    ],
    enough: [told(says('DisruptionAllowed=True/SufficientPods')), 'Healthy: PodDisruptionBudget has SufficientPods'],
    failed: [told(says('DisruptionAllowed=False/SyncFailed')), 'Degraded: PodDisruptionBudget has SyncFailed'],
  });
  cases('solr.apache.org/v1beta1 SolrCloud', {
    'whose script is not written here waits for a status': [{}, 'Progressing: Waiting for status'],
    'and for Ready, without ever failing': [told(says('Ready=False', 'starting')), 'Progressing: starting'],
    'until it is': [told(says('Ready=True')), 'Healthy'],
  });

  it('can be switched off', () => {
    expect(healthOf(objectOf('batch/v1 CronJob', {}), { lua: false })).toBeNull();
    expect(said(healthOf(objectOf('batch/v1 Job', {}), { lua: false }))).toBe('Progressing');
  });
});

describe('which kinds have a check in Lua', () => {
  it('is known of every kind whose script is written here', () => {
    const split = (name: string) => ({
      group: name.slice(0, name.indexOf('/')),
      kind: name.slice(name.indexOf('/') + 1),
    });
    expect(PORTED_KINDS.filter((name) => !hasLuaCheck(split(name)))).toEqual([]);
    expect(PORTED_KINDS.length).toBeGreaterThanOrEqual(100);
  });

  it.each([
    ['iam.aws.crossplane.io', 'User', true],
    ['rds.aws.upbound.io', 'Instance', true],
    ['storage.cnrm.cloud.google.com', 'StorageBucket', true],
    ['s3.services.k8s.aws', 'Bucket', true],
    ['operator.victoriametrics.com', 'VMCluster', true],
    ['microgateway.airlock.com', 'SidecarGateway', true],
    ['grafana-org-operator.kubitus-project.gitlab.io', 'Organization', true],
    ['crossplane.io', 'Thing', false],
    ['services.k8s.aws', 'Thing', false],
    ['notcrossplane.io', 'Thing', false],
    ['cert-manager.io', 'CertificateRequest', false],
    ['argoproj.io', 'Application', false],
    ['notification.toolkit.fluxcd.io', 'Alert', false],
    ['monitoring.coreos.com', 'ServiceMonitor', false],
  ])('%s %s: %s', (group, kind, has) => {
    expect(hasLuaCheck({ group, kind })).toBe(has);
  });
});
