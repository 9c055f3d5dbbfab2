import { isHook } from '../annotations/classify.ts';
import { isNamespaced } from '../builtin-kinds.ts';
import { isObject, type KubeObject } from '../object.ts';
import type { ManagedNamespaceMetadata } from '../sync/model.ts';
import { isNamespace, namespaceTarget } from '../sync/namespace.ts';
import type { ApplicationPlan, PlacedObject, PlanProblem } from './model.ts';
import { normalizeTargets, type Normalization, type ScopeOf } from './normalize.ts';
import { definedKind } from './order.ts';
import { reconcile } from './reconcile.ts';
import { draftTasks, type DraftTask } from './tasks.ts';

export interface PlanInput {
  readonly name: string;
  readonly source: ApplicationPlan['source'];
  /** Destination namespace; empty where nothing says. */
  readonly namespace: string;
  readonly objects: readonly PlacedObject[];
  /** Application-level sync options (`spec.syncPolicy.syncOptions`). */
  readonly syncOptions?: readonly string[];
  /** `spec.syncPolicy.managedNamespaceMetadata`: what CreateNamespace=true writes on the destination namespace. */
  readonly managedNamespaceMetadata?: ManagedNamespaceMetadata;
  /** What could not be read; goes into the plan as it is. */
  readonly problems?: readonly PlanProblem[];
}

/** What a first sync of an application takes part in, before it is ordered. */
export interface PlanDrafts extends Normalization {
  readonly drafts: readonly DraftTask[];
}

/** The tasks of a first sync, in no order. `index` of what is kept is that of the input's objects. */
export function draftPlan(input: PlanInput): PlanDrafts {
  const targets = input.objects.map(({ object }) => object);
  const normalized = normalizeTargets(targets, input.namespace, scopesOf(targets));
  const drafts = draftTasks({
    ...reconcile(normalized.kept.map(({ object }) => object)),
    namespace: input.namespace,
    revision: '',
    startedAt: 0,
    skipHooks: false,
    pruneLast: false,
    createdNamespace: createdNamespace(input, targets),
  });
  return { ...normalized, drafts };
}

/** Scope of a kind: built-in, or as a CustomResourceDefinition of the application says. */
function scopesOf(targets: readonly KubeObject[]): ScopeOf {
  const defined = new Map<string, boolean>();
  for (const target of targets) {
    const kind = definedKind(target);
    const spec = target['spec'];
    if (kind && isObject(spec)) defined.set(`${kind.group}/${kind.kind}`, spec['scope'] !== 'Cluster');
  }
  return (group, kind) => isNamespaced(group, kind) ?? defined.get(`${group}/${kind}`);
}

/**
 * The destination namespace that CreateNamespace=true makes, unless the application brings it itself.
 * Source: sync_context.go `autoCreateNamespace`.
 */
function createdNamespace(
  { namespace, syncOptions = [], managedNamespaceMetadata }: PlanInput,
  targets: readonly KubeObject[],
): { target: KubeObject; live: undefined } | undefined {
  if (namespace === '' || !syncOptions.includes('CreateNamespace=true')) return undefined;
  if (targets.some((target) => isNamespace(target, namespace) && !isHook(target))) return undefined;
  return { target: namespaceTarget(namespace, managedNamespaceMetadata), live: undefined };
}
