import type { ControlMessage } from '../../sync/events.ts';
import type { Run, RunHandlers } from '../sync/run.ts';

/** A run whose code is still being loaded: what it is told meanwhile is handed on. */
export function laterRun(starting: Promise<Run>, handlers: RunHandlers): Run {
  const use = (what: (run: Run) => void): void => {
    starting.then(what, () => undefined);
  };
  starting.catch((error: unknown) => {
    handlers.message(`The simulation could not be started: ${error instanceof Error ? error.message : String(error)}`);
    handlers.ended(undefined);
  });
  return {
    send: (message: ControlMessage) => use((run) => run.send(message)),
    close: (ms) => use((run) => run.close(ms)),
  };
}
