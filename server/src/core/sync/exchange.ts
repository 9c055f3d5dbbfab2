import type { Action, BatchStage, Response, Step } from './model.ts';
import type { PassState } from './state.ts';

/** Requests of one task, one after another; each is answered before the next is made. */
export type Exchange<T> = Generator<Action, T, Response>;

/** A part of a pass. */
export type Steps<T> = Generator<Step, T, readonly Response[]>;

const UNANSWERED: Response = { error: 'the request was not answered' };

/**
 * Runs exchanges beside one another as one batch: the first request of each goes out together, then what follows from
 * the answers, until all are done. Gives what each came to, in their order.
 */
export function* together<T>(
  state: PassState,
  stage: BatchStage,
  dryRun: boolean,
  members: readonly Exchange<T>[],
): Steps<T[]> {
  const batch = state.nextBatch();
  const outcomes = new Array<T>(members.length);
  let open: { index: number; member: Exchange<T>; action: Action }[] = [];
  const advance = (index: number, member: Exchange<T>, result: IteratorResult<Action, T>): void => {
    if (result.done) outcomes[index] = result.value;
    else open.push({ index, member, action: result.value });
  };
  members.forEach((member, index) => advance(index, member, member.next()));
  while (open.length > 0) {
    const asked = open;
    open = [];
    const responses = yield { stage, dryRun, batch, actions: asked.map(({ action }) => action) };
    asked.forEach(({ index, member }, i) => advance(index, member, member.next(responses[i] ?? UNANSWERED)));
  }
  return outcomes;
}

/** Runs one exchange outside of any group. */
export function* alone<T>(state: PassState, member: Exchange<T>): Steps<T> {
  let result = member.next();
  while (!result.done) {
    const responses = yield { stage: 'serial', dryRun: false, batch: state.nextBatch(), actions: [result.value] };
    result = member.next(responses[0] ?? UNANSWERED);
  }
  return result.value;
}
