import { groupOf, keyOf, kindOf, nameOf, type KubeObject } from '../object.ts';
import { alone, type Exchange, type Steps } from './exchange.ts';
import type { ManagedNamespaceMetadata, Response, SyncOptions } from './model.ts';
import { failureOf } from './requests.ts';
import type { PassState } from './state.ts';

export interface CreatedNamespace {
  readonly target: KubeObject;
  readonly live: KubeObject | undefined;
}

/** Is this the Namespace of that name? */
export const isNamespace = (object: KubeObject | undefined, name: string): boolean =>
  object !== undefined && kindOf(object) === 'Namespace' && groupOf(object) === '' && nameOf(object) === name;

/**
 * The destination namespace where this sync has to write it (CreateNamespace): it is missing, or its metadata are
 * managed. A failure to find out is a result of its own, with which the operation fails.
 * Source: sync_context.go `autoCreateNamespace`; controller/sync_namespace.go `syncNamespace`.
 */
export function* createdNamespace(state: PassState): Steps<CreatedNamespace | undefined> {
  const { options, reconciliation } = state;
  const name = state.input.namespace;
  if (!options.createNamespace || name === '') return undefined;
  if (reconciliation.pairs.some(({ target }) => isNamespace(target, name))) return undefined;
  const response = yield* alone(state, getNamespace(name));
  const failure = failureOf(response);
  if (!failure) {
    return options.managedNamespaceMetadata ? { target: asManaged(name, options), live: response.object } : undefined;
  }
  if (failure.notFound) return { target: asManaged(name, options), live: undefined };
  const target = plain(name);
  const message = `namespace auto creation failed: ${failure.error}`;
  state.results.put(target, 'PreSync', { status: 'SyncFailed', state: 'Error', message });
  return { target, live: undefined };
}

const plain = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
  spec: {},
  status: {},
});

function* getNamespace(name: string): Exchange<Response> {
  return yield {
    verb: 'get-namespace',
    key: keyOf({ group: '', kind: 'Namespace', namespace: '', name }),
    object: plain(name),
  };
}

function asManaged(name: string, { managedNamespaceMetadata }: SyncOptions): KubeObject {
  return namespaceTarget(name, managedNamespaceMetadata);
}

/** The namespace that a sync writes. Managed metadata are applied on the server, so that those of others stay. */
export function namespaceTarget(name: string, managed: ManagedNamespaceMetadata | undefined): KubeObject {
  if (!managed) return plain(name);
  const annotations = { ...managed.annotations, 'argocd.argoproj.io/sync-options': 'ServerSideApply=true' };
  const labels = managed.labels && Object.keys(managed.labels).length > 0 ? { labels: { ...managed.labels } } : {};
  return { ...plain(name), metadata: { name, ...labels, annotations } };
}
