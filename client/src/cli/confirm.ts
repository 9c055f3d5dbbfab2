import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { OperationChoices } from '../sync/model.ts';
import type { Preflight } from '../sync/events.ts';
import type { Signal } from '../sync/signal.ts';
import { typedName } from '../sync/typed-name.ts';
import { harmless } from './output.ts';
import { preflightText, summary } from './text/run.ts';

/** Where the question is asked: a terminal. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly color: boolean;
  /** The user has pressed Ctrl+C at the question. */
  interrupted(): void;
}

const TAKE_OVER = 'Take the fields over that others own, as Argo CD does?';

/** The terminal that the process was started on. */
export const ownTerminal = (color: boolean): Terminal => ({
  input: process.stdin,
  output: process.stderr,
  color: color && process.stderr.isTTY,
  interrupted: () => process.kill(process.pid, 'SIGINT'),
});

/**
 * Shows what would happen and asks; true only for a yes. An interruption and the end of the input are a no. Where others
 * own fields, it asks first whether they are to be taken over: a yes to that is other options, with which all is looked
 * at anew.
 * @param isProtected the context is: its name has to be typed
 */
export async function askOnTerminal(
  preflight: Preflight,
  terminal: Terminal,
  interrupt: Signal,
  isProtected: boolean,
): Promise<boolean | OperationChoices> {
  terminal.output.write(`${preflightText(preflight, terminal)}\n`);
  const { conflicts, choices } = preflight;
  if (conflicts && choices && (await askYes(TAKE_OVER, terminal, interrupt, undefined)))
    return { ...choices.chosen, forceConflicts: true };
  if (interrupt.aborted) return false;
  const place = preflight.cluster.kind === 'simulation' ? 'the simulation' : preflight.cluster.context;
  const { owner } = preflight;
  const what =
    owner?.isChosen === true
      ? `Let Argo CD sync ${owner.namespace}/${owner.name} of ${place}`
      : `${preflight.deletes === true ? `${preflight.resumes === true ? 'Go on and delete' : 'Delete'} what ${preflight.application} has in` : `${preflight.resumes === true ? 'Resume the sync of' : 'Sync'} ${preflight.application} to`} ${place} (${summary(preflight.rows)})`;
  const typed = typedName(preflight, isProtected);
  const name = typed === 'application' ? preflight.application : typed === undefined ? undefined : place;
  return askYes(`${what}?`, terminal, interrupt, name);
}

/**
 * Asks; true only for a yes. An interruption and the end of the input are a no.
 * @param typed the yes is this text
 */
export async function askYes(
  what: string,
  terminal: Terminal,
  interrupt: Signal,
  typed: string | undefined,
): Promise<boolean> {
  const question = `${what} ${typed === undefined ? '[y/N] ' : `Type ${typed} to agree: `}`;
  const reader = createInterface({ input: terminal.input, output: terminal.output });
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  interrupt.addEventListener('abort', abort);
  reader.on('SIGINT', () => terminal.interrupted());
  reader.on('close', abort);
  try {
    const answer = await reader.question(harmless(question), { signal: stop.signal });
    return typed !== undefined ? answer.trim() === typed : /^y(?:es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    interrupt.removeEventListener('abort', abort);
    reader.close();
  }
}
