import type { ControlMessage, RunEvent } from '../../sync/events.ts';
import type { EditorSettings } from '../../sync/editor-settings.ts';
import type { Surroundings } from './environment.ts';

/** What to run. */
export interface RunRequest {
  readonly mode: 'sync' | 'simulate';
  /** Path of the application's source within the folder, with `/`. */
  readonly path: string;
  readonly application: string;
  /** Of the folder: what is found and rendered is what the plan shows. */
  readonly settings: EditorSettings;
  /** Empty for a simulation. */
  readonly context: string;
  readonly kubeconfig: string;
  /** Settings that the environment of a sync comes from; absent for a simulation. */
  readonly surroundings?: Surroundings;
  /** Seconds; undefined: as long as it takes to be sure. */
  readonly waveDelay?: number;
  /** Seconds of a simulation in one real second; absent: no waiting at all. */
  readonly speed?: number;
  /** What a simulation starts from and lets happen; absent: an empty cluster in which nothing fails. */
  readonly scenario?: RunScenario;
  /** Goes on with a sync that was cut off. */
  readonly resume?: boolean;
  /** The application's objects are deleted; absent: it is synced. Of a simulation its scenario says it. */
  readonly deletes?: boolean;
  /** These alone are synced, as `GROUP:KIND:[NAMESPACE/]NAME`; none: all. */
  readonly resources?: readonly string[];
}

/** What a person asked a simulation to start from, and to let happen. Objects are named `Kind/name`. */
export interface RunScenario {
  /** What the manifests of this Git revision leave is there already. */
  readonly upgrade?: string;
  readonly fail?: string;
  readonly hang?: string;
  /** The deletion of what a sync leaves. */
  readonly deletes?: boolean;
  /** Where the sync fails: tell what the next one comes to, once nothing fails any more. */
  readonly next?: boolean;
}

export interface RunHandlers<E = RunEvent> {
  event(event: E): void;
  /** What is said beside the events, line by line: above all why it did not come to any. */
  message(line: string): void;
  /** What the rules have found in the application's files, for a run that does not look for it itself. */
  findings?(): Promise<readonly string[]>;
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
