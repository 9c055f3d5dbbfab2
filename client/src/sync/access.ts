import { isReconciled } from '#core/apply/rbac';
import { deletePolicies, isHook } from '#core/annotations/classify';
import { gvkOf, kindOf, nameOf, namespaceOf, type KubeObject } from '#core/object';
import type { Action, Discovered, TaskView } from '#core/sync/model';
import type { AccessRequest, Kind } from './cluster.ts';
import type { PreflightRow } from './events.ts';

type Verb = AccessRequest['verb'];

/** What has to be looked at for a sync. */
export interface Looks {
  readonly targets: readonly KubeObject[];
  /** Destination namespace. */
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly discovered: (kind: Kind) => Discovered;
}

/** What a user must be allowed to look at before anything is known: each kind, in each place where it has objects. */
export function looksNeeded({ targets, namespace, createNamespace, discovered }: Looks): AccessRequest[] {
  const needed = new Needed(discovered);
  for (const target of targets) needed.add(gvkOf(target), namespaceOf(target) || namespace, ['get', 'list', 'watch']);
  if (createNamespace) needed.add({ group: '', version: 'v1', kind: 'Namespace' }, '', ['get']);
  return needed.requests;
}

/** Logs of hooks are no condition of a sync: who may not read them is told. */
export function logsNeeded({ targets, namespace }: Pick<Looks, 'targets' | 'namespace'>): AccessRequest[] {
  const places = new Set(
    targets
      .filter((target) => isHook(target) && ['Job', 'Pod'].includes(kindOf(target)))
      .map((target) => namespaceOf(target) || namespace),
  );
  const pods = { group: '', resource: 'pods' };
  return [...places].flatMap((place): AccessRequest[] => [
    { verb: 'list', ...pods, namespace: place },
    { verb: 'get', ...pods, subresource: 'log', namespace: place },
  ]);
}

/** One task as the dry run has shown it. */
export interface Rehearsed {
  readonly view: Pick<TaskView, 'group' | 'version' | 'kind' | 'target'>;
  /** Namespace and name as they stand in the cluster. */
  readonly place: string;
  readonly name: string;
  readonly change: PreflightRow['change'];
  readonly live: boolean;
  /** The request that would write it; absent where it is pruned, or nothing could be tried. */
  readonly action?: Action | undefined;
  /** The server refuses the change, and Force deletes and creates instead. */
  readonly forced: boolean;
  /** A binding binds another role now: it is deleted and created anew. */
  readonly rebound: boolean;
}

/** What a user must be allowed to write: what the run would really send, as the dry run has shown it. */
export function writesNeeded(tasks: readonly Rehearsed[], discovered: Looks['discovered']): AccessRequest[] {
  const needed = new Needed(discovered);
  for (const task of tasks) needed.add(task.view, task.place, verbsOf(task), task.name);
  return needed.requests;
}

function verbsOf(task: Rehearsed): Verb[] {
  const { view, change, live, action } = task;
  if (!view.target) return change === 'prune' ? ['delete'] : [];
  if (action === undefined) return live ? ['patch'] : ['create'];
  const target = action.object;
  const hook = isHook(target);
  const forced = task.forced || task.rebound;
  const anew = !live || change === 'recreate' || forced;
  return [
    ...(change === 'recreate' || forced ? (['delete'] as const) : []),
    ...(anew ? (['create'] as const) : []),
    ...changes(task, action, anew),
    // Its finalizer is taken off when it has ended.
    ...(hook ? (['update'] as const) : []),
    ...(hook && deletePolicies(target).length > 0 ? (['delete'] as const) : []),
  ];
}

/** The verbs that change what is there. A server-side apply of what is not there is authorized as both. */
function changes({ change }: Rehearsed, action: Action, anew: boolean): Verb[] {
  switch (action.verb) {
    case 'apply': {
      if (action.serverSide === true) return ['patch'];
      if (anew || change === 'unchanged') return [];
      // Roles and bindings are reconciled before they are applied.
      return isReconciled(action.object) ? ['update', 'patch'] : ['patch'];
    }
    case 'replace':
      return action.force === true ? ['delete', 'create'] : ['update'];
    case 'update':
      return ['update'];
    default:
      return [];
  }
}

/** Access requests, each once. */
class Needed {
  readonly #requests = new Map<string, AccessRequest>();
  readonly #discovered: Looks['discovered'];

  constructor(discovered: Looks['discovered']) {
    this.#discovered = discovered;
  }

  add(kind: Kind, place: string, verbs: readonly Verb[], name?: string): void {
    const found = this.#discovered(kind);
    if ('error' in found) return;
    const namespace = found.namespaced ? place : '';
    for (const verb of verbs) {
      // What is created, listed or watched is never granted by name.
      const named = name !== undefined && name !== '' && verb !== 'create' ? { name } : {};
      const request = { verb, group: kind.group, resource: found.plural, namespace, ...named };
      this.#requests.set(`${verb} ${kind.group}/${found.plural} ${namespace} ${named.name ?? ''}`, request);
    }
  }

  get requests(): AccessRequest[] {
    return [...this.#requests.values()];
  }
}

/** One sentence for each resource and place that the user may not use as the sync has to, with the rule that allows it. */
export function deniedTexts(denied: readonly AccessRequest[], user: string): string[] {
  const byPlace = new Map<string, AccessRequest[]>();
  for (const request of denied) {
    const what = resourceText(request);
    byPlace.set(what, [...(byPlace.get(what) ?? []), request]);
  }
  const who = user === '' ? 'You' : user;
  return [...byPlace].flatMap(([what, [first, ...more]]) => {
    if (!first) return [];
    const verbs = [...new Set([first, ...more].map(({ verb }) => verb))];
    const role = first.namespace === '' ? 'a ClusterRole' : `a Role in namespace ${first.namespace}`;
    return [
      `${who} may not ${verbs.join(', ')} ${what}. Ask for this rule of ${role}: ${ruleText(first, verbs)}, or use another context.`,
    ];
  });
}

/** A rule of a Role as YAML on one line. */
function ruleText({ group, resource, subresource }: AccessRequest, verbs: readonly Verb[]): string {
  const what = `${resource}${subresource === undefined ? '' : `/${subresource}`}`;
  return `{apiGroups: [${group === '' ? '""' : group}], resources: [${what}], verbs: [${verbs.join(', ')}]}`;
}

/** A resource and its place in words: `jobs.batch in namespace shop`. */
export function resourceText({ group, resource, subresource, namespace }: Omit<AccessRequest, 'verb'>): string {
  const what = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  return `${what}${namespace === '' ? '' : ` in namespace ${namespace}`}`;
}

/** What a key of a task says of its place: `group/Kind/namespace/name`. */
export function placeOf(
  key: string,
  target: KubeObject | undefined,
): { readonly place: string; readonly name: string } {
  const [, , place = '', ...name] = key.split('/');
  // A name that is still to be generated names nothing.
  return { place, name: target && nameOf(target) === '' ? '' : name.join('/') };
}
