import { podReferences } from '#core/plan/references';
import { kindOf, nameOf, namespaceOf, uidOf, type JsonObject, type KubeObject } from '#core/object';
import { ApiError } from '../sync/api-error.ts';
import { at, objectsOf, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import type { Circumstances } from '../sync/reasons.ts';
import { isOwnedBy, podsOf } from './pods.ts';
import type { ApiClient, Query } from './request.ts';

/** Reasons of events about claims that tell why one is not bound, and are no warnings. */
const OF_CLAIMS = /^(?:WaitFor|ExternalProvisioning|Provisioning)/;
/** More items of one list are not read. */
const LIMIT = 500;

/**
 * What stands around an object: its pods, the claims that they use, its replica sets, and the events that warn of any of
 * these. Reads only; what may not be read is left out.
 */
export async function circumstancesOf(client: ApiClient, object: KubeObject, signal: Signal): Promise<Circumstances> {
  const namespace = namespaceOf(object);
  const bare = { object, pods: [], claims: [], makers: [], events: [] };
  if (namespace === '') return bare;
  const root = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const search = podsOf(object);
  const found = search ? await list(client, `${root}/pods`, search.query, signal) : [];
  const pods = search ? found.filter((pod) => search.owns(pod)) : [];
  const apps = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}`;
  const makers =
    kindOf(object) === 'Deployment'
      ? (await list(client, `${apps}/replicasets`, {}, signal)).filter((set) => isOwnedBy(set, object))
      : [];
  const used = new Set(
    pods
      .filter((pod) => textOf(at(pod, 'status', 'phase')) === 'Pending')
      .flatMap((pod) => podReferences({ ...pod, kind: 'Pod' }))
      .filter(({ kind }) => kind === 'PersistentVolumeClaim')
      .map(({ name }) => name),
  );
  const claims =
    used.size > 0
      ? (await list(client, `${root}/persistentvolumeclaims`, {}, signal)).filter((claim) => used.has(nameOf(claim)))
      : [];
  const uids = new Set([object, ...pods, ...makers, ...claims].map(uidOf).filter((uid) => uid !== ''));
  const events = (await list(client, `${root}/events`, {}, signal))
    .filter((event) => uids.has(textOf(at(event, 'involvedObject', 'uid'))))
    .filter((event) => event['type'] === 'Warning' || OF_CLAIMS.test(textOf(event['reason'])))
    .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  return { object, pods, claims, makers, events };
}

/** The items of a list leave out their kind; nothing where it may not be read. */
async function list(client: ApiClient, path: string, query: Query, signal: Signal): Promise<readonly JsonObject[]> {
  try {
    return objectsOf(
      (await client.request({ method: 'GET', path, query: { ...query, limit: LIMIT } }, signal))['items'],
    );
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

const timeOf = (event: JsonObject): string =>
  textOf(event['lastTimestamp']) || textOf(event['eventTime']) || textOf(at(event, 'metadata', 'creationTimestamp'));
