import { declaredWave, isHook, syncPhases } from '../annotations/classify.ts';
import { HOOK_FINALIZER, SYNC_OPTIONS, SYNC_PHASES, type SyncPhase } from '../annotations/keys.ts';
import { listOf } from '../annotations/parse.ts';
import {
  finalizersOf,
  generateNameOf,
  metadataOf,
  nameOf,
  namespaceOf,
  objectIdOf,
  type KubeObject,
} from '../object.ts';
import { generatedName } from './generated-name.ts';
import { withNamespace } from './normalize.ts';
import type { Pair, Reconciliation } from './reconcile.ts';

/** A task before it is ordered. */
export interface DraftTask {
  readonly phase: SyncPhase;
  /** Declared wave, or the one that pruning gives. */
  readonly wave: number;
  /** Why the wave is not the declared one. */
  readonly wavePlaced: 'prune-reversed' | 'prune-last' | undefined;
  /** The object that is sent: named, with its namespace and the hook finalizer. Undefined for a prune. */
  readonly target: KubeObject | undefined;
  /** The manifest behind the target, the very object that was given; undefined for a prune and a created namespace. */
  readonly source: KubeObject | undefined;
  readonly live: KubeObject | undefined;
}

export interface DraftInput extends Reconciliation {
  /** Destination namespace; every target without one gets it, cluster-scoped ones too. */
  readonly namespace: string;
  readonly revision: string;
  /** Start of the operation, Unix seconds. */
  readonly startedAt: number;
  readonly skipHooks: boolean;
  readonly pruneLast: boolean;
  /** The destination namespace that the sync creates; undefined where it does not. */
  readonly createdNamespace: { readonly target: KubeObject; readonly live: KubeObject | undefined } | undefined;
  /** The resource filter; hooks are not asked. Absent: everything passes. */
  readonly accepts?: (pair: Pair) => boolean;
}

/**
 * All tasks of a sync in the order of their creation: pairs, hooks, the created namespace. Ordered by `orderTasks`.
 * Source: gitops-engine/pkg/sync/sync_context.go `getSyncTasks`.
 */
export function draftTasks(input: DraftInput): DraftTask[] {
  const drafts = [...resourceDrafts(input), ...(input.skipHooks ? [] : hookDrafts(input))].map((draft) =>
    draft.target && input.namespace !== '' && namespaceOf(draft.target) === ''
      ? { ...draft, target: withNamespace(draft.target, input.namespace) }
      : draft,
  );
  if (input.createdNamespace) {
    const { target } = input.createdNamespace;
    const wave = declaredWave(target).wave;
    drafts.push({ phase: 'PreSync', wave, wavePlaced: undefined, source: undefined, ...input.createdNamespace });
  }
  // Without a cluster nothing is live, and nothing is pruned.
  if (!input.pairs.some(({ live }) => live)) return drafts;
  const liveOf = liveFinder(input.pairs);
  const complete = drafts.map((draft) => {
    const live = draft.target && !draft.live ? liveOf(draft.target) : undefined;
    return live ? { ...draft, live } : draft;
  });
  return placePrunes(complete, input.pruneLast);
}

function resourceDrafts({ pairs, accepts }: DraftInput): DraftTask[] {
  return pairs.flatMap((pair) => {
    const object = pair.target ?? pair.live;
    if (!object || (accepts && !accepts(pair)) || isHook(object)) return [];
    const { target, live } = pair;
    const wave = declaredWave(object).wave;
    return syncPhases(object).map((phase) => ({ phase, wave, wavePlaced: undefined, target, source: target, live }));
  });
}

function hookDrafts({ hooks, revision, startedAt }: DraftInput): DraftTask[] {
  return hooks.flatMap((source) => {
    const phases = syncPhases(source);
    const wave = declaredWave(source).wave;
    return SYNC_PHASES.filter((phase) => phases.includes(phase)).map((phase) => {
      const name = nameOf(source) || generatedName(generateNameOf(source), revision, phase, startedAt);
      return { phase, wave, wavePlaced: undefined, target: asHook(source, name), source, live: undefined };
    });
  });
}

/** The hook as it is sent: named, and with Argo CD's finalizer at the end of its list unless it is there. */
function asHook(source: KubeObject, name: string): KubeObject {
  const finalizers = finalizersOf(source);
  return {
    ...source,
    metadata: {
      ...metadataOf(source),
      name,
      finalizers: finalizers.includes(HOOK_FINALIZER) ? finalizers : [...finalizers, HOOK_FINALIZER],
    },
  };
}

/** Finds the live object of a target among all pairs, hooks' live objects included. Source: sync_context.go `liveObj`. */
function liveFinder(pairs: readonly Pair[]): (target: KubeObject) => KubeObject | undefined {
  const byName = new Map<string, { namespace: string; live: KubeObject | undefined }[]>();
  for (const { target, live } of pairs) {
    const id = objectIdOf(live ?? target ?? {});
    const key = `${id.group}/${id.kind}/${id.name}`;
    const entry = { namespace: id.namespace, live };
    const entries = byName.get(key);
    if (entries) entries.push(entry);
    else byName.set(key, [entry]);
  }
  return (target) => {
    const id = objectIdOf(target);
    const entries = byName.get(`${id.group}/${id.kind}/${id.name}`);
    return entries?.find(({ namespace }) => namespace === '' || namespace === id.namespace)?.live;
  };
}

const isPrune = (draft: DraftTask): boolean => draft.target === undefined;

/**
 * Gives prunes their waves: those of all prunes in reverse, the last after every wave of the Sync phase where PruneLast
 * asks for it. Source: sync_context.go `getSyncTasks`.
 */
function placePrunes(drafts: readonly DraftTask[], pruneLast: boolean): DraftTask[] {
  const waves = [...new Set(drafts.filter(isPrune).map((draft) => draft.wave))].sort((a, b) => a - b);
  const mirrored = new Map(waves.map((wave, i) => [wave, waves[waves.length - 1 - i] ?? wave]));
  const reversed = drafts.map((draft): DraftTask => {
    const wave = isPrune(draft) ? (mirrored.get(draft.wave) ?? draft.wave) : draft.wave;
    return wave === draft.wave ? draft : { ...draft, wave, wavePlaced: 'prune-reversed' };
  });
  const syncWaves = reversed.filter((draft) => draft.phase === 'Sync').map((draft) => draft.wave);
  const afterAll = syncWaves.reduce((highest, wave) => Math.max(highest, wave), 0) + 1;
  return reversed.map((draft) => {
    const last = isPrune(draft) && draft.live && (pruneLast || listOf(draft.live, SYNC_OPTIONS).includes(PRUNE_LAST));
    return last ? { ...draft, wave: afterAll, wavePlaced: 'prune-last' } : draft;
  });
}
const PRUNE_LAST = 'PruneLast=true';
