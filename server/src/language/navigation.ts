import type { PlacedObject } from '../core/plan/model.ts';
import { namespaceOf, type KubeObject } from '../core/object.ts';
import { allPlaces, taskKey, type PlanPlace } from '../core/plan/query.ts';
import { madeBy, referencePlaces, type Reference } from '../core/plan/references.ts';
import type { PlanView } from './place.ts';

/** A manifest, or a place within it, by the file and the line (1-based) under which the plan keeps it. */
export interface Target {
  readonly file: string;
  readonly line: number;
  /** Keys and indices from the manifest's root to the place; absent for its name. */
  readonly path?: readonly (string | number)[];
}

const targetOf = ({ task: { file, line } }: PlanPlace): Target[] =>
  file === undefined || line === undefined ? [] : [{ file, line }];

/** The places of a manifest in a plan: those under its file and line. */
type Places = readonly PlanPlace[];

/**
 * Everything in the waves that the manifest is in, in the order in which it runs; the manifest itself too. Where waves
 * do not count (SyncFail, deletion) that is the whole phase.
 */
export function inSameWave(places: Places, view: PlanView): Target[] {
  return unique(
    places.flatMap((place) => {
      const index = view.waveIndex(place.wave);
      return index === undefined ? inSamePhase([place], view) : (view.waves[index] ?? []).flatMap(targetOf);
    }),
  );
}

/** Everything in the phases that the manifest is in. */
export function inSamePhase(places: Places, view: PlanView): Target[] {
  const phases = new Set(places.map(({ phase }) => phase));
  const all = allPlaces(view.plan).filter(({ phase }) => phases.has(phase));
  return unique(all.flatMap(targetOf));
}

/**
 * What waits for the manifest (the wave behind, where its gate waits for it) and what it waits for (those of the wave
 * before for which its gate waits).
 */
export function waiting(places: Places, view: PlanView): { readonly before: Target[]; readonly after: Target[] } {
  const before: Target[] = [];
  const after: Target[] = [];
  for (const place of places) {
    const index = view.waveIndex(place.wave);
    if (index === undefined) continue;
    const awaited = new Set(place.wave.gate.for.map(({ task }) => task));
    if (awaited.has(taskKey(place.task))) after.push(...(view.waves[index + 1] ?? []).flatMap(targetOf));
    before.push(...awaitedBefore(view, index));
  }
  return { before: unique(before), after: unique(after) };
}

/** Tasks of the nearest wave before one that waits for anything. */
function awaitedBefore(view: PlanView, index: number): Target[] {
  for (let at = index - 1; at >= 0; at--) {
    const wave = view.waves[at] ?? [];
    const awaited = new Set(wave[0]?.wave.gate.for.map(({ task }) => task));
    if (awaited.size > 0) return wave.filter(({ task }) => awaited.has(taskKey(task))).flatMap(targetOf);
  }
  return [];
}

/** An application as far as references go. */
export interface Referable {
  readonly objects: readonly PlacedObject[];
  /** Destination namespace: that of objects without one. */
  readonly namespace: string;
}

/** What makes the object that a reference names: the object itself, or what an operator makes it from. */
export function makersOf(
  { kind, name }: Pick<Reference, 'kind' | 'name'>,
  from: KubeObject,
  { objects, namespace }: Referable,
): Target[] {
  const where = namespaceOf(from) || namespace;
  return objects.flatMap(({ object, file, line }): Target[] => {
    const made = madeBy(object);
    const isIt = made.kind === kind && made.name === name && (namespaceOf(object) || namespace) === where;
    return isIt && file !== undefined && line !== undefined ? [{ file, line }] : [];
  });
}

/** Every place at which the application's pods name an object. */
export function usersOf(
  { kind, name }: { readonly kind: string; readonly name: string },
  of: KubeObject,
  { objects, namespace }: Referable,
): Target[] {
  if (name === '' || kind === '') return [];
  const where = namespaceOf(of) || namespace;
  return objects.flatMap(({ object, file, line }): Target[] => {
    if (file === undefined || line === undefined || (namespaceOf(object) || namespace) !== where) return [];
    return referencePlaces(object)
      .filter((place) => place.kind === kind && place.name === name)
      .map(({ path }) => ({ file, line, path }));
  });
}

/** Each place once, in the order of the list. */
export const unique = (targets: readonly Target[]): Target[] => [
  ...new Map(targets.map((target) => [keyOf(target), target])).values(),
];

const keyOf = ({ file, line, path = [] }: Target): string => JSON.stringify([file, line, path]);
