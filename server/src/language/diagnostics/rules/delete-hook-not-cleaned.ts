import { ttlSeconds } from '../../policies.ts';
import { addPolicy } from '../fixes-hooks.ts';
import { deletePhasesOf, hookPlace, policiesOf } from '../hook-facts.ts';
import { manifestPlace } from '../field-place.ts';
import type { Rule } from '../model.ts';

/** Hooks of a deletion that stay. Source: controller/hook.go `cleanupHooks`: HookSucceeded and HookFailed alone count. */
export const deleteHookNotCleaned: Rule = {
  id: 'delete-hook-not-cleaned',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A PostDelete hook lacks HookSucceeded.',
  docs: `When an Application is deleted Argo CD deletes its PostDelete hooks only if their policy is HookSucceeded. With the
default policy, BeforeHookCreation, they outlive the Application, and nothing knows them any more. PreDelete hooks go with
the other resources where the Application has the finalizer \`resources-finalizer.argocd.argoproj.io\`; without it they
stay too. Add HookSucceeded.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: clean-buckets
  annotations:
    argocd.argoproj.io/hook: PostDelete
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: clean-buckets
  annotations:
    argocd.argoproj.io/hook: PostDelete
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    if (!deletePhasesOf(manifest, facts).includes('PostDelete')) return [];
    const policies = policiesOf(manifest, facts);
    if (!policies || policies.includes('HookSucceeded') || ttlSeconds(manifest.object) !== undefined) return [];
    return [
      {
        level: 'warning',
        span: hookPlace(manifest) ?? manifestPlace(manifest, document),
        message: `${facts.label} outlives the Application: nothing deletes a PostDelete hook without HookSucceeded${policies.includes('HookFailed') ? ' once it has succeeded' : ''}. Add HookSucceeded.`,
        fixes: () => [addPolicy({ document, manifest }, 'HookSucceeded')],
      },
    ];
  },
};
