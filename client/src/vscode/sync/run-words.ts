import { objectLabel } from '#core/plan/words';
import type { RunRequest } from './run.ts';
import { clockText, clusterTime, isRunning, type RunState } from './run-state.ts';

/** Title of the page that asks. */
export const pageTitle = ({ application, deletes }: RunState): string =>
  `${deletes === true ? 'Delete resources of' : 'Sync'} ${application.name}`;

/** How a run begins, in the log: `Syncing`. */
export function beginning(mode: RunRequest['mode'], deletes: boolean): string {
  if (deletes) return mode === 'simulate' ? 'Simulating the deletion of the resources of' : 'Deleting the resources of';
  return mode === 'simulate' ? 'Simulating' : 'Syncing';
}

/** What happens now, short: for the status bar and the progress. */
export function now(state: RunState): string {
  if (state.notice !== '') return state.notice;
  switch (state.stage) {
    case 'preparing':
      return 'looking at what is there';
    case 'confirming':
      return 'waiting for your confirmation';
    default: {
      const running = [...state.tasks.values()].filter(isRunning);
      const last = running.at(-1);
      if (!last) return state.message || state.stage;
      const time =
        last.startedAt === undefined ? '' : ` ${clockText((clusterTime(state, Date.now()) ?? 0) - last.startedAt)}`;
      const more = running.length > 1 ? ` and ${running.length - 1} more` : '';
      return `${last.phase} · ${objectLabel(last.task)}${time}${more}`;
    }
  }
}
