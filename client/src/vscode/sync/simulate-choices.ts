import type { ApplicationPlan } from '#core/plan/model';
import { placesIn, taskName } from '#core/plan/query';
import { phaseTitle, waveText } from '#core/plan/words';
import { canFailAfterApply } from '../../simulation/failing.ts';
import type { RunScenario } from './run.ts';
import { canFail, ruleNameOf } from './what-if.ts';

/** What a person wants to see simulated. Plain data: it is kept from one time to the next. */
export type Choice =
  | { readonly kind: 'first' | 'delete' }
  | { readonly kind: 'upgrade'; readonly revision: string }
  /** @see RunScenario for the names */
  | { readonly kind: 'fail' | 'hang'; readonly name: string };

/** Which question a choice still needs. */
export type Question = 'revision' | 'fail' | 'hang';

/** One entry of the first list: a choice, or the way to a second question. */
export interface ChoiceEntry {
  readonly label: string;
  readonly description: string;
  readonly answer: Choice | { readonly ask: Question };
}

/** One entry of the list of tasks; without a name a heading. */
export interface TaskEntry {
  readonly label: string;
  readonly description: string;
  readonly name?: string;
}

/** The scenario of a run that shows what was chosen. */
export function scenarioOf(choice: Choice): RunScenario {
  switch (choice.kind) {
    case 'first':
      return {};
    case 'delete':
      return { deletes: true };
    case 'upgrade':
      return { upgrade: choice.revision };
    case 'fail':
      return { fail: choice.name };
    case 'hang':
      return { hang: choice.name };
  }
}

/** What a simulation starts from and lets happen, in words; empty where nobody chose. */
export function scenarioWords(scenario: RunScenario | undefined): string {
  if (!scenario) return '';
  const { upgrade, fail, hang, deletes } = scenario;
  if (deletes === true) return 'deletion of what a sync of these manifests leaves';
  return [
    upgrade === undefined ? 'first install' : `upgrade from what ${upgrade} leaves`,
    ...(fail === undefined ? [] : [`${objectOf(fail)} fails`]),
    ...(hang === undefined ? [] : [`${objectOf(hang)} never ends`]),
  ].join('; ');
}

/** A choice as it was kept; undefined where it is none. */
export function readChoice(kept: unknown): Choice | undefined {
  if (typeof kept !== 'object' || kept === null || !('kind' in kept)) return undefined;
  const { kind } = kept;
  if (kind === 'first' || kind === 'delete') return { kind };
  if (kind === 'upgrade' && 'revision' in kept && typeof kept.revision === 'string')
    return { kind, revision: kept.revision };
  if ((kind === 'fail' || kind === 'hang') && 'name' in kept && typeof kept.name === 'string')
    return { kind, name: kept.name };
  return undefined;
}

const FIRST: Choice = { kind: 'first' };
const DELETE: Choice = { kind: 'delete' };
const HEAD: Choice = { kind: 'upgrade', revision: 'HEAD' };

/**
 * What can be simulated, the last choice first.
 * @param last the choice of the last time; it is left out where it cannot be made any more
 * @param hasGit earlier revisions can be read
 */
export function choiceEntries(plan: ApplicationPlan, last: Choice | undefined, hasGit: boolean): ChoiceEntry[] {
  const asks = (how: 'fail' | 'hang', label: string): ChoiceEntry[] =>
    taskEntries(plan, how).length === 0 ? [] : [{ label, description: 'choose which one', answer: { ask: how } }];
  const entries: ChoiceEntry[] = [
    { label: labelOf(FIRST), description: 'the cluster is empty', answer: FIRST },
    ...(hasGit
      ? [
          { label: labelOf(HEAD), description: 'what is committed is live', answer: HEAD },
          {
            label: '$(history) Upgrade from a Git Revision…',
            description: 'what that revision leaves is live',
            answer: { ask: 'revision' as const },
          },
        ]
      : []),
    ...asks('fail', '$(error) Let a Hook Fail…'),
    ...asks('hang', '$(watch) Let a Hook Hang…'),
    { label: labelOf(DELETE), description: 'what a sync of these manifests leaves is live', answer: DELETE },
  ];
  if (!last) return entries;
  const same = entries.find(({ answer }) => 'kind' in answer && isSame(answer, last));
  if (same)
    return [{ ...same, description: `${same.description} · as last time` }, ...entries.filter((e) => e !== same)];
  if (!isPossible(plan, last, hasGit)) return entries;
  return [{ label: labelOf(last), description: 'as last time', answer: last }, ...entries];
}

const isSame = (a: Choice, b: Choice): boolean => JSON.stringify(scenarioOf(a)) === JSON.stringify(scenarioOf(b));

function isPossible(plan: ApplicationPlan, choice: Choice, hasGit: boolean): boolean {
  switch (choice.kind) {
    case 'first':
    case 'delete':
      return true;
    case 'upgrade':
      return hasGit;
    default:
      return taskEntries(plan, choice.kind).some(({ name }) => name === choice.name);
  }
}

function labelOf(choice: Choice): string {
  switch (choice.kind) {
    case 'first':
      return '$(beaker) First Install';
    case 'delete':
      return '$(trash) Delete the Application';
    case 'upgrade':
      return `$(git-commit) Upgrade from ${choice.revision}`;
    case 'fail':
      return `$(error) ${objectOf(choice.name)} Fails`;
    case 'hang':
      return `$(watch) ${objectOf(choice.name)} Hangs`;
  }
}

/** `Job db-migration` from `Job/db-migration`. */
const objectOf = (name: string): string => name.replace('/', ' ').replace(/-$/, '-…');

/** The tasks that can be let fail or hang, hooks first, each kind of them under a heading. */
export function taskEntries(plan: ApplicationPlan, how: 'fail' | 'hang'): TaskEntry[] {
  // A hook of several phases has one name, and one entry.
  const named = new Map(
    placesIn(plan.plans.sync)
      .toReversed()
      .map((place) => [ruleNameOf(place.task), place]),
  );
  const places = placesIn(plan.plans.sync).filter(
    (place) =>
      canFail(place) &&
      (how === 'fail' || canFailAfterApply(place.task)) &&
      named.get(ruleNameOf(place.task))?.index === place.index,
  );
  const entry = ({ task, phase, wave }: (typeof places)[number]): TaskEntry => ({
    label: taskName(task),
    description: `${task.kind} · ${phaseTitle(phase)} ${waveText(wave.wave)}`,
    name: ruleNameOf(task),
  });
  const part = (heading: string, isHook: boolean): TaskEntry[] => {
    const found = places.filter(({ task }) => task.hook.length > 0 === isHook);
    return found.length === 0 ? [] : [{ label: heading, description: '' }, ...found.map(entry)];
  };
  return [...part('hooks', true), ...part('resources', false)];
}
