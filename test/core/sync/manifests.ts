import type { JsonObject, KubeObject } from '#core/object';

/** A short form for manifests in tests: `manifest('Job pre', hook('PreSync'), wave(3))`. */
type Part = (object: KubeObject, annotations: JsonObject) => void;

const GROUPS: Readonly<Record<string, string>> = {
  Job: 'batch/v1',
  Deployment: 'apps/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Foo: 'example.com/v1',
};

export const NAMESPACE = 'dest';
const CLUSTER_SCOPED = ['Namespace', 'ClusterRole', 'CustomResourceDefinition'];

/** `Kind name`, in the destination namespace unless the kind is cluster-scoped. */
export function manifest(label: string, ...parts: readonly Part[]): KubeObject {
  const [kind = '', name = ''] = label.split(' ');
  const annotations: JsonObject = {};
  const metadata: JsonObject = { name };
  if (!CLUSTER_SCOPED.includes(kind)) metadata['namespace'] = NAMESPACE;
  const object: KubeObject = { apiVersion: GROUPS[kind] ?? 'v1', kind, metadata };
  for (const part of parts) part(object, annotations);
  if (Object.keys(annotations).length > 0) metadata['annotations'] = annotations;
  return object;
}

const annotate =
  (key: string) =>
  (value: string): Part =>
  (_object, annotations) => {
    annotations[key] = value;
  };

export const hook = annotate('argocd.argoproj.io/hook');
export const policy = annotate('argocd.argoproj.io/hook-delete-policy');
export const option = annotate('argocd.argoproj.io/sync-options');
export const helmHook = annotate('helm.sh/hook');
export const helmWeight = annotate('helm.sh/hook-weight');
const rawWave = annotate('argocd.argoproj.io/sync-wave');
export const wave = (value: number | string): Part => rawWave(String(value));

export const inNamespace =
  (namespace: string): Part =>
  (object) => {
    (object['metadata'] as JsonObject)['namespace'] = namespace;
  };

/** The name goes, a prefix for a generated one comes. */
export const generated =
  (prefix: string): Part =>
  (object) => {
    const metadata = object['metadata'] as JsonObject;
    delete metadata['name'];
    if (prefix !== '') metadata['generateName'] = prefix;
  };

export const finalizers =
  (...list: readonly string[]): Part =>
  (object) => {
    (object['metadata'] as JsonObject)['finalizers'] = [...list];
  };

export const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer';

export const defines =
  (group: string, kind: string): Part =>
  (object) => {
    object['spec'] = { group, names: { kind } };
  };
