import { gvkOf, type KubeObject } from '../object.ts';
import { apiServiceHealth } from './checks/api-service.ts';
import { daemonSetHealth } from './checks/daemon-set.ts';
import { deploymentHealth } from './checks/deployment.ts';
import { autoscalerHealth } from './checks/horizontal-pod-autoscaler.ts';
import { ingressHealth } from './checks/ingress.ts';
import { jobHealth } from './checks/job.ts';
import { persistentVolumeClaimHealth } from './checks/persistent-volume-claim.ts';
import { podHealth } from './checks/pod.ts';
import { replicaSetHealth } from './checks/replica-set.ts';
import { serviceHealth } from './checks/service.ts';
import { statefulSetHealth } from './checks/stateful-set.ts';
import { workflowHealth } from './checks/workflow.ts';
import type { HealthResult } from './model.ts';

interface Check {
  /** Versions that the check knows; absent: all. */
  readonly versions?: readonly string[];
  /** What the check calls the kind when it does not know the version. */
  readonly label: string;
  readonly health: (object: KubeObject) => HealthResult;
}

const V1 = ['v1'];

/** By `group/Kind`. Source: gitops-engine/pkg/health/health.go `GetHealthCheckFunc`. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['apps/Deployment', { versions: V1, label: 'Deployment', health: deploymentHealth }],
  ['apps/StatefulSet', { versions: V1, label: 'StatefulSet', health: statefulSetHealth }],
  ['apps/ReplicaSet', { versions: V1, label: 'ReplicaSet', health: replicaSetHealth }],
  ['apps/DaemonSet', { versions: V1, label: 'DaemonSet', health: daemonSetHealth }],
  ['/Pod', { versions: V1, label: 'Pod', health: podHealth }],
  ['/Service', { versions: V1, label: 'Service', health: serviceHealth }],
  ['/PersistentVolumeClaim', { versions: V1, label: 'PVC', health: persistentVolumeClaimHealth }],
  ['batch/Job', { versions: V1, label: 'Job', health: jobHealth }],
  ['networking.k8s.io/Ingress', { label: 'Ingress', health: ingressHealth }],
  ['extensions/Ingress', { label: 'Ingress', health: ingressHealth }],
  [
    'autoscaling/HorizontalPodAutoscaler',
    { versions: ['v1', 'v2', 'v2beta1', 'v2beta2'], label: 'HPA', health: autoscalerHealth },
  ],
  ['apiregistration.k8s.io/APIService', { versions: ['v1', 'v1beta1'], label: 'APIService', health: apiServiceHealth }],
  ['argoproj.io/Workflow', { label: 'Workflow', health: workflowHealth }],
]);

/** What Argo CD's check in Go says of an object; null where its kind has none, an error for a version that it does not know. */
export function goHealth(object: KubeObject): HealthResult {
  const { group, version, kind } = gvkOf(object);
  const check = CHECKS.get(`${group}/${kind}`);
  if (!check) return null;
  if (check.versions && !check.versions.includes(version)) {
    const apiVersion = group === '' ? `/${version}` : `${group}/${version}`;
    return { error: `unsupported ${check.label} GVK: ${apiVersion}, Kind=${kind}` };
  }
  return check.health(object);
}
