import type { Action, Pass, PassOutcome, Response, Step } from '#core/sync/model';
import { inParallel } from './in-parallel.ts';

/** So many requests are under way at once. */
export const CONCURRENCY = 16;

const READS: ReadonlySet<string> = new Set(['get', 'get-namespace', 'wait-crd']);

/** Does a request leave the cluster as it is? A dry run of the engine asks for some that do not: they are not made. */
export const writesNothing = ({ verb, dryRun }: Action): boolean => dryRun !== undefined || READS.has(verb);

/** What the steps of a pass are answered with. */
export interface StepHandler {
  /** Requests are about to be made together. */
  asked?(actions: readonly Action[]): Promise<void>;
  /** They have been answered. */
  answered?(actions: readonly Action[]): Promise<void>;
  /** Carries out one request; never rejects. */
  perform(action: Action): Promise<Response>;
  /** A group starts. */
  started?(step: Extract<Step, { stage: 'run' }>): void;
  /** A group has run; resolves when the next may follow. */
  waveDone?(step: Extract<Step, { stage: 'waveHook' }>): Promise<void>;
}

/** Drives one pass of the engine to its end: each step is carried out and answered. */
export async function drive(pass: Pass, handler: StepHandler): Promise<PassOutcome> {
  let next = pass.next();
  while (!next.done) next = pass.next(await answer(next.value, handler));
  return next.value;
}

async function answer(step: Step, handler: StepHandler): Promise<readonly Response[]> {
  switch (step.stage) {
    case 'run':
      handler.started?.(step);
      return [];
    case 'waveHook':
      await handler.waveDone?.(step);
      return [];
    default: {
      const limit = step.stage === 'serial' ? 1 : CONCURRENCY;
      await handler.asked?.(step.actions);
      const answers = await inParallel(step.actions, limit, (action) => handler.perform(action));
      await handler.answered?.(step.actions);
      return answers;
    }
  }
}
