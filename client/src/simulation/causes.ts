import { writeJson } from '#core/json';
import { groupOf, kindOf, nameOf, type Json, type JsonObject, type KubeObject } from '#core/object';

/** Why the API server refuses a request; `reason` is that of its status object. */
export interface Refusal {
  readonly error: string;
  readonly reason: string;
  /** Its details, where somebody reads them. */
  readonly details?: JsonObject;
}

/** One thing that is wrong with an object: a path and what is said of it. */
export type Cause = string;

/** `spec.selector: Invalid value: {…}: field is immutable`. */
export const invalidValue = (path: string, value: Json | undefined, why: string): Cause =>
  `${path}: Invalid value: ${writeJson(value ?? null)}: ${why}`;

/** `Job.batch "migrate" is invalid: …`, as the API server says it; undefined where nothing is wrong. */
export function invalid(object: KubeObject, causes: readonly Cause[]): Refusal | undefined {
  const [first, ...others] = new Set(causes);
  if (first === undefined) return undefined;
  const group = groupOf(object);
  const named = `${kindOf(object)}${group === '' ? '' : `.${group}`} "${nameOf(object)}"`;
  const what = others.length > 0 ? `[${[first, ...others].join(', ')}]` : first;
  return { error: `${named} is invalid: ${what}`, reason: 'Invalid' };
}
