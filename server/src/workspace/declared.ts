import { at, flagAt, listAt, maybeNumberAt, objectAt, textAt, textMapAt, textsAt } from '../core/fields.ts';
import { ignoreRulesOf } from '../core/ignore/rules.ts';
import { isObject, type JsonObject, type KubeObject } from '../core/object.ts';
import type { ApplicationPolicy, HelmParameters, KustomizeParameters, RetryPolicy } from './model.ts';

/** `spec.source.helm` with the names of files as they are written. */
export interface DeclaredHelm extends Omit<HelmParameters, 'valueFiles' | 'fileParameters'> {
  readonly valueFiles: readonly string[];
  readonly fileParameters: readonly { readonly name: string; readonly path: string }[];
}

/** One source of an Argo CD Application, as declared. */
export interface DeclaredSource {
  /** Path within the repository; undefined for a chart of a registry or a source that only others refer to. */
  readonly path?: string;
  readonly chart?: string;
  readonly ref?: string;
  readonly repoURL: string;
  readonly targetRevision: string;
  /** The tool that the Application names itself; otherwise the folder's files decide. */
  readonly tool?: 'directory' | 'kustomize' | 'helm' | 'plugin';
  readonly recurse: boolean;
  readonly include: string;
  readonly exclude: string;
  readonly helm?: DeclaredHelm;
  readonly kustomize?: KustomizeParameters;
}

/** An Argo CD Application, as far as it says which files form an application and how they are synced. */
export interface DeclaredApplication {
  readonly name: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Destination namespace. */
  readonly namespace: string;
  readonly sources: readonly DeclaredSource[];
  readonly syncOptions: readonly string[];
  readonly automated: boolean;
  readonly policy: ApplicationPolicy;
}

/** What an Application's object declares. */
export function declaredApplication(object: KubeObject): Omit<DeclaredApplication, 'file' | 'line'> {
  const spec = objectAt(object, 'spec');
  const several = listAt(spec, 'sources');
  const single = spec['source'];
  const sources = several.length > 0 ? several : isObject(single) ? [single] : [];
  const automated = at(spec, 'syncPolicy', 'automated');
  return {
    name: textAt(object, 'metadata', 'name'),
    namespace: textAt(spec, 'destination', 'namespace'),
    sources: sources.map(declaredSource),
    syncOptions: textsAt(spec, 'syncPolicy', 'syncOptions'),
    automated: isObject(automated) && automated['enabled'] !== false,
    policy: policyOf(object),
  };
}

/** Source: pkg/apis/application/v1alpha1/types.go `SyncPolicy`, `ManagedNamespaceMetadata`, `RetryStrategy`. */
function policyOf(object: KubeObject): ApplicationPolicy {
  const policy = objectAt(object, 'spec', 'syncPolicy');
  const { automated, retry, managedNamespaceMetadata: managed } = policy;
  return {
    namespace: textAt(object, 'metadata', 'namespace'),
    finalizers: textsAt(object, 'metadata', 'finalizers'),
    project: textAt(object, 'spec', 'project'),
    ignoreDifferences: ignoreRulesOf(object['spec']),
    ...(isObject(automated) && automated['enabled'] !== false
      ? {
          automated: {
            prune: flagAt(automated, 'prune'),
            selfHeal: flagAt(automated, 'selfHeal'),
            allowEmpty: flagAt(automated, 'allowEmpty'),
          },
        }
      : {}),
    ...(isObject(retry) ? { retry: retryOf(retry) } : {}),
    ...(isObject(managed)
      ? {
          managedNamespaceMetadata: {
            labels: textMapAt(managed, 'labels'),
            annotations: textMapAt(managed, 'annotations'),
          },
        }
      : {}),
  };
}

const retryOf = (retry: JsonObject): RetryPolicy => ({
  limit: maybeNumberAt(retry, 'limit') ?? 0,
  duration: textAt(retry, 'backoff', 'duration'),
  factor: maybeNumberAt(retry, 'backoff', 'factor'),
  maxDuration: textAt(retry, 'backoff', 'maxDuration'),
});

/** Source: types.go `ApplicationSource`, `ApplicationSource.ExplicitType`. */
function declaredSource(source: JsonObject): DeclaredSource {
  const tools = (['directory', 'kustomize', 'helm', 'plugin'] as const).filter(
    (tool) => Object.keys(objectAt(source, tool)).length > 0,
  );
  const { path, chart, ref, helm, kustomize } = source;
  return {
    ...(typeof path === 'string' && chart === undefined ? { path } : {}),
    ...(typeof chart === 'string' ? { chart } : {}),
    ...(typeof ref === 'string' && ref !== '' ? { ref } : {}),
    ...(tools[0] ? { tool: tools[0] } : {}),
    repoURL: textAt(source, 'repoURL'),
    targetRevision: textAt(source, 'targetRevision'),
    recurse: flagAt(source, 'directory', 'recurse'),
    include: textAt(source, 'directory', 'include'),
    exclude: textAt(source, 'directory', 'exclude'),
    ...(isObject(helm) ? { helm: helmOf(helm) } : {}),
    ...(isObject(kustomize) ? { kustomize: kustomizeOf(kustomize) } : {}),
  };
}

/** Source: types.go `ApplicationSourceHelm`. */
const helmOf = (helm: JsonObject): DeclaredHelm => ({
  valueFiles: textsAt(helm, 'valueFiles'),
  ignoreMissingValueFiles: flagAt(helm, 'ignoreMissingValueFiles'),
  ...(typeof helm['values'] === 'string' ? { values: helm['values'] } : {}),
  ...(isObject(helm['valuesObject']) ? { valuesObject: helm['valuesObject'] } : {}),
  parameters: listAt(helm, 'parameters').map((parameter) => ({
    name: textAt(parameter, 'name'),
    value: textAt(parameter, 'value'),
    forceString: flagAt(parameter, 'forceString'),
  })),
  fileParameters: listAt(helm, 'fileParameters').map((parameter) => ({
    name: textAt(parameter, 'name'),
    path: textAt(parameter, 'path'),
  })),
  releaseName: textAt(helm, 'releaseName'),
  namespace: textAt(helm, 'namespace'),
  skipCrds: flagAt(helm, 'skipCrds'),
  skipTests: flagAt(helm, 'skipTests'),
  skipSchemaValidation: flagAt(helm, 'skipSchemaValidation'),
  kubeVersion: textAt(helm, 'kubeVersion'),
  apiVersions: textsAt(helm, 'apiVersions'),
});

/** Source: types.go `ApplicationSourceKustomize`. */
const kustomizeOf = (kustomize: JsonObject): KustomizeParameters => ({
  namePrefix: textAt(kustomize, 'namePrefix'),
  nameSuffix: textAt(kustomize, 'nameSuffix'),
  namespace: textAt(kustomize, 'namespace'),
  images: textsAt(kustomize, 'images'),
  replicas: listAt(kustomize, 'replicas').map((replica) => ({
    name: textAt(replica, 'name'),
    count: maybeNumberAt(replica, 'count') ?? textAt(replica, 'count'),
  })),
  commonLabels: textMapAt(kustomize, 'commonLabels'),
  commonAnnotations: textMapAt(kustomize, 'commonAnnotations'),
  forceCommonLabels: flagAt(kustomize, 'forceCommonLabels'),
  forceCommonAnnotations: flagAt(kustomize, 'forceCommonAnnotations'),
  commonAnnotationsEnvsubst: flagAt(kustomize, 'commonAnnotationsEnvsubst'),
  labelWithoutSelector: flagAt(kustomize, 'labelWithoutSelector'),
  labelIncludeTemplates: flagAt(kustomize, 'labelIncludeTemplates'),
  patches: listAt(kustomize, 'patches'),
  components: textsAt(kustomize, 'components'),
  ignoreMissingComponents: flagAt(kustomize, 'ignoreMissingComponents'),
  kubeVersion: textAt(kustomize, 'kubeVersion'),
  apiVersions: textsAt(kustomize, 'apiVersions'),
});

/** An Argo CD ApplicationSet manifest. */
export interface DeclaredSet {
  readonly name: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly spec: JsonObject;
}
