import { kindOf, nameOf, namespaceOf, uidOf, type JsonObject, type KubeObject } from '#core/object';
import { at, numberOf, objectsOf, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import { ApiError } from '../sync/api-error.ts';
import { containerStatuses, isOwnedBy, podsOf } from './pods.ts';
import type { ApiClient, Query } from './request.ts';

/** More would not be read. */
const MOST = 8;
/** Between a container's start and its readiness these are no reasons. */
const USUAL = new Set(['ContainerCreating', 'PodInitializing']);

/**
 * Why an object is not healthy or complete yet: what its pods and their containers say, then the warnings about it, its
 * pods and its replica sets, the latest first. Empty where nothing is known, or may not be read.
 */
export async function whyNot(client: ApiClient, object: KubeObject, signal: Signal): Promise<string[]> {
  const namespace = namespaceOf(object);
  if (namespace === '') return [];
  const root = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const search = podsOf(object);
  const pods = search
    ? (await list(client, `${root}/pods`, search.query, signal)).filter((pod) => search.owns(pod))
    : [];
  const sets =
    kindOf(object) === 'Deployment'
      ? await list(client, `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/replicasets`, {}, signal)
      : [];
  const family = [object, ...pods, ...sets.filter((set) => isOwnedBy(set, object))];
  const uids = new Set(family.map(uidOf).filter((uid) => uid !== ''));
  // A claim that waits for its first consumer is told of by an event that is no warning.
  const query: Query = kindOf(object) === 'PersistentVolumeClaim' ? {} : { fieldSelector: 'type=Warning' };
  const events = (await list(client, `${root}/events`, query, signal))
    .filter((event) => uids.has(textOf(at(event, 'involvedObject', 'uid'))))
    .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  return [...new Set([...pods.flatMap(reasonsOf), ...events.map(eventText)])].slice(0, MOST);
}

async function list(client: ApiClient, path: string, query: Query, signal: Signal): Promise<readonly JsonObject[]> {
  try {
    return objectsOf((await client.request({ method: 'GET', path, query: { ...query, limit: 500 } }, signal))['items']);
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

const timeOf = (event: JsonObject): string =>
  textOf(event['lastTimestamp']) || textOf(event['eventTime']) || textOf(at(event, 'metadata', 'creationTimestamp'));

function eventText(event: JsonObject): string {
  const kind = textOf(at(event, 'involvedObject', 'kind'));
  const name = textOf(at(event, 'involvedObject', 'name'));
  return `${kind} ${name}: ${textOf(event['reason'])}: ${textOf(event['message']).replace(/\s+/g, ' ').trim()}`;
}

function reasonsOf(pod: KubeObject): string[] {
  const name = `Pod ${nameOf(pod)}`;
  const unscheduled = objectsOf(at(pod, 'status', 'conditions')).find(
    (condition) => condition['type'] === 'PodScheduled' && condition['status'] === 'False',
  );
  const found = unscheduled ? [`${name}: not scheduled: ${textOf(unscheduled['message'])}`] : [];
  for (const status of containerStatuses(pod)) {
    const container = `${name}: container ${textOf(status['name'])}`;
    const reason = textOf(at(status, 'state', 'waiting', 'reason'));
    if (reason !== '' && !USUAL.has(reason)) {
      const message = textOf(at(status, 'state', 'waiting', 'message'));
      found.push(`${container} waits: ${reason}${message === '' ? '' : `: ${message}`}`);
    }
    const ended = at(status, 'state', 'terminated') ?? at(status, 'lastState', 'terminated');
    const code = numberOf(at(ended, 'exitCode'), 0);
    if (code !== 0) found.push(`${container} ended with exit code ${code} (${textOf(at(ended, 'reason'))})`);
  }
  return found;
}
