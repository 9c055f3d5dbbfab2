import { annotationFor, type Annotation, type KnownValue } from '../../core/annotations/catalogue.ts';
import { syncPhases } from '../../core/annotations/classify.ts';
import { HELM_HOOK, HOOK } from '../../core/annotations/keys.ts';
import { waveText } from '../../core/plan/words.ts';
import { isAtLeast } from '../../core/versions.ts';
import type { Span } from '../../manifest/model.ts';
import { doubleQuoted, needsQuotes } from '../../manifest/scalar-text.ts';
import type { ValueContext } from './context-model.ts';

/** A value that is offered, before it is given the shape of the protocol. */
export interface OfferedValue {
  readonly label: string;
  readonly newText: string;
  readonly detail: string;
  /** The catalogue's entry, where there is one: its documentation is shown. */
  readonly value?: KnownValue;
  /** What stands there, to be shown behind the label. */
  readonly beside?: string;
  /** The first Argo CD that knows it, where the configured one is older. */
  readonly needs?: string;
}

/** A task of the application's sync, as far as the choice of a wave goes. */
export interface WaveUse {
  readonly phase: string;
  readonly wave: number;
  /** `Deployment web`. */
  readonly label: string;
}

export interface OfferedValues {
  readonly replace: Span;
  readonly annotation: Annotation;
  readonly values: readonly OfferedValue[];
}

/** What completion of values knows from outside of the document. */
export interface ValueFacts {
  readonly argocdVersion: string;
  /**
   * The other tasks of the application's sync; empty where the application is not known. Asked for only where a wave is
   * written: it costs a plan.
   */
  readonly waves: () => readonly WaveUse[];
  /** Now, as RFC 3339, for annotations that hold a time. */
  readonly now: string;
}

/** The values that can stand at a place; undefined where the annotation is unknown or takes any text. */
export function offeredValues(context: ValueContext, facts: ValueFacts): OfferedValues | undefined {
  const annotation = annotationFor(context.key, context.onApplication);
  if (!annotation || context.text.includes('{{') || context.text.includes('${')) return undefined;
  switch (annotation.kind) {
    case 'list':
    case 'options':
      return listItems(context, annotation, facts);
    case 'integer':
      return whole(context, annotation, waveValues(facts.waves(), phasesHere(context)));
    case 'timestamp':
      return whole(context, annotation, [{ name: facts.now, detail: 'now' }]);
    case 'boolean':
    case 'text':
      return whole(
        context,
        annotation,
        byVersion(annotation.values, facts.argocdVersion).map((value) => ({
          name: value.name,
          detail: value.summary,
          value,
          ...needsOf(value, facts.argocdVersion),
        })),
      );
  }
}

/** Values that a newer Argo CD than the configured one brings come last. */
const byVersion = (values: readonly KnownValue[], argocdVersion: string): KnownValue[] =>
  [...values].sort((a, b) => Number(isAtLeast(argocdVersion, b.since)) - Number(isAtLeast(argocdVersion, a.since)));

const needsOf = ({ since }: KnownValue, argocdVersion: string): { needs?: string } =>
  isAtLeast(argocdVersion, since) ? {} : { needs: since };

interface Candidate {
  readonly name: string;
  readonly detail: string;
  readonly value?: KnownValue;
  readonly beside?: string;
  readonly needs?: string;
}

function whole(
  context: ValueContext,
  annotation: Annotation,
  candidates: readonly Candidate[],
): OfferedValues | undefined {
  if (candidates.length === 0) return undefined;
  const values = candidates.map(({ name, ...rest }) => ({ label: name, newText: written(name, context), ...rest }));
  return { replace: context.replace, annotation, values };
}

/** The next item of a comma list: those that stand there already are left out. */
function listItems(context: ValueContext, annotation: Annotation, facts: ValueFacts): OfferedValues {
  const { text, cursor, replace } = context;
  const before = cursor === 0 ? 0 : text.lastIndexOf(',', cursor - 1) + 1;
  const comma = text.indexOf(',', cursor);
  const after = comma < 0 ? text.length : comma;
  const item = text.slice(before, after);
  const start = Math.min(before + item.length - item.trimStart().length, cursor);
  const end = Math.max(before + item.trimEnd().length, cursor);
  const others = new Set(
    [...text.slice(0, before).split(','), ...text.slice(after).split(',')].map((other) => other.trim()),
  );
  const alone = others.size === 0 || (others.size === 1 && others.has(''));
  const quoteBehind = context.closed || after < text.length ? '' : context.quote;
  const values = byVersion(annotation.values, facts.argocdVersion)
    .filter(({ name }) => !others.has(name) && !clashes(name, others))
    .filter(({ name }) => alone || name !== 'Skip')
    .map((value) => ({
      label: value.name,
      newText: alone && start === 0 ? written(value.name, context) : value.name + quoteBehind,
      detail: value.summary,
      value,
      ...needsOf(value, facts.argocdVersion),
    }));
  const spaceNeeded = context.needsSpace ? values.map((v) => ({ ...v, newText: pad(v.newText) })) : values;
  return { replace: { start: replace.start + start, end: replace.start + end }, annotation, values: spaceNeeded };
}

const pad = (text: string): string => (text.startsWith(' ') ? text : ` ${text}`);

/** `Prune=false` and `Prune=confirm` exclude each other: the first of two wins. */
export const clashes = (name: string, others: Iterable<string>): boolean => {
  const equals = name.indexOf('=');
  return equals > 0 && [...others].some((other) => other.startsWith(name.slice(0, equals + 1)));
};

/** The value as it has to be written here: quoted where YAML would take it for a number, with the quote that is open. */
function written(value: string, context: ValueContext): string {
  if (context.block === true) return value;
  const space = context.needsSpace ? ' ' : '';
  if (context.quote !== '') return context.closed ? value : `${value}${context.quote}`;
  return space + (context.json || needsQuotes(value) ? doubleQuoted(value) : value);
}

/** Phases in which the manifest takes part by the hook annotations beside; undefined where a template decides. */
function phasesHere({ beside }: ValueContext): readonly string[] | undefined {
  const annotations = Object.fromEntries(beside());
  if ([HOOK, HELM_HOOK].some((key) => /\{\{|\$[{(]/.test(annotations[key] ?? ''))) return undefined;
  const phases = syncPhases({ metadata: { annotations } });
  return phases.length > 0 ? phases : undefined;
}

const SHOWN_WAVES = 20;

/** The next free waves first (above, below, between), then those in use with what is in them. */
function waveValues(uses: readonly WaveUse[], phases: readonly string[] | undefined): Candidate[] {
  const used = new Map<number, string[]>();
  for (const { phase, wave, label } of uses) {
    if (phases && !phases.includes(phase)) continue;
    const labels = used.get(wave);
    if (labels) labels.push(label);
    else used.set(wave, [label]);
  }
  const known = [...used.keys()].sort((a, b) => a - b);
  const highest = Math.max(known.at(-1) ?? 0, 0);
  const lowest = Math.min(known[0] ?? 0, 0);
  const everything = `everything else of ${phases?.length === 1 ? (phases[0] ?? '') : 'this application'}`;
  const free: Candidate[] = [
    { name: String(highest + 1), detail: `free: after ${known.length > 0 ? everything : 'wave 0'}` },
    { name: String(lowest - 1), detail: `free: before ${known.length > 0 ? everything : 'wave 0'}` },
    ...known
      .flatMap((wave, i) => ((known[i + 1] ?? wave) - wave > 1 ? [wave + 1] : []))
      .slice(0, 5)
      .map((wave) => ({ name: String(wave), detail: 'free: between two waves' })),
  ];
  const zero = used.has(0) ? [] : [{ name: '0', detail: 'the wave of everything without this annotation' }];
  const taken = known.slice(0, SHOWN_WAVES).map((wave): Candidate => {
    const beside = shortList(used.get(wave) ?? []);
    return { name: String(wave), detail: `${waveText(wave)}: ${beside}`, beside };
  });
  return [...free, ...zero, ...taken];
}

const shortList = (labels: readonly string[]): string =>
  labels.length > 3 ? `${labels.slice(0, 2).join(', ')} and ${labels.length - 2} more` : labels.join(', ');
