import { at, listAt, textAt } from '../../fields.ts';
import { metadataOf, type Json, type JsonObject, type KubeObject } from '../../object.ts';
import type { Health, HealthStatus } from '../model.ts';

/*
 * What the ports share. A script finds nothing where JSON has null. Where a script would stop with an error, because
 * it joins a text that is not there, the port takes the empty text: objects that a controller wrote have it.
 */

export type Check = (object: KubeObject) => Health;
/** Checks by `group/Kind`. */
export type Checks = Readonly<Record<string, Check>>;

/** The same check for several kinds of a group. */
export const forKinds = (group: string, kinds: readonly string[], check: Check): Checks =>
  Object.fromEntries(kinds.map((kind) => [`${group}/${kind}`, check]));

const present = (value: Json | undefined): boolean => value !== undefined && value !== null;

/** Is there anything under this path? */
export const given = (object: Json | undefined, ...path: readonly string[]): boolean => present(at(object, ...path));

/** A condition as it is written, for scripts that tell an absent message from an empty one. */
export const rawConditionsOf = (object: Json | undefined): JsonObject[] => listAt(object, 'status', 'conditions');

/** The text of a key, or another where the key is absent; an empty text counts as there. */
export const textOr = (object: JsonObject, key: string, otherwise: string): string =>
  given(object, key) ? textAt(object, key) : otherwise;

export const suspended = (message = ''): Health => ({ status: 'Suspended', message });
export const unknown = (message = ''): Health => ({ status: 'Unknown', message });

/** Has the controller seen this very generation? Both absent is yes, as in Lua. */
export const isObserved = (object: KubeObject, observed: Json | undefined): boolean =>
  (at(metadataOf(object), 'generation') ?? null) === (observed ?? null);

/** A number, or a text that is one. Source: Lua's `tonumber`. */
export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** A table from phases to a status and a message. */
export type Phases = ReadonlyMap<string, readonly [HealthStatus, string]>;

/** What a table of phases says of the phase, or what is said while it has none of them. */
export function byPhase(phases: Phases, phase: string, otherwise: Health): Health {
  const known = phases.get(phase);
  return known ? { status: known[0], message: known[1] } : otherwise;
}
