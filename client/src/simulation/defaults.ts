import { groupOf, isObject, kindOf, type JsonObject, type KubeObject } from '#core/object';

const WORKLOAD = { replicas: 1, revisionHistoryLimit: 10 };

/** What the API server writes into a spec that leaves it out, of the kinds whose health or controller reads it. */
const DEFAULTS: Readonly<Record<string, JsonObject>> = {
  'apps/Deployment': { ...WORKLOAD, progressDeadlineSeconds: 600 },
  'apps/ReplicaSet': { replicas: 1 },
  'apps/StatefulSet': {
    ...WORKLOAD,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  },
  'apps/DaemonSet': {
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  },
  '/ReplicationController': { replicas: 1 },
  'batch/Job': { backoffLimit: 6, suspend: false },
  '/Pod': { restartPolicy: 'Always', serviceAccountName: 'default' },
  '/Service': { type: 'ClusterIP' },
  '/PersistentVolumeClaim': { volumeMode: 'Filesystem' },
};

/** The object with the defaults of its kind, as it is stored. */
export function withDefaults(object: KubeObject): KubeObject {
  const defaults = DEFAULTS[`${groupOf(object)}/${kindOf(object)}`];
  const spec = object['spec'];
  if (!defaults || !isObject(spec)) return object;
  const missing = Object.entries(defaults).filter(([key]) => !Object.hasOwn(spec, key));
  return missing.length === 0 ? object : { ...object, spec: { ...spec, ...Object.fromEntries(missing) } };
}
