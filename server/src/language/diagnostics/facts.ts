import {
  declaredWave,
  deletePhases,
  deletePolicies,
  hookTypes,
  isHook,
  isSkip,
} from '../../core/annotations/classify.ts';
import type { DeletePhase, DeletePolicy, HookType } from '../../core/annotations/keys.ts';
import { groupOf, kindOf, type KubeObject } from '../../core/object.ts';
import { labelOf } from '../naming.ts';

/** What the rules ask of one object, each worked out once, when the first of them asks. */
export class ManifestFacts {
  readonly object: KubeObject;
  readonly kind: string;
  readonly group: string;
  #label: string | undefined;
  #hook: boolean | undefined;
  #skip: boolean | undefined;
  #types: readonly HookType[] | undefined;
  #deletePhases: readonly DeletePhase[] | undefined;
  #policies: readonly DeletePolicy[] | undefined;
  #wave: ReturnType<typeof declaredWave> | undefined;

  /** @param label how messages speak of it, where its kind and name do not tell */
  constructor(object: KubeObject, label?: string) {
    this.object = object;
    this.#label = label;
    this.kind = kindOf(object);
    this.group = groupOf(object);
  }

  /** `Job db-migration`: how messages speak of it. */
  get label(): string {
    return (this.#label ??= labelOf(this.object));
  }

  /** A hook to Argo CD, also one of no known phase, which it drops. */
  get isHook(): boolean {
    return (this.#hook ??= isHook(this.object));
  }

  /** `Skip` alone: left out of every sync. */
  get isSkip(): boolean {
    return (this.#skip ??= isSkip(this.object));
  }

  /** Its hook types of a sync, Helm's mapped; `Skip` among them. */
  get hookTypes(): readonly HookType[] {
    return (this.#types ??= hookTypes(this.object));
  }

  /** The phases of a deletion in which it runs. */
  get deletePhases(): readonly DeletePhase[] {
    return (this.#deletePhases ??= deletePhases(this.object));
  }

  /** Delete policies in force, the default among them; empty for what is no hook. */
  get deletePolicies(): readonly DeletePolicy[] {
    return (this.#policies ??= deletePolicies(this.object));
  }

  /** The wave as it is declared, and by which annotation. */
  get wave(): ReturnType<typeof declaredWave> {
    return (this.#wave ??= declaredWave(this.object));
  }
}
