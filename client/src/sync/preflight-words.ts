import { isHook } from '#core/annotations/classify';
import { generateNameOf, kindOf, nameOf, type KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';

/** The options of an operation, in the words of Argo CD; empty where none was chosen. */
export function optionWords({
  syncOptions = [],
  prune,
  dryRun,
  force,
  forceConflicts,
  resources = [],
}: OperationRequest): string[] {
  return [
    ...(dryRun === true ? ['Dry run: nothing is written'] : []),
    prune === true ? 'Prune: what is not in the application any more is deleted' : 'Prune is off',
    ...(force === true ? ['Force: deleted and created again where a change is refused'] : []),
    ...(forceConflicts === true ? ['Force conflicts: fields that others own are taken over'] : []),
    ...(resources.length > 0 ? [`Only ${resources.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`] : []),
    ...syncOptions,
  ];
}

/** Hooks that a sync of selected resources does not run. Source: controller/sync.go `SyncAppState`. */
export function idleHooks({ resources = [] }: OperationRequest, targets: readonly KubeObject[]): string[] {
  const hooks = targets.filter(isHook);
  if (resources.length === 0 || hooks.length === 0) return [];
  const names = hooks.map((hook) => `${kindOf(hook)} ${nameOf(hook) || `${generateNameOf(hook)}…`}`);
  return [`${names.join(', ')}: a sync of selected resources runs no hooks`];
}
