import { listAt, numberAt, textAt } from '../fields.ts';
import { metadataOf, type Json, type KubeObject } from '../object.ts';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export const asCondition = (value: Json): Condition => ({
  type: textAt(value, 'type'),
  status: textAt(value, 'status'),
  reason: textAt(value, 'reason'),
  message: textAt(value, 'message'),
});

/** `status.conditions`, in their order. */
export const conditionsOf = (object: KubeObject): Condition[] =>
  listAt(object, 'status', 'conditions').map(asCondition);

export const generationOf = (object: KubeObject): number => numberAt(metadataOf(object), 'generation');
export const observedGenerationOf = (object: KubeObject): number => numberAt(object, 'status', 'observedGeneration');
