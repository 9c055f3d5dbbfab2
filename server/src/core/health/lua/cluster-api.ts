import type { KubeObject } from '../../object.ts';
import { at, flagAt, listAt, textAt } from '../../fields.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { byPhase, given, suspended, type Checks, type Phases } from './script.ts';

const CLUSTER_PHASES: Phases = new Map([
  ['Provisioned', ['Healthy', 'Cluster is running']],
  ['Failed', ['Degraded', '']],
]);
const MACHINE_PHASES: Phases = new Map([
  ['Running', ['Healthy', 'Machine is running']],
  ['Failed', ['Degraded', '']],
]);
const DEPLOYMENT_PHASES: Phases = new Map([
  ['Running', ['Healthy', 'Machines are running under this deployment']],
  ['ScalingUp', ['Progressing', 'Cluster is spawning machines']],
  ['ScalingDown', ['Progressing', 'Cluster is stopping machines']],
  ['Failed', ['Degraded', 'MachineDeployment is failed']],
]);

const phaseOf = (object: KubeObject): string => textAt(object, 'status', 'phase');

/** What is not ready only for information does not count. Source: resource_customizations/cluster.x-k8s.io/Cluster. */
function clusterHealth(object: KubeObject): Health {
  if (flagAt(object, 'spec', 'paused')) return suspended('Cluster is paused');
  const failed = listAt(object, 'status', 'conditions').find(
    (c) => textAt(c, 'type') === 'Ready' && textAt(c, 'status') === 'False' && textAt(c, 'severity') !== 'Info',
  );
  return failed
    ? degraded(textAt(failed, 'message'))
    : byPhase(CLUSTER_PHASES, phaseOf(object), progressing('Waiting for clusters'));
}

/** Source: resource_customizations/cluster.x-k8s.io/Machine/health.lua. */
function machineHealth(object: KubeObject): Health {
  const health = byPhase(MACHINE_PHASES, phaseOf(object), progressing());
  if (health.status === 'Healthy') return health;
  const ready = conditionsOf(object).find(({ type, status }) => type === 'Ready' && status === 'False');
  return { ...health, message: ready ? ready.message : 'Condition is unknown' };
}

/** Source: resource_customizations/cluster.x-k8s.io/MachineDeployment/health.lua. */
const machineDeploymentHealth = (object: KubeObject): Health =>
  flagAt(object, 'spec', 'paused')
    ? suspended('MachineDeployment is paused')
    : byPhase(DEPLOYMENT_PHASES, phaseOf(object), progressing('Waiting for machines'));

/** Source: resource_customizations/cluster.x-k8s.io/MachineHealthCheck/health.lua. */
function machineHealthCheckHealth(object: KubeObject): Health {
  if (!given(object, 'status', 'currentHealthy')) return progressing();
  const status = at(object, 'status');
  return at(status, 'expectedMachines') === at(status, 'currentHealthy') ? healthy() : degraded();
}

/** Source: resource_customizations/cluster.x-k8s.io/MachinePool/health.lua. */
function machinePoolHealth(object: KubeObject): Health {
  const phase = phaseOf(object);
  const against = listAt(object, 'status', 'conditions')
    .filter((condition) => given(condition, 'type') && textAt(condition, 'status') === 'False')
    .map((condition) => {
      const reason = given(condition, 'reason') ? ` (${textAt(condition, 'reason')})` : '';
      return `Not ${textAt(condition, 'type')}${reason}`;
    });
  const said = given(object, 'status', 'phase') ? `MachinePool is ${phase}` : '';
  const message = said + (against.length > 0 ? `: ${against.join(', ')}` : '');
  if (phase === 'Running' || phase === 'Scaling') return healthy(message);
  return phase === 'Failed' || phase === 'Unknown' ? degraded(message) : progressing(message);
}

export const CLUSTER_API: Checks = {
  'cluster.x-k8s.io/Cluster': clusterHealth,
  'cluster.x-k8s.io/Machine': machineHealth,
  'cluster.x-k8s.io/MachineDeployment': machineDeploymentHealth,
  'cluster.x-k8s.io/MachineHealthCheck': machineHealthCheckHealth,
  'cluster.x-k8s.io/MachinePool': machinePoolHealth,
};
