import type { ControlMessage, RunEvent } from '../../sync/events.ts';

/** What to run. */
export interface RunRequest {
  readonly mode: 'sync' | 'simulate';
  /** Path of the application's source within the folder, with `/`. */
  readonly path: string;
  readonly application: string;
  /** Empty for a simulation. */
  readonly context: string;
  readonly kubeconfig: string;
  /** Seconds; undefined: as long as it takes to be sure. */
  readonly waveDelay?: number;
  /** Speed of a simulation's clock. */
  readonly speed: number;
}

export interface RunHandlers {
  event(event: RunEvent): void;
  /** What is said beside the events, line by line: above all why it did not come to any. */
  message(line: string): void;
  /** The run is over. @param code as the terminal client exits; undefined where it was cut off */
  ended(code: number | undefined): void;
}

/**
 * A run that was started: the port between the commands and where the runner works, a process of its own or this very
 * one. It sends `preflight` first and waits for `confirm` or `refuse`.
 */
export interface Run {
  send(message: ControlMessage): void;
  /** Refuses what was not confirmed and terminates what runs; cuts it off after so many milliseconds. */
  close(ms: number): void;
}
