import { isObject, type Json, type JsonObject } from '../../../core/object.ts';
import { fail } from '../problem.ts';
import { kindOf, type Value } from '../values.ts';

/** What a function wants: Go checks the type of what it is given. `any` takes everything, also nothing. */
export type Wants = 'any' | 'string' | 'int' | 'bool' | 'map';

/** A function of templates. */
export interface TemplateFunction {
  readonly wants: readonly Wants[];
  /** What every further value has to be; absent: there are none. */
  readonly more?: Wants;
  /** Values as they are wanted: `at` and the like read them. */
  readonly run: (values: readonly Value[]) => Value;
}

export type Functions = Readonly<Record<string, TemplateFunction>>;

/** Calls a function. Source: text/template/exec.go `evalCall`, `validateType`. @throws TemplateProblem */
export function call(name: string, { wants, more, run }: TemplateFunction, values: readonly Value[]): Value {
  if (values.length < wants.length || (more === undefined && values.length > wants.length))
    fail(`${name} is given ${values.length} values and wants ${wants.length}`);
  return run(values.map((value, i) => checked(name, value, wants[i] ?? more ?? 'any')));
}

function checked(name: string, value: Value, wanted: Wants): Value {
  if (wanted === 'any') return value;
  if (wanted === 'map' && value === undefined) return {};
  return kindOf(value) === wanted ? value : fail(`${name} wants a value of type ${wanted}`);
}

export const textOf = (value: Value): string => (typeof value === 'string' ? value : fail('it is no text'));
export const intOf = (value: Value): number => (typeof value === 'bigint' ? Number(value) : fail('it is no integer'));
export const mapOf = (value: Value): JsonObject => (isObject(value) ? value : fail('it is no map'));
export const jsonOf = (value: Value): Json => value ?? null;
export const listOf = (value: Value): Json[] => (Array.isArray(value) ? value : fail('it is no list'));

/** Go's functions count bytes, and know letters of other alphabets otherwise than JavaScript's do. */
export function ascii(value: Value): string {
  const text = textOf(value);
  return /^[\0-\x7f]*$/.test(text) ? text : fail(`${text} holds letters whose bytes count`);
}

/** No text and no list in an Application is longer. */
export const MAX_LENGTH = 100_000;

/** A function of texts alone. */
export const onTexts = (count: number, run: (...texts: string[]) => Value): TemplateFunction => ({
  wants: Array<Wants>(count).fill('string'),
  run: (values) => run(...values.map(textOf)),
});
