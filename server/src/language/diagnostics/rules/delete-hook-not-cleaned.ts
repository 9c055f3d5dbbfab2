import { isApplicationKind } from '../../../core/annotations/catalogue.ts';
import { HELM_HOOK, HELM_HOOK_DELETE_POLICY, HOOK, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import { annotationOf, finalizersOf, gvkOf } from '../../../core/object.ts';
import { isAtLeast } from '../../../core/versions.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { ttlSeconds } from '../../policies.ts';
import { addPolicy } from '../fixes-hooks.ts';
import { deletePhasesOf, hookPlace, policiesOf } from '../hook-facts.ts';
import { manifestPlace } from '../field-place.ts';
import type { ApplicationManifest, ApplicationReport, Rule } from '../model.ts';

/** Hooks of a deletion that stay. Source: controller/hook.go `cleanupHooks`: HookSucceeded and HookFailed alone count. */
export const deleteHookNotCleaned: Rule = {
  id: 'delete-hook-not-cleaned',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A PostDelete hook lacks HookSucceeded, or a PreDelete hook of an Application without resources finalizer.',
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
  /** PreDelete hooks where nothing else deletes them. */
  checkApplication: ({ declaration, manifests, argocdVersion }) => {
    if (!declaration || !isApplicationKind(gvkOf(declaration.object)) || !isAtLeast(argocdVersion, '3.3')) return [];
    const finalizers = finalizersOf(declaration.object);
    if (finalizers.some((finalizer) => finalizer.startsWith(RESOURCES_FINALIZER) || hasTemplate(finalizer))) return [];
    return manifests.filter(isLeftBehind).map((hook): ApplicationReport => ({
      on: hook,
      where: hookPlace,
      level: 'warning',
      message: `${hook.facts.label} outlives the Application: ${declaration.facts.label} has no finalizer ${RESOURCES_FINALIZER}, so its deletion leaves everything, and a PreDelete hook without HookSucceeded with it. Add HookSucceeded.`,
      related: [{ on: declaration, message: `${declaration.facts.label} has no resources finalizer` }],
      fixes: (manifest, document) => [addPolicy({ document, manifest }, 'HookSucceeded')],
    }));
  },
};

const RESOURCES_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** A PreDelete hook that neither its policy nor Kubernetes deletes. */
function isLeftBehind({ object, facts }: ApplicationManifest): boolean {
  const { deletePhases, deletePolicies } = facts;
  if (!deletePhases.includes('PreDelete') || deletePhases.includes('PostDelete')) return false;
  if (deletePolicies.includes('HookSucceeded') || ttlSeconds(object) !== undefined) return false;
  return !KEYS.some((key) => hasTemplate(annotationOf(object, key) ?? ''));
}

const KEYS = [HOOK, HELM_HOOK, HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY];
