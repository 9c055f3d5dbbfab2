import type { OperationChoices } from '../sync/model.ts';

/** The options as the page's controls stand, beside those of the preflight that it shows. */
export interface Draft {
  /** Edition of the preflight that is shown. */
  readonly edition: number;
  /** Its options; absent: none can be changed. */
  readonly shown?: OperationChoices | undefined;
  readonly chosen?: OperationChoices | undefined;
  /** Why what is chosen cannot be asked for; empty: it can. */
  readonly problem: string;
  /** What was asked for with this edition; its answer is the next one. */
  readonly asked?: OperationChoices | undefined;
}

/** Options as one text, the same for the same options in whichever order they were chosen. */
function textOf(choices: OperationChoices | undefined): string {
  if (!choices) return '';
  const { resources, ...others } = choices;
  const known = Object.entries(others).filter(([, value]) => value !== undefined);
  const entries = known.sort(([a], [b]) => (a < b ? -1 : 1));
  const names = resources?.map(({ group = '', kind, namespace = '', name }) =>
    [group, kind, namespace, name].join('/'),
  );
  return JSON.stringify([entries, names?.sort()]);
}

const same = (a: OperationChoices | undefined, b: OperationChoices | undefined): boolean => textOf(a) === textOf(b);

/** A preflight has come. What was chosen since it was asked for stays chosen, and is asked for next. */
export function withPreflight(before: Draft | undefined, edition: number, shown: OperationChoices | undefined): Draft {
  const changed = before?.asked !== undefined && (before.problem !== '' || !same(before.chosen, before.asked));
  return changed
    ? { edition, shown, chosen: before.chosen, problem: before.problem }
    : { edition, shown, chosen: shown, problem: '' };
}

/** A control was changed. @param problem why it cannot be asked for; empty: it can */
export const withChoice = (draft: Draft, chosen: OperationChoices, problem = ''): Draft => ({
  ...draft,
  chosen,
  problem,
});

/** Is the preflight that is shown that of the options that are chosen? Only then it can be answered. */
export const isUpToDate = ({ asked, problem, chosen, shown }: Draft): boolean =>
  asked === undefined && problem === '' && same(chosen, shown);

/** What is to be asked for now: nothing while an answer is on its way, or where it would be the same. */
export function toAsk(draft: Draft): OperationChoices | undefined {
  if (draft.asked !== undefined || draft.problem !== '' || same(draft.chosen, draft.shown)) return undefined;
  return draft.chosen;
}

/** The options that are chosen were asked for. */
export const withAsked = (draft: Draft): Draft => ({ ...draft, asked: draft.chosen });
