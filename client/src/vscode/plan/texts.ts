import type { Gate, PlanPhaseName } from '#core/plan/model';

/** `1 hook`, `3 hooks`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `Job db-migration` from `batch/Job/shop/db-migration`; a generated name (its prefix ends in a dash) gets an ellipsis. */
export function objectLabel(key: string): string {
  const [, kind = '', , ...name] = key.split('/');
  const text = name.join('/');
  return `${kind} ${text}${text.endsWith('-') ? '…' : ''}`.trim();
}

const PHASE_LABELS: Readonly<Record<PlanPhaseName, string>> = {
  PreSync: 'PreSync',
  Sync: 'Sync',
  PostSync: 'PostSync',
  SyncFail: 'If it fails (SyncFail)',
  PreDelete: 'When the application is deleted (PreDelete)',
  PostDelete: 'After the application was deleted (PostDelete)',
};
export const phaseLabel = (phase: PlanPhaseName): string => PHASE_LABELS[phase];

const PHASE_MEANINGS: Readonly<Record<PlanPhaseName, string>> = {
  PreSync: 'Runs before anything else of the application is applied.',
  Sync: 'The resources of the application, and the hooks that run beside them.',
  PostSync: 'Runs when everything of Sync is applied and healthy.',
  SyncFail: 'Runs only when the sync fails.',
  PreDelete: 'Runs before Argo CD deletes the resources of the application.',
  PostDelete: 'Runs after Argo CD has deleted the resources of the application.',
};
export const phaseMeaning = (phase: PlanPhaseName): string => PHASE_MEANINGS[phase];

const UNTIL = { completes: 'to complete', healthy: 'to be healthy' } as const;

/** What is waited for after a wave, short: `waits for Job db-migration to complete`, `does not wait`. */
export function gateText(gate: Gate): string {
  const [first] = gate.for;
  if (first === undefined) return 'does not wait';
  if (gate.for.length === 1) return `waits for ${objectLabel(first.task)} ${UNTIL[first.until]}`;
  const parts = (['completes', 'healthy'] as const).flatMap((until) => {
    const number = gate.for.filter((awaited) => awaited.until === until).length;
    return number === 0 ? [] : [`${number} ${UNTIL[until]}`];
  });
  return `waits for ${parts.join(' and ')}`;
}

/** All that is known about a gate, as Markdown lines. */
export function gateLines(gate: Gate): string[] {
  return [
    ...gate.for.map(({ task, until }) => `Waits for **${objectLabel(task)}** ${UNTIL[until]}.`),
    ...gate.notWaitedFor.map(({ task, reason }) => `Does not wait for ${objectLabel(task)}: ${reason}.`),
    ...gate.mayHang.map(({ task, reason }) => `$(warning) **${objectLabel(task)} may never get there**: ${reason}.`),
  ];
}

/** Text that Markdown takes literally. */
export const escapeMarkdown = (text: string): string => text.replace(/[\\`*_{}[\]()#!|<>~$]/g, '\\$&');
