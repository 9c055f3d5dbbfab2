import { isEqual } from './equal.ts';
import { setKey } from './json.ts';

/**
 * What has to be done to one plain value to make another of it, as plain data itself. Whoever holds the first value
 * gets the second from the patch alone, and keeps every part of it that is not touched as the same object.
 */
export type Patch =
  | { readonly is: unknown }
  | {
      /** Keys that are new, or whose value is another one. */
      readonly keys: readonly (readonly [key: string, patch: Patch])[];
      readonly gone?: readonly string[];
    }
  | { readonly items: readonly ItemStep[] };

/** A step through the items of the first array; a number: so many stay. What comes after the last step stays, too. */
export type ItemStep =
  number | { readonly drop: number } | { readonly put: readonly unknown[] } | { readonly edit: Patch };

/** How far ahead an item is looked for that came or went. */
const AHEAD = 32;

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The patch that makes `after` of `before`; undefined where they are equal. Takes plain data only. */
export function patchOf(before: unknown, after: unknown): Patch | undefined {
  if (Object.is(before, after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after)) return itemsPatch(before, after);
  if (isPlain(before) && isPlain(after)) return keysPatch(before, after);
  return { is: after };
}

function keysPatch(before: Plain, after: Plain): Patch | undefined {
  const keys: [string, Patch][] = [];
  for (const key in after) {
    const there = Object.hasOwn(before, key);
    const patch = there ? patchOf(before[key], after[key]) : { is: after[key] };
    if (patch) keys.push([key, patch]);
  }
  const gone: string[] = [];
  for (const key in before) if (!Object.hasOwn(after, key)) gone.push(key);
  if (gone.length > 0) return { keys, gone };
  return keys.length > 0 ? { keys } : undefined;
}

function itemsPatch(before: readonly unknown[], after: readonly unknown[]): Patch | undefined {
  const steps = new Steps();
  let at = 0;
  let to = 0;
  while (at < before.length && to < after.length) {
    if (isEqual(before[at], after[to])) {
      steps.keep();
      at++;
      to++;
      continue;
    }
    const come = distanceTo(before[at], after, to + 1);
    const gone = come === 1 ? undefined : distanceTo(after[to], before, at + 1);
    if (gone !== undefined && (come === undefined || gone <= come)) {
      steps.drop(gone);
      at += gone;
    } else if (come !== undefined) {
      steps.put(after.slice(to, to + come));
      to += come;
    } else steps.edit(patchOf(before[at++], after[to++]) ?? { is: undefined });
  }
  if (at < before.length) steps.drop(before.length - at);
  if (to < after.length) steps.put(after.slice(to));
  return steps.patch;
}

/** How many items come before an equal one; undefined where none is near. */
function distanceTo(item: unknown, items: readonly unknown[], from: number): number | undefined {
  const end = Math.min(items.length, from + AHEAD);
  for (let i = from; i < end; i++) if (isEqual(item, items[i])) return i - from + 1;
  return undefined;
}

class Steps {
  readonly #steps: ItemStep[] = [];
  #kept = 0;

  keep(): void {
    this.#kept++;
  }

  drop(count: number): void {
    this.#push({ drop: count });
  }

  put(items: readonly unknown[]): void {
    this.#push({ put: items });
  }

  edit(patch: Patch): void {
    this.#push({ edit: patch });
  }

  #push(step: ItemStep): void {
    if (this.#kept > 0) this.#steps.push(this.#kept);
    this.#kept = 0;
    this.#steps.push(step);
  }

  /** Undefined: every item stays. */
  get patch(): Patch | undefined {
    return this.#steps.length > 0 ? { items: this.#steps } : undefined;
  }
}

/** What a patch makes of the value that it was made for. Parts that it does not touch stay the same objects. */
export const patched = <T>(before: T, patch: Patch | undefined): T => (patch ? (applied(before, patch) as T) : before);

function applied(before: unknown, patch: Patch): unknown {
  if ('is' in patch) return patch.is;
  if ('items' in patch) return Array.isArray(before) ? appliedItems(before, patch.items) : before;
  const after: Record<string, unknown> = isPlain(before) ? { ...before } : {};
  for (const key of patch.gone ?? []) Reflect.deleteProperty(after, key);
  for (const [key, value] of patch.keys) setKey(after, key, applied(own(after, key), value));
  return after;
}

const own = (object: Plain, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

function appliedItems(before: readonly unknown[], steps: readonly ItemStep[]): unknown[] {
  const after: unknown[] = [];
  let at = 0;
  for (const step of steps) {
    if (typeof step === 'number') {
      for (const end = at + step; at < end; at++) after.push(before[at]);
    } else if ('drop' in step) at += step.drop;
    else if ('put' in step) for (const item of step.put) after.push(item);
    else after.push(applied(before[at++], step.edit));
  }
  for (; at < before.length; at++) after.push(before[at]);
  return after;
}
