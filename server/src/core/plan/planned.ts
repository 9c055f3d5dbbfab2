import { isHook, type WaveOrigin } from '../annotations/classify.ts';
import type { SyncPhase } from '../annotations/keys.ts';
import { generateNameOf, keyOf, kindOf, nameOf, objectIdOf, type KubeObject } from '../object.ts';
import type { PlacedObject } from './model.ts';

/** A task of the plan while it is being built, in its final place. */
export interface PlannedTask {
  readonly object: KubeObject;
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly declaredWave: number;
  readonly declaredFrom: WaveOrigin;
  /** Where the manifest stands; absent for the namespace that CreateNamespace makes. */
  readonly placed: PlacedObject | undefined;
  /** The first user of a Namespace or CRD that was moved before it. */
  readonly pulledBy: KubeObject | undefined;
}

/**
 * Key of a planned object: `group/Kind/namespace/name`. An object whose name is generated at the start of a sync is
 * known by its `generateName` until then.
 */
export function plannedKey(object: KubeObject): string {
  const id = objectIdOf(object);
  return keyOf(id.name === '' ? { ...id, name: generateNameOf(object) } : id);
}

/** `Job db-migration`, as a person calls it; a generated name ends in an ellipsis. */
export const plannedLabel = (object: KubeObject): string =>
  `${kindOf(object) || 'object'} ${nameOf(object) || `${generateNameOf(object)}…`}`;

export const isPlannedHook = (task: PlannedTask): boolean => task.placed !== undefined && isHook(task.object);
