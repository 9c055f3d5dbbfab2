import { annotationFor, POLICY_NAMES } from '../../../core/annotations/catalogue.ts';
import {
  deletePhases,
  deletePolicies,
  helmDeletePolicy,
  hookTypes,
  isHook,
} from '../../../core/annotations/classify.ts';
import { HELM_HOOK_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import { nearest } from '../../../core/annotations/nearest.ts';
import { kindOf, type KubeObject } from '../../../core/object.ts';
import { labelOf, listed } from '../../naming.ts';
import { hasGeneratedName, isNamedAnew, mayVanish, staleCase } from '../../policies.ts';
import { replaceItem } from '../fixes.ts';
import { removeOption } from '../fixes-options.ts';
import { itemsOf } from '../items.ts';
import { judged, type Report, type Rule } from '../model.ts';

const FAMILIES = [
  {
    key: HOOK_DELETE_POLICY,
    owner: 'Argo CD',
    names: POLICY_NAMES,
    isKnown: (name: string) => POLICY_NAMES.includes(name),
  },
  {
    key: HELM_HOOK_DELETE_POLICY,
    owner: 'Helm',
    names: annotationFor(HELM_HOOK_DELETE_POLICY, false)?.values.map((value) => value.name) ?? [],
    isKnown: (name: string) => helmDeletePolicy(name) !== undefined,
  },
];

/** Delete policies that Argo CD, or Helm, does not know. Source: gitops-engine/pkg/sync/hook/delete_policy.go. */
export const unknownDeletePolicy: Rule = {
  id: 'unknown-delete-policy',
  defaultLevel: 'warning',
  levels: ['warning', 'error'],
  title: 'A delete policy is none that Argo CD knows.',
  docs: `Policies that Argo CD does not know are ignored. Where none is left, BeforeHookCreation holds. Where one is left and
it is not BeforeHookCreation, the hook loses that default too: \`HookSucceded,HookFailed\` is HookFailed alone, and the Job
never runs again after a success. That case is an error.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: HookSucceded
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
`,
  },
  about: ['hook'],
  parts: true,
  check: (manifest, { document, facts, part }) => {
    // Where the hook stands elsewhere, other policies may stand there too.
    const apart = part !== undefined;
    if (!apart && !isHook(manifest.object)) return [];
    const otherTemplated = manifest.annotations.some(
      ({ key, templated }) => templated && (key === HOOK_DELETE_POLICY || key === HELM_HOOK_DELETE_POLICY),
    );
    return FAMILIES.flatMap(({ key, owner, names, isKnown }) => {
      const entry = judged(manifest, key);
      if (!entry) return [];
      return itemsOf(document, entry)
        .filter(({ name }) => !isKnown(name))
        .map(({ name, span }): Report => {
          const meant = nearest(name, names);
          const stale = !apart && !otherTemplated && staysForGood(manifest.object);
          return {
            level: stale ? 'error' : 'warning',
            span,
            message: `"${name}" is no delete policy of ${owner} and is ignored${apart ? ` on ${facts.label}.` : otherTemplated ? '.' : whatHolds(manifest.object)}${meant ? ` Did you mean ${meant}?` : ''}`,
            fixes: () => {
              if (meant) return [replaceItem({ document, entry, item: name, by: meant })];
              return apart ? [] : [removeOption({ document, manifest, entry, item: name })];
            },
          };
        });
    });
  },
};

/** The hook stays and is not run again, and nothing else deletes it. */
const staysForGood = (object: KubeObject): boolean =>
  staleCase(object) !== undefined && !isNamedAnew(object) && !mayVanish(object);

/** Which policies hold for the object as it is written, and what that means. */
function whatHolds(object: KubeObject): string {
  const policies = deletePolicies(object);
  const label = labelOf(object);
  if (hookTypes(object).length === 0) return whatHoldsAtDeletion(object);
  if (hasGeneratedName(object) && !policies.includes('HookSucceeded'))
    return `: ${label} has a new name in each sync, and those of successful syncs are never deleted. Add HookSucceeded.`;
  switch (staysForGood(object) ? staleCase(object) : undefined) {
    case 'once-then-never':
      return `: for ${label} ${listed(policies)} alone holds, so after its first success it stays and never runs again.`;
    case 'failure-sticks':
      return `: for ${label} ${listed(policies)} alone holds, so after one failure the failed ${kindOf(object)} stays and every later sync fails without running it.`;
    case 'second-failure-silent':
      return `: for ${label} ${listed(policies)} alone holds, so it stays after a failed sync and does not run on the second failure.`;
    case undefined:
      return policies.length === 1 && policies[0] === 'BeforeHookCreation'
        ? `: for ${label} BeforeHookCreation holds, so it stays after the sync and is deleted right before the next one creates it anew.`
        : `: for ${label} ${listed(policies)} ${policies.length > 1 ? 'hold' : 'holds'}.`;
  }
}

/** The same for hooks of a deletion, of which HookSucceeded alone is of use, and for hooks that never run. */
function whatHoldsAtDeletion(object: KubeObject): string {
  const label = labelOf(object);
  const phases = deletePhases(object);
  if (phases.length === 0) return ` on ${label}.`;
  if (deletePolicies(object).includes('HookSucceeded')) return `: ${label} is deleted when it has succeeded.`;
  return phases.includes('PostDelete')
    ? `: nothing deletes ${label}, so it outlives the Application.`
    : `: ${label} is deleted with the resources of the Application, and stays where that has no resources finalizer.`;
}
