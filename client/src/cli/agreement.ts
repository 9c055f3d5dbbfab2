import { isProtected } from '../sync/glob.ts';
import type { Flags } from './args.ts';
import { configOf } from './config.ts';
import type { Output } from './output.ts';

/** Is there nobody to ask, and no flag that answers? Then that is said. @param verb what is not done without asking */
export function refusesToAsk(flags: Flags, output: Output, verb: string): boolean {
  if (flags.has('yes') || flags.has('control') || (process.stdin.isTTY && process.stderr.isTTY)) return false;
  output.message(`Refused: there is no terminal to confirm on. Pass --yes to ${verb} without asking.`);
  return true;
}

/**
 * The yes to a write in a context: of `--yes`, which has to name a protected context, or of a person.
 * @param ask puts the question; `typeName`: the yes is the name of the context
 */
export async function agreed<T>(
  context: string,
  flags: Flags,
  output: Output,
  ask: (typeName: boolean) => Promise<T>,
): Promise<T | boolean> {
  const named = flags.get('confirm-context');
  const { protectedContexts } = await configOf(flags);
  if (named !== undefined && named !== context) {
    output.message(`Refused: --confirm-context names ${named}, but the context is ${context}.`);
    return false;
  }
  const byName = isProtected(context, protectedContexts) && named === undefined;
  if (!flags.has('yes')) return ask(byName);
  if (byName) output.message(`Refused: ${context} is protected. Pass --confirm-context ${context} beside --yes.`);
  return !byName;
}
