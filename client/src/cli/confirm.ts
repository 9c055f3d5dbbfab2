import { createInterface } from 'node:readline/promises';
import type { Preflight } from '../sync/events.ts';
import type { Signal } from '../sync/signal.ts';
import { harmless, type Output } from './output.ts';
import { preflightText, summary } from './text/run.ts';

/**
 * Shows what would happen and asks; true only for a yes. An interruption is a no.
 * @param typeName the yes is the name of the context, for one that is protected
 */
export async function askOnTerminal(
  preflight: Preflight,
  output: Output,
  interrupt: Signal,
  typeName: boolean,
): Promise<boolean> {
  const colors = { color: process.stderr.isTTY && output.color };
  output.message(preflightText(preflight, colors));
  const place = preflight.cluster.kind === 'simulation' ? 'the simulation' : preflight.cluster.context;
  const how = typeName ? `Type ${place} to agree: ` : '[y/N] ';
  const question = `Sync ${preflight.application} to ${place} (${summary(preflight.rows)})? ${how}`;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  interrupt.addEventListener('abort', abort);
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  reader.on('close', abort);
  try {
    const answer = await reader.question(harmless(question), { signal: stop.signal });
    return typeName ? answer.trim() === place : /^y(?:es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    interrupt.removeEventListener('abort', abort);
    reader.close();
  }
}
