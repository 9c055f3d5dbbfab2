import { at, textAt } from '#core/fields';
import { isObject, type JsonObject, type KubeObject } from '#core/object';

const text: JsonObject = { type: 'string' };
const flag: JsonObject = { type: 'boolean' };
const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
const open: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const record = (properties: JsonObject, ...required: string[]): JsonObject => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const strategy = record({ force: flag });

/** Source: manifests/crds/application-crd.yaml, `operation`, without the fields of sources. */
const OPERATION = record({
  info: list(record({ name: text, value: text }, 'name', 'value')),
  initiatedBy: record({ automated: flag, username: text }),
  retry: record({
    backoff: record({ duration: text, factor: { type: 'integer' }, maxDuration: text }),
    limit: { type: 'integer' },
    refresh: flag,
  }),
  sync: record({
    dryRun: flag,
    prune: flag,
    resources: list(record({ group: text, kind: text, name: text, namespace: text }, 'kind', 'name')),
    revision: text,
    revisions: list(text),
    source: open,
    sources: list(open),
    syncOptions: list(text),
    syncStrategy: record({ apply: strategy, hook: strategy }),
  }),
});

/**
 * The definition of Argo CD's Application in a reduced form: everything about operations is as Argo CD has it, so that
 * the API server drops or refuses what Argo CD's would. It has no status subresource.
 */
export const APPLICATION_DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'applications.argoproj.io' },
  spec: {
    group: 'argoproj.io',
    names: { kind: 'Application', listKind: 'ApplicationList', plural: 'applications', singular: 'application' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: record(
            {
              ...{ apiVersion: text, kind: text, metadata: { type: 'object' }, spec: open, operation: OPERATION },
              status: {
                ...open,
                properties: {
                  operationState: {
                    ...record({ operation: OPERATION, phase: text }, 'operation', 'phase', 'startedAt'),
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                },
              },
            },
            'metadata',
            'spec',
          ),
        },
      },
    ],
  },
};

/** An Application that deploys to a namespace of its own cluster. */
export const argoApplication = (
  name: string,
  {
    namespace = 'argocd',
    destination = name,
    policy = {},
  }: { namespace?: string; destination?: string; policy?: JsonObject } = {},
): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace },
  spec: {
    project: 'default',
    source: { repoURL: 'https://example.com/shop.git', path: 'apps/shop', targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: destination },
    syncPolicy: policy,
  },
});

/** One state that the controller reports. */
export interface Reported {
  readonly phase: 'Running' | 'Succeeded' | 'Failed';
  readonly message?: string;
  readonly resources?: readonly JsonObject[];
  /** What it syncs. */
  readonly revision?: string;
}

/**
 * What Argo CD's controller would make of an Application next, going through the states of a script; undefined where
 * there is nothing to do. It initializes the state, reports, and takes the operation away when it has ended.
 * Source: controller/appcontroller.go `processRequestedAppOperation`, `setOperationState`.
 */
export function reconciled(object: KubeObject, script: readonly Reported[], now: string): KubeObject | undefined {
  const { operation } = object;
  if (!isObject(operation)) return undefined;
  const status = isObject(object['status']) ? object['status'] : {};
  const before = at(status, 'operationState');
  const state = isObject(before) && ['Running', 'Terminating'].includes(textAt(before, 'phase')) ? before : undefined;
  const set = (next: JsonObject): KubeObject => ({
    ...object,
    status: { ...status, operationState: { ...(state ?? { operation, startedAt: now }), ...next } },
  });
  const without = ({ operation: _ended, ...rest }: KubeObject): KubeObject => rest;
  if (state?.['phase'] === 'Terminating')
    return without(set({ phase: 'Failed', message: 'Operation terminated', finishedAt: now }));
  const step = state === undefined ? 0 : Number(state['step'] ?? 0) + 1;
  const report = script[step];
  if (!report) return undefined;
  const { phase, message = '', resources = [], revision = '' } = report;
  const next = { phase, message, step, syncResult: { revision, resources: [...resources] } };
  return phase === 'Running' ? set(next) : without(set({ ...next, finishedAt: now }));
}
