import { describe } from 'vitest';
import type { JsonObject } from '#core/object';
import { cases, generation, says, told, type Row } from '../rows.ts';

const fine = 'Healthy: Resource is up-to-date.';

for (const kind of ['example.crossplane.io/v1 Database', 's3.aws.upbound.io/v1 Bucket'])
  cases(kind, {
    'without status': [{}, fine],
    'with an empty status': [{ status: {} }, 'Progressing: Provisioning ...'],
    'not synced': [told(says('Ready=True'), says('Synced=False', 'no')), 'Degraded: no'],
    'its last call failed': [told(says('LastAsyncOperation=False', 'no')), 'Degraded: no'],
    'not ready': [told(says('Synced=True'), says('Ready=False')), 'Progressing: Provisioning ...'],
    ready: [told(says('Synced=True'), says('Ready=True', 'm')), fine],
  });
cases('apiextensions.crossplane.io/v1 Composition', { 'never has a status': [{ status: {} }, fine] });
cases('apiextensions.crossplane.io/v1 CompositeResourceDefinition', {
  established: [told(says('Established=True')), fine],
});
cases('aws.upbound.io/v1 ProviderConfig', {
  'never has a status': [{ status: {} }, fine],
  'in use': [{ status: { users: 3 } }, 'Healthy: Resource is in use.'],
});
cases('ec2.aws.upbound.io/v1 Instance', {
  'whose conditions are not those of Crossplane itself': [told(says('Healthy=True')), 'Progressing: Provisioning ...'],
});

describe('the first resources of AWS in Crossplane', () => {
  for (const [kind, what] of [
    ['cloudfront.aws.crossplane.io/v1 Distribution', 'distribution'],
    ['iam.aws.crossplane.io/v1 Policy', 'Policy'],
    ['iam.aws.crossplane.io/v1 Role', 'Role'],
    ['iam.aws.crossplane.io/v1 RolePolicyAttachment', 'RolePolicyAttachment'],
    ['rds.aws.crossplane.io/v1 DBCluster', 'DBCluster'],
    ['rds.aws.crossplane.io/v1 DBInstance', 'DBInstance'],
    ['route53.aws.crossplane.io/v1 ResourceRecordSet', 'resourcrecordset'],
    ['s3.aws.crossplane.io/v1 Bucket', 'Bucket'],
  ] as const)
    cases(kind, {
      'without status': [{}, `Progressing: Waiting for ${what} to be created`],
      ready: [told(says('Ready=True/Available'), says('Synced=True')), 'Healthy: Available'],
      'not ready': [told(says('Ready=False'), says('Synced=True')), `Progressing: Waiting for ${what} to be available`],
      'not synced': [told(says('Ready=True'), says('Synced=False/ReconcileError', 'denied')), 'Degraded: denied'],
      paused: [told(says('Ready=True'), says('Synced=False/ReconcilePaused')), 'Suspended: ReconcilePaused'],
    });
});

cases('pkg.crossplane.io/v1 Provider', {
  'without status': [{}, 'Progressing: Waiting for provider to be installed'],
  'installed, not healthy': [
    told(says('Installed=True/ActivePackageRevision'), says('Healthy=False/Unhealthy')),
    'Degraded: ActivePackageRevision Unhealthy',
  ],
  'installed and healthy': [
    told(says('Healthy=True/HealthyPackageRevision'), says('Installed=True/ActivePackageRevision')),
    'Healthy: ActivePackageRevision HealthyPackageRevision',
  ],
});

const stack = (...list: readonly JsonObject[]): Partial<Row> => ({
  status: { conditionedStatus: { conditions: [...list] } },
});
cases('stacks.crossplane.io/v1alpha1 ClusterStackInstall', {
  'without status': [{}, 'Progressing: Waiting for stack to be installed'],
  'being created': [stack(says('Ready=False/Creating')), 'Progressing: Creating'],
  ready: [stack(says('Ready=True/Available')), 'Healthy: Available'],
});

const connector = (observedGeneration: number, ...list: readonly JsonObject[]): Partial<Row> => ({
  metadata: generation,
  status: { observedGeneration, ...told(...list).status },
});
const update = 'Progressing: Update in progress';
cases('sql.cnrm.cloud.google.com/v1beta1 SQLInstance', {
  'without status': [{ metadata: generation }, update],
  'not observed': [connector(1, says('Ready=True/UpToDate', 'm')), update],
  'up to date': [connector(2, says('Ready=True/UpToDate', 'm')), 'Healthy: m'],
  'no longer up to date': [connector(2, says('Ready=False/UpToDate', 'm')), update],
  failed: [connector(2, says('Ready=False/UpdateFailed', 'm')), 'Degraded: m'],
  'what it needs is not there': [connector(2, says('Ready=False/DependencyNotFound', 'm')), 'Degraded: m'],
  'what it needs is not ready': [connector(2, says('Ready=False/DependencyNotReady', 'm')), 'Suspended: m'],
  'without a generation in its status': [told(says('Ready=True/UpToDate', 'm')), 'Healthy: m'],
});
cases('core.cnrm.cloud.google.com/v1beta1 ConfigConnector', {
  healthy: [{ status: { healthy: true } }, 'Healthy: ConfigConnector is healthy'],
  'not healthy': [{ status: { healthy: false } }, 'Degraded: ConfigConnector is not healthy'],
  'not observed': [{ metadata: generation, status: { healthy: true, observedGeneration: 1 } }, update],
});

cases('s3.services.k8s.aws/v1alpha1 Bucket', {
  'without status': [{}, 'Progressing: Waiting for resource to be ready'],
  'cannot go on': [told(says('ACK.Terminal=True', 'no'), says('Ready=False')), 'Degraded: no'],
  'not ready': [told(says('ACK.Terminal=False'), says('Ready=False', 'soon')), 'Progressing: soon'],
  ready: [told(says('Ready=True', 'm')), 'Healthy'],
});

const phase = (name: string): Partial<Row> => ({ status: { phase: name } });
const paused = { spec: { paused: true } };

cases('cluster.x-k8s.io/v1beta1 Cluster', {
  paused: [{ ...paused, ...phase('Failed') }, 'Suspended: Cluster is paused'],
  'without status': [{}, 'Progressing: Waiting for clusters'],
  provisioned: [phase('Provisioned'), 'Healthy: Cluster is running'],
  failed: [phase('Failed'), 'Degraded'],
  'not ready': [
    { status: { phase: 'Provisioned', ...told(says('Ready=False', 'no', { severity: 'Error' })).status } },
    'Degraded: no',
  ],
  'not ready, for information': [
    { status: { phase: 'Provisioning', ...told(says('Ready=False', 'no', { severity: 'Info' })).status } },
    'Progressing: Waiting for clusters',
  ],
});
cases('cluster.x-k8s.io/v1beta1 Machine', {
  'without status': [{}, 'Progressing: Condition is unknown'],
  running: [phase('Running'), 'Healthy: Machine is running'],
  failed: [{ status: { phase: 'Failed', ...told(says('Ready=False', 'no')).status } }, 'Degraded: no'],
  provisioning: [
    { status: { phase: 'Provisioning', ...told(says('Ready=False', 'wait')).status } },
    'Progressing: wait',
  ],
});
cases('cluster.x-k8s.io/v1beta1 MachineDeployment', {
  paused: [{ ...paused, ...phase('Running') }, 'Suspended: MachineDeployment is paused'],
  'without status': [{}, 'Progressing: Waiting for machines'],
  running: [phase('Running'), 'Healthy: Machines are running under this deployment'],
  growing: [phase('ScalingUp'), 'Progressing: Cluster is spawning machines'],
  shrinking: [phase('ScalingDown'), 'Progressing: Cluster is stopping machines'],
  failed: [phase('Failed'), 'Degraded: MachineDeployment is failed'],
});
cases('cluster.x-k8s.io/v1beta1 MachineHealthCheck', {
  'without status': [{}, 'Progressing'],
  'all healthy': [{ status: { expectedMachines: 3, currentHealthy: 3 } }, 'Healthy'],
  'one is not': [{ status: { expectedMachines: 3, currentHealthy: 2 } }, 'Degraded'],
});
cases('cluster.x-k8s.io/v1beta1 MachinePool', {
  'without status': [{}, 'Progressing'],
  running: [phase('Running'), 'Healthy: MachinePool is Running'],
  scaling: [phase('Scaling'), 'Healthy: MachinePool is Scaling'],
  failed: [phase('Failed'), 'Degraded: MachinePool is Failed'],
  provisioning: [
    {
      status: {
        phase: 'Provisioning',
        ...told(says('Ready=False/Waiting'), says('InfrastructureReady=False'), says('BootstrapReady=True')).status,
      },
    },
    'Progressing: MachinePool is Provisioning: Not Ready (Waiting), Not InfrastructureReady',
  ],
});

const launched = 'Progressing: Waiting for NodeClaim to be launched';
cases('karpenter.sh/v1 NodeClaim', {
  'without status': [{}, launched],
  'not observed': [
    { metadata: generation, status: { observedGeneration: 1, ...told(says('Ready=True')).status } },
    'Progressing: Waiting for NodeClaim spec to be reconciled',
  ],
  'being disrupted': [told(says('Ready=True', 'yes'), says('Disrupting=True', 'drift')), 'Suspended: drift'],
  ready: [told(says('Launched=True'), says('Ready=True', 'yes')), 'Healthy: yes'],
  'not ready': [told(says('Ready=False', 'no')), 'Degraded: no'],
  launched: [
    told(says('Launched=True'), says('Ready=Unknown')),
    'Progressing: Node launched, waiting for registration',
  ],
  registered: [
    told(says('Launched=True'), says('Registered=True')),
    'Progressing: Node registered, waiting for initialization',
  ],
  initialized: [
    told(says('Registered=True'), says('Initialized=True')),
    'Progressing: Node initialized, waiting for Ready',
  ],
});

cases('pulumi.com/v1 Stack', {
  'without status': [
    { metadata: generation },
    'Progressing: Waiting for the operator to observe the latest spec change',
  ],
  'not observed': [
    { metadata: generation, status: { observedGeneration: 1, ...told(says('Ready=True', 'm')).status } },
    'Progressing: Waiting for the operator to observe the latest spec change',
  ],
  'says nothing': [
    { metadata: generation, status: { observedGeneration: 2 } },
    'Progressing: Waiting for the stack to be reconciled',
  ],
  stalled: [connector(2, says('Stalled=True', 'm')), 'Degraded: m'],
  reconciling: [connector(2, says('Reconciling=True', 'm'), says('Ready=False')), 'Progressing: m'],
  ready: [connector(2, says('Stalled=False'), says('Ready=True', 'm')), 'Healthy: m'],
});
