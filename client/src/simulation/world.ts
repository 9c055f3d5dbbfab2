import { generateNameOf, kindOf, metadataOf, nameOf, type JsonObject, type KubeObject } from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import { objectsOf, textOf } from '../sync/json.ts';
import type { Scheduler } from './clock.ts';
import type { Kinds } from './kinds.ts';
import type { PodLogs } from './pod-logs.ts';
import { ruleFor, type Named, type ObjectRule, type Scenario } from './scenario.ts';
import type { Store } from './store.ts';

/** What the controllers share. */
export interface World {
  readonly store: Store;
  readonly clock: Scheduler;
  readonly kinds: Kinds;
  scenario: Scenario;
  readonly logs: PodLogs;
  /** Looks at an object again: soon, or after so many milliseconds. */
  enqueue(key: string, after?: number): void;
  /** Creates what a controller makes; the answer is an error's text where the API server refuses it. */
  make(object: KubeObject): { readonly object: KubeObject } | { readonly error: string };
  /** Deletes an object as a controller does; in the background where nothing else is said. */
  remove(object: KubeObject, propagation?: PropagationPolicy): void;
  /** When an object of this generation was first looked at, in milliseconds. */
  since(object: KubeObject): number;
  /**
   * Why an object does not go on, for a person; an empty text where it does.
   * @param reason as an event of Kubernetes names it; absent where Kubernetes would say nothing
   */
  explain(object: KubeObject, message: string, reason?: string): void;
}

/** One step of a controller for one object: it looks at the state and does what is due. */
export type Controller = (object: KubeObject, world: World) => void;

/** Reference to an owner that controls the object. */
export function ownerReference(owner: KubeObject): JsonObject {
  return {
    apiVersion: textOf(owner['apiVersion']),
    kind: kindOf(owner),
    name: nameOf(owner),
    uid: textOf(metadataOf(owner)['uid']),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The object that controls this one, if it is still there. */
export function controllerOf(object: KubeObject, store: Store): KubeObject | undefined {
  const reference = objectsOf(metadataOf(object)['ownerReferences']).find((r) => r['controller'] === true);
  if (!reference) return undefined;
  const group = textOf(reference['apiVersion']).split('/').slice(0, -1).join('/');
  const namespace = textOf(metadataOf(object)['namespace']);
  const owner = store.get(`${group}/${textOf(reference['kind'])}/${namespace}/${textOf(reference['name'])}`);
  return owner && metadataOf(owner)['uid'] === reference['uid'] ? owner : undefined;
}

/** The object and what made it, the nearest first. */
export function lineage(object: KubeObject, store: Store): KubeObject[] {
  const line = [object];
  for (let owner = controllerOf(object, store); owner && line.length < 8; owner = controllerOf(owner, store))
    line.push(owner);
  return line;
}

/** The generated name of what a controller made says nothing: the rules mean manifests. */
const named = (object: KubeObject): Named => ({
  kind: kindOf(object),
  name: nameOf(object),
  generateName: objectsOf(metadataOf(object)['ownerReferences']).length > 0 ? '' : generateNameOf(object),
});

/** What the scenario says of an object or of anything that made it. */
export const ruleOf = (object: KubeObject, { scenario, store }: World): Omit<ObjectRule, 'name'> =>
  ruleFor(scenario, lineage(object, store).map(named));

/** Condition with the times that Kubernetes gives it. */
export function condition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: string,
): JsonObject {
  return { type, status, reason, message, lastTransitionTime: now, lastUpdateTime: now };
}

/** The conditions with one set; its times stay where nothing else about it changes. */
export function withCondition(conditions: readonly JsonObject[], next: JsonObject): JsonObject[] {
  const index = conditions.findIndex((c) => c['type'] === next['type']);
  const old = conditions[index];
  if (!old) return [...conditions, next];
  const same = (['status', 'reason', 'message'] as const).every((field) => old[field] === next[field]);
  return same ? [...conditions] : conditions.with(index, next);
}

/** The conditions of an object's status. */
export function conditionsOf(object: KubeObject): readonly JsonObject[] {
  const status = object['status'];
  return typeof status === 'object' && status !== null && !Array.isArray(status) ? objectsOf(status['conditions']) : [];
}

/** Is a condition of that type there with status True? */
export const isTrue = (object: KubeObject, type: string): boolean =>
  conditionsOf(object).some((c) => c['type'] === type && c['status'] === 'True');

/** A short name for the state of a template: equal templates give equal names. */
export function templateHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36).padStart(7, '0');
}
