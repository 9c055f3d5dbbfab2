import type { HealthResult } from '../health/model.ts';
import type { KubeObject } from '../object.ts';
import type { OperationState, PassOutcome, PropagationPolicy, ResourceResult, Response, Step } from './model.ts';

/** Everything that one pass of a deletion reads. */
export interface DeletionInput {
  /** Hooks of the deletion among the manifests, normalized, with the tracking annotation. */
  readonly hooks: readonly KubeObject[];
  /** The application's live objects by key: what carries its tracking annotation and belongs to no other object. */
  readonly live: ReadonlyMap<string, KubeObject>;
  /** Delete the resources too; without it hooks run alone, as for an Application without the resources finalizer. */
  readonly cascade: boolean;
  readonly propagation: PropagationPolicy;
  /** Value of the application's own sync option `Delete=…`; null: none. */
  readonly defaultDelete: string | null;
  /** What asks for a confirmation (`Delete=confirm`) has it. */
  readonly confirmed: boolean;
  readonly operation: OperationState;
  readonly results: readonly ResourceResult[];
  readonly health: (object: KubeObject) => HealthResult;
}

/** One pass of a deletion. */
export type DeletionPass = Generator<Step, PassOutcome, readonly Response[]>;
