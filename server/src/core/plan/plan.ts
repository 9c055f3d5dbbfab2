import {
  declaredWave,
  deletePhases,
  deletePolicies,
  hookTypes,
  isHook,
  isIgnored,
  isSkip,
} from '../annotations/classify.ts';
import { DELETE_PHASES, SYNC_PHASES, type DeletePhase, type SyncPhase } from '../annotations/keys.ts';
import { isNamespaced } from '../builtin-kinds.ts';
import { generateNameOf, gvkOf, isObject, kindOf, nameOf, namespaceOf, type KubeObject } from '../object.ts';
import { draftPlan, type PlanInput } from './drafts.ts';
import { gateOf, indexOrder } from './gates.ts';
import type {
  ApplicationPlan,
  Gate,
  PlacedObject,
  PlanBatch,
  PlanPhase,
  PlanTask,
  PlanWave,
  SkippedManifest,
} from './model.ts';
import { whyKept } from '../sync/deletion-rules.ts';
import { batchesOf, isDefinition, orderTasks } from './order.ts';
import type { PlannedTask } from './planned.ts';
import {
  declaredPhaseReason,
  declaredWaveReason,
  DUPLICATE_REASON,
  ignoredReason,
  phaseReason,
  SKIP_REASON,
  waveReason,
} from './reasons.ts';

/**
 * The plan of an application as its manifests stand, without a cluster: what a first sync would do. It is made by the
 * same task builder and order as the engine's passes. Never throws, whatever the manifests hold.
 */
export function planApplication(input: PlanInput): ApplicationPlan {
  const { kept, replaced, deleteHooks, drafts } = draftPlan(input);
  const sources = new Map(kept.map(({ index, object }) => [object, input.objects[index]]));
  const tasks = orderTasks(drafts).map(({ task, phase, wave, pulledBefore }): PlannedTask => {
    const manifest = task.source ?? task.target ?? {};
    const placed = sources.get(manifest);
    const object = planned(manifest, task.target);
    const declared = declaredWave(manifest);
    return {
      object,
      phase,
      wave,
      declaredWave: declared.wave,
      declaredFrom: declared.origin,
      placed,
      pulledBy: pulledBefore && planned(pulledBefore.source ?? {}, pulledBefore.target),
    };
  });

  const inSync = new Set(tasks.map(({ placed }) => placed));
  const dying = [...kept, ...deleteHooks]
    .map(({ index, object }) => ({ object, placed: input.objects[index], phases: deletePhases(object) }))
    .filter(({ phases }) => phases.length > 0);
  return {
    name: input.name,
    source: input.source,
    namespace: input.namespace,
    plans: {
      ...syncPhasesOf(tasks),
      delete: {
        phases: DELETE_PHASES.flatMap((phase) => {
          const hooks = dying.filter(({ phases }) => phases.includes(phase));
          return hooks.length === 0 ? [] : [deletePhase(phase, hooks)];
        }),
      },
    },
    skipped: [
      ...kept.flatMap(({ index, object }) => {
        const placed = input.objects[index];
        // What is in the sync was not left out of it.
        if (inSync.has(placed)) return [];
        if (isSkip(object)) return [skipped(placed, object, SKIP_REASON)];
        if (isIgnored(object)) return [skipped(placed, object, ignoredReason(object))];
        // Two nameless manifests of one kind: to the engine they are one.
        return [skipped(placed, object, DUPLICATE_REASON)];
      }),
      ...replaced.map(({ source, index }) => skipped(input.objects[index], source, DUPLICATE_REASON)),
    ],
    problems: input.problems ?? [],
  };
}

/** The manifest with the namespace of its target: names that a sync generates are not known yet. */
function planned(manifest: KubeObject, target: KubeObject | undefined): KubeObject {
  const namespace = target ? namespaceOf(target) : '';
  if (namespace === '' || namespace === namespaceOf(manifest)) return manifest;
  const clusterScoped = isNamespaced(gvkOf(manifest).group, kindOf(manifest)) === false;
  const metadata = isObject(manifest['metadata']) ? manifest['metadata'] : {};
  return clusterScoped ? manifest : { ...manifest, metadata: { ...metadata, namespace } };
}

/** Consecutive runs of tasks for which `key` gives the same text. */
function groupRuns<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const runs: T[][] = [];
  let last: string | undefined;
  for (const item of items) {
    const own = key(item);
    const run = runs.at(-1);
    if (run && own === last) run.push(item);
    else runs.push([item]);
    last = own;
  }
  return runs;
}

function syncPhasesOf(tasks: readonly PlannedTask[]): Pick<ApplicationPlan['plans'], 'sync' | 'syncFail'> {
  const first = tasks[0];
  const end = tasks.at(-1);
  const multiStep = first !== undefined && end !== undefined && (first.phase !== end.phase || first.wave !== end.wave);
  const running = tasks.filter(({ phase }) => phase !== 'SyncFail');
  const failing = tasks.filter(({ phase }) => phase === 'SyncFail');

  const index = indexOrder(running);
  let next = 0;
  const groups = groupRuns(running, ({ phase, wave }) => `${phase}/${wave}`).map((group) => {
    next += group.length;
    return { group, gate: gateOf(group, { next, followed: next < running.length, index, multiStep }) };
  });
  const phases = SYNC_PHASES.flatMap((phase): PlanPhase[] => {
    const waves = groups.filter(({ group }) => group[0]?.phase === phase);
    return waves.length === 0 ? [] : [{ phase, waves: waves.map(({ group, gate }) => planWave(group, gate)) }];
  });
  // SyncFail hooks start together whatever their waves (sync_context.go `executeSyncFailPhase`): one gate, at the end.
  const failWaves = groupRuns(failing, ({ wave }) => String(wave));
  const failGate = gateOf(failing, { ...LAST, multiStep });
  const syncFail = failWaves.map((group, i) => planWave(group, i === failWaves.length - 1 ? failGate : OPEN_GATE));
  return {
    sync: { phases },
    syncFail: { phases: syncFail.length === 0 ? [] : [{ phase: 'SyncFail', waves: syncFail }] },
  };
}

/** Place of a group after which nothing comes. */
const LAST = { next: 0, followed: false, index: indexOrder([]) };

const OPEN_GATE: Gate = { waits: false, for: [], notWaitedFor: [], mayHang: [] };

function planWave(group: readonly PlannedTask[], gate: Gate): PlanWave {
  const batches = batchesOf(group.map((task) => ({ target: task.object, live: undefined, task })));
  return {
    wave: group[0]?.wave ?? 0,
    gate,
    batches: batches.map((batch) => planBatch(batch.map(({ task }) => planTask(task)))),
  };
}

const planBatch = (tasks: readonly PlanTask[]): PlanBatch => ({
  group: tasks[0]?.group ?? '',
  kind: tasks[0]?.kind ?? '',
  tasks,
});

function planTask(task: PlannedTask): PlanTask {
  return describe(task.object, task.placed, {
    hook: task.placed && isHook(task.object) ? hookNames(task.object) : NONE,
    wave: task.wave,
    declaredWave: task.declaredWave,
    phaseReason: phaseReason(task),
    waveReason: waveReason(task),
  });
}

/** All phases that a hook names and that Argo CD knows, deletion included. */
const hookNames = (object: KubeObject): string[] => [
  ...hookTypes(object).filter((type): type is SyncPhase => type !== 'Skip'),
  ...deletePhases(object),
];

function describe(
  object: KubeObject,
  placed: PlacedObject | undefined,
  place: Pick<PlanTask, 'hook' | 'wave' | 'declaredWave' | 'phaseReason' | 'waveReason'>,
): PlanTask {
  const { group, version, kind } = gvkOf(object);
  const { hook, wave, declaredWave, phaseReason, waveReason } = place;
  const name = nameOf(object);
  const task: Mutable<PlanTask> = {
    group,
    version,
    kind,
    namespace: namespaceOf(object),
    name,
    generateName: name === '' ? generateNameOf(object) || null : null,
    deletePolicies: hook.length > 0 ? deletePolicies(object) : NONE,
    prune: false,
    hook,
    wave,
    declaredWave,
    phaseReason,
    waveReason,
  };
  const kept = whyKept(object, null);
  if (kept !== undefined && !isDefinition(object)) task.kept = kept;
  if (placed?.file !== undefined) task.file = placed.file;
  if (placed?.line !== undefined) task.line = placed.line;
  if (placed?.origin !== undefined) task.origin = placed.origin;
  return task;
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const NONE: readonly never[] = [];

const placeOf = (placed: PlacedObject | undefined): { file?: string; line?: number } => ({
  ...(placed?.file === undefined ? {} : { file: placed.file }),
  ...(placed?.line === undefined ? {} : { line: placed.line }),
});

/** Hooks of an application's deletion: all at once, in no order (controller/hook.go `executeHooks`). */
function deletePhase(
  phase: DeletePhase,
  hooks: readonly { object: KubeObject; placed: PlacedObject | undefined }[],
): PlanPhase {
  const tasks = hooks.map(({ object, placed }) => {
    const declared = declaredWave(object);
    return describe(object, placed, {
      hook: hookNames(object),
      wave: 0,
      declaredWave: declared.wave,
      phaseReason: declaredPhaseReason(object, phase),
      waveReason: declaredWaveReason(object, declared.origin),
    });
  });
  const gate = gateOf(
    hooks.map(({ object, placed }) => ({
      object,
      phase: 'Sync',
      wave: 0,
      declaredWave: 0,
      declaredFrom: 'default',
      placed,
      pulledBy: undefined,
    })),
    { ...LAST, multiStep: true },
  );
  const batches = groupRuns(tasks, ({ kind }) => kind).map(planBatch);
  return { phase, waves: [{ wave: 0, gate, batches }] };
}

const skipped = (
  placed: PlacedObject | undefined,
  object: KubeObject,
  reason: SkippedManifest['reason'],
): SkippedManifest => {
  const { group, kind } = gvkOf(object);
  const namespace = namespaceOf(object);
  return {
    ...placeOf(placed),
    group,
    kind,
    ...(namespace === '' ? {} : { namespace }),
    name: nameOf(object) || generateNameOf(object),
    reason,
  };
};
