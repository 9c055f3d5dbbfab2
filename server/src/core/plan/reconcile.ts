import { isHook, isIgnored } from '../annotations/classify.ts';
import { compareBytes, keyOf, objectIdOf, sortByBytes, uidOf, type KubeObject } from '../object.ts';
import { isUnresolved } from './normalize.ts';

/** A manifest that is no hook beside the live object of the same identity; one of the two may be missing. */
export interface Pair {
  /** Key of the live object if there is one, else of the target, before the engine gives it a namespace. */
  readonly key: string;
  readonly target: KubeObject | undefined;
  readonly live: KubeObject | undefined;
}

export interface Reconciliation {
  /** By key, bytewise. */
  readonly pairs: readonly Pair[];
  /** Hooks in the order of the manifests. They are not paired: a live hook is a pair without a target. */
  readonly hooks: readonly KubeObject[];
}

const NO_LIVE: ReadonlyMap<string, KubeObject> = new Map();

/**
 * Splits hooks from the other targets, drops hooks of no known phase, and pairs every other target with its live
 * object; each live object left over is a pair without a target. Targets are normalized (`normalizeTargets`).
 * Source: gitops-engine/pkg/sync/reconcile.go `Reconcile`; sync_context.go `groupResources`.
 */
export function reconcile(
  targets: readonly KubeObject[],
  live: ReadonlyMap<string, KubeObject> = NO_LIVE,
): Reconciliation {
  const hooks: KubeObject[] = [];
  const resources: KubeObject[] = [];
  for (const target of targets) {
    if (!isHook(target)) resources.push(target);
    else if (!isIgnored(target)) hooks.push(target);
  }
  const rest = withoutDuplicates(resources, live);
  const pairs = new Map<string, Pair>();
  for (const target of resources) {
    const key = keyOf(objectIdOf(target));
    const found = rest.get(key);
    rest.delete(key);
    pairs.set(isUnresolved(target) ? `${key}#${pairs.size}` : key, { key, target, live: found });
  }
  for (const [key, object] of rest) pairs.set(key, { key, target: undefined, live: object });
  return { pairs: sortByBytes([...pairs.values()]), hooks };
}

/** One object that the API serves under several groups has one UID: one entry stays, a target's if there is one. */
function withoutDuplicates(
  resources: readonly KubeObject[],
  live: ReadonlyMap<string, KubeObject>,
): Map<string, KubeObject> {
  if (live.size === 0) return new Map();
  const targets = new Set(resources.map((target) => keyOf(objectIdOf(target))));
  const byUid = new Map<string, string[]>();
  for (const [key, object] of live) {
    const uid = uidOf(object);
    if (uid === '') continue;
    const keys = byUid.get(uid);
    if (keys) keys.push(key);
    else byUid.set(uid, [key]);
  }
  const left = new Map(live);
  for (const keys of byUid.values()) {
    let count = keys.length;
    for (const key of keys.sort(compareBytes)) {
      if (count === 1) break;
      if (targets.has(key)) continue;
      left.delete(key);
      count--;
    }
  }
  return left;
}
