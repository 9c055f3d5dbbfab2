import { TRACKING_ID } from '#core/annotations/keys';
import { annotationOf, isObject, type JsonObject } from '#core/object';
import type { Inventory } from '../sync/cluster.ts';
import { at, objectsOf, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import { trackingOf } from '../sync/tracking.ts';
import { ApiError } from '../sync/api-error.ts';
import type { Mapping } from '../sync/kubectl/requests.ts';
import { pathOf } from './discovery.ts';
import type { ApiClient } from './request.ts';
import { inParallel } from '../sync/in-parallel.ts';

/** Everything in two answers. Servers before Kubernetes 1.27 answer with the plain list of groups. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const PAGE = 500;
const AT_ONCE = 8;

/** Source: util/settings/resources_filter.go `coreExcludedResources`; Argo CD's own configuration leaves out Endpoints. */
const LEFT_OUT_GROUPS: ReadonlySet<string> = new Set(['events.k8s.io', 'metrics.k8s.io']);
const LEFT_OUT: ReadonlySet<string> = new Set([
  '/Event',
  '/Node',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  'coordination.k8s.io/Lease',
]);

/** Every kind that can be listed and deleted, each in the version that the server prefers. */
export async function listableKinds(client: ApiClient, signal: Signal): Promise<Mapping[]> {
  const [core, groups] = await Promise.all([
    client.request({ method: 'GET', path: '/api', accept: AGGREGATED }, signal),
    client.request({ method: 'GET', path: '/apis', accept: AGGREGATED }, signal),
  ]);
  const all =
    textOf(groups['kind']) === 'APIGroupDiscoveryList'
      ? [...aggregated(core), ...aggregated(groups)]
      : await oneByOne(client, groups, signal);
  return all.filter(({ group, kind }) => !LEFT_OUT_GROUPS.has(group) && !LEFT_OUT.has(`${group}/${kind}`));
}

const isUsable = (verbs: unknown): boolean =>
  Array.isArray(verbs) && verbs.includes('list') && verbs.includes('delete') && verbs.includes('watch');

/** Versions stand in the order of preference: of a resource the first counts. */
function aggregated(list: JsonObject): Mapping[] {
  return objectsOf(list['items']).flatMap((item) => {
    const group = textOf(at(item, 'metadata', 'name'));
    const found = new Map<string, Mapping>();
    for (const served of objectsOf(item['versions'])) {
      const version = textOf(served['version']);
      for (const resource of objectsOf(served['resources'])) {
        const plural = textOf(resource['resource']);
        if (found.has(plural) || !isUsable(resource['verbs'])) continue;
        const kind = textOf(at(resource, 'responseKind', 'kind'));
        found.set(plural, { group, version, kind, plural, namespaced: resource['scope'] === 'Namespaced' });
      }
    }
    return [...found.values()];
  });
}

async function oneByOne(client: ApiClient, groups: JsonObject, signal: Signal): Promise<Mapping[]> {
  const preferred = objectsOf(groups['groups']).map((item) => ({
    group: textOf(item['name']),
    version: textOf(at(item, 'preferredVersion', 'version')),
  }));
  const lists = await inParallel([{ group: '', version: 'v1' }, ...preferred], AT_ONCE, async ({ group, version }) => {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    try {
      const list = await client.request({ method: 'GET', path, impatient: true }, signal);
      return objectsOf(list['resources']).flatMap((resource): Mapping[] => {
        const plural = textOf(resource['name']);
        if (plural.includes('/') || !isUsable(resource['verbs'])) return [];
        return [
          { group, version, kind: textOf(resource['kind']), plural, namespaced: resource['namespaced'] === true },
        ];
      });
    } catch (error) {
      // An extension's own API server may be away.
      if (error instanceof ApiError) return [];
      throw error;
    }
  });
  return lists.flat();
}

/**
 * Looks for the objects of an application by their tracking annotation, which no server can select by: lists the metadata
 * of every kind, in these namespaces and outside of any.
 */
export async function inventoryOf(
  client: ApiClient,
  application: string,
  namespaces: readonly string[],
  signal: Signal,
): Promise<Inventory> {
  const places = (await listableKinds(client, signal)).flatMap((mapping) =>
    (mapping.namespaced ? namespaces : ['']).map((namespace) => ({ mapping, namespace })),
  );
  const looks = await inParallel(places, AT_ONCE, async ({ mapping, namespace }) => {
    const found = await holdsTracked(client, mapping, { application, namespace }, signal);
    return { mapping, namespace, found };
  });
  const kinds = new Map<string, Mapping>();
  for (const { mapping, found } of looks)
    if (found === 'yes') kinds.set(`${mapping.group}/${mapping.version}/${mapping.kind}`, mapping);
  return {
    kinds: [...kinds.values()].map(({ group, version, kind }) => ({ group, version, kind })),
    unseen: looks
      .filter(({ found }) => found === 'unknown')
      .map(({ mapping: { plural, group }, namespace }) => ({
        resource: group === '' ? plural : `${plural}.${group}`,
        namespace,
      })),
  };
}

async function holdsTracked(
  client: ApiClient,
  mapping: Mapping,
  { application, namespace }: { application: string; namespace: string },
  signal: Signal,
): Promise<'yes' | 'no' | 'unknown'> {
  let next = '';
  try {
    do {
      const query = { limit: PAGE, continue: next };
      const page = await client.request(
        { method: 'GET', path: pathOf(mapping, namespace), query, accept: METADATA, impatient: true },
        signal,
      );
      if (objectsOf(page['items']).some((item) => isTracked(item, application))) return 'yes';
      next = textOf(at(page, 'metadata', 'continue'));
    } while (next !== '');
    return 'no';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // A kind that went meanwhile, or whose own API server does not know lists, holds nothing of ours.
    return error.code === 404 || error.code === 405 ? 'no' : 'unknown';
  }
}

/** An item of a list says no kind; the annotation does. */
function isTracked(item: JsonObject, application: string): boolean {
  if (!isObject(item['metadata']) || annotationOf(item, TRACKING_ID) === undefined) return false;
  return trackingOf(item)?.application === application;
}
