import type { Icon } from './run-marks.ts';

const ICONS: Readonly<Record<string, string>> = {
  'batch/Job': 'gear',
  'batch/CronJob': 'clock',
  '/Pod': 'package',
  'apps/Deployment': 'server-process',
  'apps/StatefulSet': 'server-process',
  'apps/DaemonSet': 'server-process',
  'apps/ReplicaSet': 'server-process',
  '/Service': 'plug',
  'networking.k8s.io/Ingress': 'globe',
  'networking.k8s.io/NetworkPolicy': 'shield',
  '/ConfigMap': 'settings',
  '/Secret': 'key',
  '/Namespace': 'symbol-namespace',
  '/ServiceAccount': 'account',
  '/PersistentVolumeClaim': 'database',
  '/PersistentVolume': 'database',
  'apiextensions.k8s.io/CustomResourceDefinition': 'symbol-class',
  'argoproj.io/Application': 'layers',
  'argoproj.io/Workflow': 'gear',
};

/** The symbol of a kind; one symbol for all permissions, one for all that is not named here. */
export function kindIcon(group: string, kind: string): Icon {
  if (group === 'rbac.authorization.k8s.io') return { id: 'shield' };
  return { id: ICONS[`${group}/${kind}`] ?? 'symbol-misc' };
}
