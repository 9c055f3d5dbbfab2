import { annotationFor, type Annotation, type KnownValue } from '../../core/annotations/catalogue.ts';
import { isAtLeast } from '../../core/versions.ts';
import type { Span } from '../../manifest/model.ts';
import { doubleQuoted, needsQuotes } from '../../manifest/scalar-text.ts';
import type { ValueContext } from './context.ts';

/** A value that is offered, before it is given the shape of the protocol. */
export interface OfferedValue {
  readonly label: string;
  readonly newText: string;
  readonly detail: string;
  /** The catalogue's entry, where there is one: its documentation is shown. */
  readonly value?: KnownValue;
  readonly preselect?: boolean;
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
   * Waves that the application uses, with what is in each; empty where the application is not known. Asked for only
   * where a wave is written: it costs a plan.
   */
  readonly waves: () => ReadonlyMap<number, string>;
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
      return whole(context, annotation, waveValues(facts.waves()));
    case 'timestamp':
      return whole(context, annotation, [{ name: facts.now, detail: 'now' }]);
    case 'boolean':
    case 'text':
      return whole(
        context,
        annotation,
        annotation.values.map((value) => ({ name: value.name, detail: value.summary, value })),
      );
  }
}

interface Candidate {
  readonly name: string;
  readonly detail: string;
  readonly value?: KnownValue;
}

function whole(
  context: ValueContext,
  annotation: Annotation,
  candidates: readonly Candidate[],
): OfferedValues | undefined {
  if (candidates.length === 0) return undefined;
  const values = candidates.map(({ name, detail, value }) => ({
    label: name,
    newText: written(name, context),
    detail,
    ...(value ? { value } : {}),
  }));
  return { replace: context.replace, annotation, values };
}

/** The next item of a comma list: those that stand there already are left out, and so are those of a newer Argo CD. */
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
  const values = annotation.values
    .filter(({ name, since }) => !others.has(name) && !clashes(name, others) && isAtLeast(facts.argocdVersion, since))
    .filter(({ name }) => alone || name !== 'Skip')
    .map((value) => ({
      label: value.name,
      newText: alone && start === 0 ? written(value.name, context) : value.name + quoteBehind,
      detail: value.summary,
      value,
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

/** The next free waves first (above, below, between), then those in use with what is in them. */
function waveValues(used: ReadonlyMap<number, string>): Candidate[] {
  const known = [...used.keys()].sort((a, b) => a - b);
  const highest = known.at(-1) ?? 0;
  const lowest = known[0] ?? 0;
  const between = known.flatMap((wave, i) => {
    const next = known[i + 1];
    return next !== undefined && next - wave > 1 ? [wave + 1] : [];
  });
  const free = [
    { wave: Math.max(highest, 0) + 1, detail: used.size > 0 ? 'after everything of this application' : 'after wave 0' },
    {
      wave: Math.min(lowest, 0) - 1,
      detail: used.size > 0 ? 'before everything of this application' : 'before wave 0',
    },
    ...between.slice(0, 5).map((wave) => ({ wave, detail: 'free, between two waves' })),
  ];
  const taken = known.slice(0, 20).map((wave) => ({ wave, detail: `with ${used.get(wave) ?? ''}` }));
  const zero = used.has(0) ? [] : [{ wave: 0, detail: 'the wave of everything without this annotation' }];
  return [...free, ...zero, ...taken].map(({ wave, detail }) => ({ name: String(wave), detail }));
}
