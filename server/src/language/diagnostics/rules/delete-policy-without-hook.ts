import { isHook, isSkip } from '../../../core/annotations/classify.ts';
import { HELM_HOOK, HELM_HOOK_DELETE_POLICY, HOOK, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import { labelOf } from '../../naming.ts';
import { mayWriteEntries } from '../../templates.ts';
import { addAnnotation, removeAnnotation } from '../fixes.ts';
import { entryOf, judged, type Rule } from '../model.ts';
import { losesData } from './stateful-kind-is-hook.ts';

/** Delete policies on what is no hook. Source: gitops-engine/pkg/sync/hook/delete_policy.go `DeletePolicies`. */
export const deletePolicyWithoutHook: Rule = {
  id: 'delete-policy-without-hook',
  defaultLevel: 'warning',
  levels: ['warning', 'info'],
  title: 'A delete policy stands on a manifest that is no hook.',
  docs: `Argo CD reads delete policies of hooks alone. On an ordinary resource the annotation has no effect: the object is
neither deleted after a sync nor before the next one. Where a kustomization lists the file a patch may still make it a
hook, so this is only an information there.`,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
`,
  },
  check: (manifest, { document, facts, listedByKustomization }) => {
    if (isHook(manifest.object)) return [];
    const written = entryOf(manifest, HOOK) ?? entryOf(manifest, HELM_HOOK);
    if (written && (written.templated || typeof written.value !== 'string')) return [];
    if (mayWriteEntries(document, manifest)) return [];
    return [HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY].flatMap((key) => {
      const entry = judged(manifest, key);
      if (!entry) return [];
      const why = isSkip(manifest.object) ? 'is skipped and so no hook' : 'is no hook';
      // A claim or a Namespace that every sync deletes would be worse than a policy without effect.
      const mayBeHook = !isSkip(manifest.object) && !losesData(facts);
      const toDo = mayBeHook ? `Remove the policy, or add ${HOOK}.` : 'Remove the policy.';
      const remove = () => removeAnnotation({ document, manifest, entry, title: `Remove ${key}` });
      const add = () =>
        addAnnotation({ document, manifest, key: HOOK, value: 'PreSync', title: 'Make it a PreSync hook' });
      return [
        {
          level: listedByKustomization ? 'info' : 'warning',
          span: entry.keySpan,
          message: `${labelOf(manifest.object)} ${why}: its delete policy has no effect, and no sync deletes it. ${toDo}`,
          fixes: () => (mayBeHook ? [remove(), add()] : [remove()]),
        },
      ];
    });
  },
};
