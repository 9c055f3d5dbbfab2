import type { PlanChange } from './diff-model.ts';
import type { Gate, PlanPhaseName, PlanTask } from './model.ts';

/** `−1`: with a true minus sign, as people read numbers. */
export const signed = (wave: number): string => (wave < 0 ? `−${-wave}` : String(wave));

/** `wave −1`. */
export const waveText = (wave: number): string => `wave ${signed(wave)}`;

/** A text as the beginning of a sentence. */
export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a phase is called in a list of phases: `PreSync`, `SyncFail (if it fails)`. */
export function phaseTitle(phase: PlanPhaseName): string {
  if (phase === 'SyncFail') return `${phase} (if it fails)`;
  return phase === 'PreDelete' || phase === 'PostDelete' ? `${phase} (when the application is deleted)` : phase;
}

/** When a phase runs: `before anything else of the application is applied`. */
export const phaseMoment = (phase: PlanPhaseName): string => MOMENTS[phase];
const MOMENTS: Readonly<Record<PlanPhaseName, string>> = {
  PreSync: 'before anything else of the application is applied',
  Sync: 'together with the resources of the application',
  PostSync: 'when everything of Sync is applied and healthy',
  SyncFail: 'only when the sync fails',
  PreDelete: 'before Argo CD deletes the resources of the application',
  Delete: 'when the PreDelete hooks have succeeded, the highest wave first',
  PostDelete: 'after Argo CD has deleted the resources of the application',
};

/** `1 hook`, `3 hooks`. */
export const counted = (count: number, word: string, plural = `${word}s`): string =>
  `${count} ${count === 1 ? word : plural}`;

/** `Job db-migration` from `batch/Job/shop/db-migration`; a generated name (its prefix ends in a dash) gets an ellipsis. */
export function objectLabel(key: string): string {
  const [, kind = '', , ...name] = key.split('/');
  const text = name.join('/');
  return `${kind} ${text}${text.endsWith('-') ? '…' : ''}`.trim();
}

/** What a task is waited for, behind `waits until it`. */
const UNTIL_IT = { completes: 'completes', healthy: 'is healthy', gone: 'is gone' } as const;
/** The same behind `waits for Job db-migration`. */
const FOR_IT = { completes: 'to complete', healthy: 'to be healthy', gone: 'to be gone' } as const;

/** A gate as a badge beside its wave: `waits for Job db-migration to complete`, `does not wait`. */
export function gateBadge(gate: Gate): string {
  const [first] = gate.for;
  if (first === undefined) return 'does not wait';
  if (gate.for.length === 1) return `waits for ${objectLabel(first.task)} ${FOR_IT[first.until]}`;
  const parts = (['completes', 'healthy', 'gone'] as const).flatMap((until) => {
    const number = gate.for.filter((awaited) => awaited.until === until).length;
    return number === 0 ? [] : [`${number} ${FOR_IT[until]}`];
  });
  return `waits for ${parts.join(' and ')}`;
}

/** Short for a gate that something may keep from ever opening. */
export const CAN_HANG = 'can wait for ever';

/** What a gate says of each of its tasks. */
interface GateIndex {
  readonly for: ReadonlyMap<string, Gate['for'][number]>;
  readonly notWaitedFor: ReadonlyMap<string, Gate['notWaitedFor'][number]>;
  readonly mayHang: ReadonlyMap<string, Gate['mayHang'][number]>;
}

/** Made once for each gate: a wave may hold thousands of tasks, and each of them is asked about. */
const indices = new WeakMap<Gate, GateIndex>();

function indexOf(gate: Gate): GateIndex {
  let index = indices.get(gate);
  if (!index) {
    index = { for: byTask(gate.for), notWaitedFor: byTask(gate.notWaitedFor), mayHang: byTask(gate.mayHang) };
    indices.set(gate, index);
  }
  return index;
}

/** Of several entries about one task the first one counts. */
const byTask = <T extends { readonly task: string }>(entries: readonly T[]): ReadonlyMap<string, T> =>
  new Map(entries.toReversed().map((entry) => [entry.task, entry]));

/** What a gate means for one task of its wave, in a row or a lens: `waits until it completes`; empty where nothing is known. */
export function gateNote(gate: Gate, key: string): string {
  const index = indexOf(gate);
  const awaited = index.for.get(key);
  if (awaited) return `waits until it ${UNTIL_IT[awaited.until]}`;
  return index.notWaitedFor.has(key) ? 'does not wait' : '';
}

/** What a gate means for one task of its wave, in sentences; each is absent where it does not hold. */
export interface GateSentences {
  /** `The next wave waits until it completes.` */
  readonly waits?: string;
  /** `The next wave does not wait for it: Argo CD has no health check for …` */
  readonly free?: string;
  /** `It can wait for ever: the Job is suspended …` */
  readonly hang?: string;
}

/** @param last nothing runs after the task, so that the end of the sync is what waits */
export function gateSentences(gate: Gate, key: string, last: boolean): GateSentences {
  const who = last ? 'The sync' : 'The next wave';
  const index = indexOf(gate);
  const awaited = index.for.get(key);
  const free = index.notWaitedFor.get(key);
  const hang = index.mayHang.get(key);
  return {
    ...(awaited ? { waits: `${who} waits until it ${UNTIL_IT[awaited.until]}.` } : {}),
    ...(free ? { free: `${who} does not wait for it: ${free.reason}.` } : {}),
    ...(hang ? { hang: `It ${CAN_HANG}: ${hang.reason}.` } : {}),
  };
}

/** One sentence about a gate and a task of it. */
export interface GateLine {
  readonly kind: 'waits' | 'free' | 'hang';
  /** `Job db-migration`, for a renderer that sets it off. */
  readonly task: string;
  /** The text before and behind the task. */
  readonly before: string;
  readonly after: string;
}

/** All that is known about a gate, a sentence for each task. */
export const gateLines = (gate: Gate): GateLine[] => [
  ...gate.for.map(({ task, until }): GateLine => ({
    ...{ kind: 'waits', task: objectLabel(task), before: 'Waits for ', after: ` ${FOR_IT[until]}.` },
  })),
  ...gate.notWaitedFor.map(({ task, reason }): GateLine => ({
    ...{ kind: 'free', task: objectLabel(task), before: 'Does not wait for ', after: `: ${reason}.` },
  })),
  ...gate.mayHang.map(({ task, reason }): GateLine => ({
    ...{ kind: 'hang', task: objectLabel(task), before: '', after: ` ${CAN_HANG}: ${reason}.` },
  })),
];

/**
 * What becomes of a hook, short: `deleted when the sync succeeds`.
 * @param generated its name is another one in each sync, so that no sync finds what an earlier one left
 */
export function policyNotes(policies: readonly string[], generated: boolean): string[] {
  const succeeded = policies.includes('HookSucceeded');
  const failed = policies.includes('HookFailed');
  const end = succeeded && failed ? 'has ended' : succeeded ? 'succeeds' : failed ? 'fails' : undefined;
  const deleted = end === undefined ? [] : [`deleted when the sync ${end}`];
  if (generated) return ['new name every sync', ...(end === undefined ? ['never deleted'] : deleted)];
  return policies.includes('BeforeHookCreation') ? [...deleted, 'replaced by the next sync'] : deleted;
}

/** The same for a task of the plan; empty for what is no hook. */
export function hookNotes(task: Pick<PlanTask, 'hook' | 'deletePolicies' | 'name' | 'generateName'>): string[] {
  const { hook, deletePolicies } = task;
  if (hook.length === 0) return [];
  if (hook.every((phase) => phase === 'PreDelete' || phase === 'PostDelete'))
    return deletionNotes(hook, deletePolicies);
  return policyNotes(deletePolicies, task.generateName !== null && task.name === '');
}

/** Hooks of an application's deletion are cleaned up on their own outcome. Source: controller/hook.go `cleanupHooks`. */
function deletionNotes(phases: readonly string[], policies: readonly string[]): string[] {
  const succeeded = policies.includes('HookSucceeded');
  const failed = policies.includes('HookFailed');
  if (succeeded || failed)
    return [`deleted when it has ${succeeded && failed ? 'ended' : succeeded ? 'succeeded' : 'failed'}`];
  return phases.includes('PostDelete') ? ['outlives the Application'] : [];
}

/** What became of a task, in a row or a badge: `added`, `now a hook`, `left out now`. */
export function changeLabel({ change, detail }: Pick<PlanChange, 'change' | 'detail'>): string {
  if (detail === 'becomes-hook') return 'now a hook';
  if (detail === 'becomes-resource') return 'now a resource';
  if (detail === 'restored') return 'no longer left out';
  switch (change) {
    case 'gated':
      return 'now waited for';
    case 'ungated':
      return 'no longer waited for';
    case 'dropped':
      return 'left out now';
    case 'added':
    case 'removed':
    case 'moved':
      return change;
  }
}
