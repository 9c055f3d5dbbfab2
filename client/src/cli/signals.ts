import { Stop } from '../sync/signal.ts';

/** Interruption by the user. */
export interface Interruption {
  readonly stop: Stop;
  /** The user has interrupted. */
  readonly interrupted: () => boolean;
  /** Gives the signals back. */
  release(): void;
}

/**
 * The first SIGINT or SIGTERM terminates the operation properly; a second one ends the process at once, and says that
 * what runs stays as it is.
 */
export function onInterrupt(message: (text: string) => void): Interruption {
  const stop = new Stop();
  let interrupted = false;
  const first = (): void => {
    if (interrupted) {
      message('Ended without waiting: what has been started in the cluster goes on by itself.');
      process.exit(130);
    }
    interrupted = true;
    message('Terminating: running hooks are deleted, everything else stays as it is. Once more ends this at once.');
    stop.stop();
  };
  process.on('SIGINT', first).on('SIGTERM', first);
  return {
    stop,
    interrupted: () => interrupted,
    release: () => void process.off('SIGINT', first).off('SIGTERM', first),
  };
}
