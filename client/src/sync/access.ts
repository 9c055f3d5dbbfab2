import { isReconciled } from '#core/apply/rbac';
import { deletePolicies, isHook } from '#core/annotations/classify';
import { gvkOf, namespaceOf, type KubeObject } from '#core/object';
import { isAppliedPlainly } from '#core/sync/apply';
import type { Discovered, SyncOptions } from '#core/sync/model';
import type { AccessRequest, Kind } from './cluster.ts';

type Verb = AccessRequest['verb'];

export interface AccessQuestion {
  readonly targets: readonly KubeObject[];
  /** Destination namespace. */
  readonly namespace: string;
  /** The sync makes its namespace. */
  readonly makesNamespace: boolean;
  readonly options: SyncOptions;
  readonly discovered: (kind: Kind) => Discovered;
}

/** What a user must be allowed to do for a sync of these targets: to look at each kind, and to write it. */
export function accessNeeded({
  targets,
  namespace,
  makesNamespace,
  options,
  discovered,
}: AccessQuestion): AccessRequest[] {
  const needed = new Map<string, AccessRequest>();
  const add = (kind: Kind, where: string, verbs: readonly Verb[]): void => {
    const found = discovered(kind);
    if ('error' in found) return;
    for (const verb of verbs) {
      const place = found.namespaced ? where : '';
      const request = { verb, group: kind.group, resource: found.plural, namespace: place };
      needed.set(`${verb} ${kind.group}/${found.plural} ${place}`, request);
    }
  };
  for (const target of targets) {
    const write: Verb[] = options.dryRun ? [] : ['create', 'patch'];
    if (options.replace) write.push('update');
    // Roles and bindings are reconciled before they are applied.
    if (!options.dryRun && isReconciled(target) && isAppliedPlainly(options, target, undefined)) write.push('update');
    if (isHook(target) && !options.dryRun) {
      write.push('update');
      if (deletePolicies(target).length > 0) write.push('delete');
    }
    add(gvkOf(target), namespaceOf(target) || namespace, ['get', 'list', 'watch', ...write]);
  }
  if (options.createNamespace) {
    const verbs: Verb[] = makesNamespace && !options.dryRun ? ['get', 'create'] : ['get'];
    add({ group: '', version: 'v1', kind: 'Namespace' }, '', verbs);
  }
  return [...needed.values()];
}

/** One sentence for each resource and place that the user may not use as the sync has to. */
export function deniedTexts(denied: readonly AccessRequest[], user: string): string[] {
  const verbs = new Map<string, Verb[]>();
  for (const { verb, group, resource, namespace } of denied) {
    const what = `${resource}${group === '' ? '' : `.${group}`}${namespace === '' ? '' : ` in namespace ${namespace}`}`;
    verbs.set(what, [...(verbs.get(what) ?? []), verb]);
  }
  const who = user === '' ? 'You' : user;
  return [...verbs].map(
    ([what, list]) => `${who} may not ${list.join(', ')} ${what}. Ask for these permissions, or use another context.`,
  );
}
