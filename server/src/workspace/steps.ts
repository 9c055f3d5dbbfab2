/** Work that can be left and taken up again after each of its steps. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** The whole of it at once. */
export function inOne<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
