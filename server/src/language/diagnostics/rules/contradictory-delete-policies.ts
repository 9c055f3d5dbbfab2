import { helmDeletePolicy } from '../../../core/annotations/classify.ts';
import { HELM_HOOK_DELETE_POLICY, HOOK_DELETE_POLICY, type DeletePolicy } from '../../../core/annotations/keys.ts';
import type { Manifest, YamlDocument } from '../../../manifest/model.ts';
import { removeItem, replaceItem } from '../fixes.ts';
import { itemsOf } from '../items.ts';
import { entryOf, judged, type Fix, type Rule } from '../model.ts';

/** Hooks that are deleted however the sync ends. Seen on Argo CD 3.6.1. */
export const contradictoryDeletePolicies: Rule = {
  id: 'contradictory-delete-policies',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'HookSucceeded and HookFailed stand together.',
  docs: `Together they delete the hook at the end of every sync, however it ended: after a failure there is no Job, no pod and no
log left to look at. BeforeHookCreation in place of HookFailed leaves a failed one until the next sync, which deletes it
right before it creates it anew.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded,HookFailed
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded,BeforeHookCreation
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const { deletePolicies, hookTypes } = facts;
    if (!hookTypes.some((type) => type !== 'Skip')) return [];
    if (!deletePolicies.includes('HookSucceeded') || !deletePolicies.includes('HookFailed')) return [];
    if (FAMILIES.some(({ key }) => entryOf(manifest, key)?.templated === true)) return [];
    const failed = itemOf(document, manifest, 'HookFailed');
    if (!failed) return [];
    const hasBefore = deletePolicies.includes('BeforeHookCreation');
    const { name, before } = failed;
    const succeeded = itemOf(document, manifest, 'HookSucceeded')?.name ?? 'HookSucceeded';
    return [
      {
        level: 'info',
        span: failed.span,
        message: `${facts.label} is deleted at the end of every sync, however it ends (${succeeded}, ${name}): after a failure nothing is left to look at. ${hasBefore ? `Remove ${name}.` : `Put ${before} in the place of ${name}.`}`,
        fixes: () => [keepTheFailed(document, failed, hasBefore)],
      },
    ];
  },
};

const FAMILIES = [
  { key: HOOK_DELETE_POLICY, before: 'BeforeHookCreation', policyOf: (item: string) => item },
  { key: HELM_HOOK_DELETE_POLICY, before: 'before-hook-creation', policyOf: helmDeletePolicy },
];

/** The item that says a policy, in either annotation. */
function itemOf(document: YamlDocument, manifest: Manifest, policy: DeletePolicy) {
  for (const { key, before, policyOf } of FAMILIES) {
    const entry = judged(manifest, key);
    const item = entry && itemsOf(document, entry).find(({ name }) => policyOf(name) === policy);
    if (entry && item) return { entry, before, ...item };
  }
  return undefined;
}

function keepTheFailed(
  document: YamlDocument,
  { entry, name, before }: NonNullable<ReturnType<typeof itemOf>>,
  hasBefore: boolean,
): Fix {
  if (hasBefore) return { ...removeItem({ document, entry, item: name }), preferred: true };
  return { ...replaceItem({ document, entry, item: name, by: before }), safe: false };
}
