import { at } from '../../../core/fields.ts';
import { HELM_HOOK_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import type { KubeObject } from '../../../core/object.ts';
import { hasGeneratedName } from '../../policies.ts';
import { manifestPlace } from '../field-place.ts';
import { addPolicy } from '../fixes-hooks.ts';
import { policiesOf, syncPhasesOf } from '../hook-facts.ts';
import { judged, type Rule } from '../model.ts';

/** Hooks of which each sync leaves one more. Seen on Argo CD 3.6.1. */
export const generateNameAccumulates: Rule = {
  id: 'generate-name-accumulates',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A hook with generateName is not deleted by HookSucceeded.',
  docs: `Each sync gives such a hook a new name, so that BeforeHookCreation (also the default) never finds the old ones,
and HookFailed deletes those of failed syncs alone. They stay until the Application is deleted: hooks are never pruned.
Add HookSucceeded. Nothing is said where \`ttlSecondsAfterFinished\` or \`ttlStrategy\` lets Kubernetes delete it.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: slack-notification-
  annotations:
    argocd.argoproj.io/hook: PostSync
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: slack-notification-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const { object } = manifest;
    if (!hasGeneratedName(object) || syncPhasesOf(manifest, facts).length === 0) return [];
    const policies = policiesOf(manifest, facts);
    if (!policies || policies.includes('HookSucceeded') || isDeletedByItself(object)) return [];
    const entry = judged(manifest, HOOK_DELETE_POLICY) ?? judged(manifest, HELM_HOOK_DELETE_POLICY);
    const consequence = policies.includes('HookFailed')
      ? 'HookFailed deletes it when the sync fails, and nothing ever deletes those of syncs that succeed'
      : `BeforeHookCreation${entry ? '' : ' (the default)'} never finds the old ones, and nothing else deletes them`;
    return [
      {
        level: 'warning',
        span: entry?.valueSpan ?? manifestPlace(manifest, document),
        message: `Each sync makes another ${facts.label} with a new name: ${consequence}. Add HookSucceeded.`,
        fixes: () => [addPolicy({ document, manifest }, 'HookSucceeded')],
      },
    ];
  },
};

/** The controller of the kind deletes it some time after its end. */
const isDeletedByItself = (object: KubeObject): boolean =>
  ['ttlSecondsAfterFinished', 'ttlStrategy'].some((field) => (at(object, 'spec', field) ?? null) !== null);
