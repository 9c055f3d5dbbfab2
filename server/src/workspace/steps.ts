/** Work that can be left and taken up again after each of its steps. */
export type Steps<Result> = Generator<undefined, Result, undefined>;
