import { at } from '../../../core/fields.ts';
import { HELM_HOOK_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import { generateNameOf, type KubeObject } from '../../../core/object.ts';
import type { Manifest, YamlDocument } from '../../../manifest/model.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { listed } from '../../naming.ts';
import { hasGeneratedName } from '../../policies.ts';
import { manifestPlace } from '../field-place.ts';
import { giveName } from '../fixes-fields.ts';
import { addPolicy } from '../fixes-hooks.ts';
import { deletePhasesOf, policiesOf, syncPhasesOf } from '../hook-facts.ts';
import type { ManifestFacts } from '../facts.ts';
import { judged, type Report, type Rule } from '../model.ts';

/** Hooks of which each sync leaves one more. Seen on Argo CD 3.6.1. */
export const generateNameAccumulates: Rule = {
  id: 'generate-name-accumulates',
  defaultLevel: 'warning',
  levels: ['warning', 'info'],
  title: 'A hook with generateName is not deleted by HookSucceeded.',
  docs: `Each sync gives such a hook a new name, so that BeforeHookCreation (also the default) never finds the old ones,
and HookFailed deletes those of failed syncs alone. They stay until the Application is deleted: hooks are never pruned.
Add HookSucceeded. A hook of a deletion is looked for by its name, so that one with a generated name is not found and made
again and again (an information): give it a name. Nothing is said where \`ttlSecondsAfterFinished\` or \`ttlStrategy\` lets Kubernetes delete it.`,
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
    if (!hasGeneratedName(object)) return [];
    if (syncPhasesOf(manifest, facts).length === 0) return inDeletion(manifest, document, facts);
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

/** Source: controller/hook.go `executeHooks` takes a hook for missing unless something live has the very name. */
function inDeletion(manifest: Manifest, document: YamlDocument, facts: ManifestFacts): readonly Report[] {
  const phases = deletePhasesOf(manifest, facts);
  if (phases.length === 0) return [];
  return [
    {
      level: 'info',
      span: manifestPlace(manifest, document),
      message: `Argo CD looks for ${facts.label} by its name when it deletes the Application, and it has none: the ${listed(phases)} hook may be created again and again. Give it a name.`,
      fixes: () => (hasTemplate(generateNameOf(manifest.object)) ? [] : [giveName({ document, manifest })]),
    },
  ];
}

/** The controller of the kind deletes it some time after its end. */
const isDeletedByItself = (object: KubeObject): boolean =>
  ['ttlSecondsAfterFinished', 'ttlStrategy'].some((field) => (at(object, 'spec', field) ?? null) !== null);
