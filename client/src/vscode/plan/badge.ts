import { counted } from '#core/plan/words';
import { isRunning, type RunState } from '../sync/run-state.ts';

/** The number on the view's symbol, and what it counts. */
export interface Badge {
  readonly value: number;
  readonly tooltip: string;
}

/**
 * While syncs run: how many resources they wait for, at least one, so that the badge stands as long as they run.
 * Otherwise: how many problems there are.
 */
export function badgeOf(runs: readonly RunState[], problems: number): Badge | undefined {
  const active = runs.filter(({ stage }) => stage === 'running' || stage === 'terminating');
  if (active.length > 0) {
    const waits = active.map((run) => [...run.tasks.values()].filter(isRunning).length);
    return {
      value: Math.max(
        1,
        waits.reduce((sum, count) => sum + count, 0),
      ),
      tooltip: active.map((run, i) => runText(run, waits[i] ?? 0)).join('\n'),
    };
  }
  if (problems === 0) return undefined;
  return { value: problems, tooltip: `${counted(problems, 'problem')} in the plans of this workspace` };
}

function runText({ application, place, stage, deletes }: RunState, waits: number): string {
  const verb =
    stage === 'terminating' ? 'is being terminated' : deletes === true ? 'is being deleted' : 'is being synced';
  return `${application.name} ${verb} (${place})${waits > 0 ? `: waits for ${counted(waits, 'resource')}` : ''}`;
}
