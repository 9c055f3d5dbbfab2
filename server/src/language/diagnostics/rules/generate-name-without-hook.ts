import { isNamespaced } from '../../../core/builtin-kinds.ts';
import { generateNameOf, isObject, kindOf, metadataOf, nameOf } from '../../../core/object.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { hasGeneratedName } from '../../policies.ts';
import { mayBringAnnotations } from '../../templates.ts';
import { manifestPlace } from '../field-place.ts';
import { giveName } from '../fixes-fields.ts';
import { makeHook, type Target } from '../fixes-hooks.ts';
import { isForArgocd, isKeyOfArgocd, isTold } from '../hook-facts.ts';
import { HELM_HOOK, HOOK } from '../../../core/annotations/keys.ts';
import type { ApplicationManifest, ApplicationReport, Fix, Rule } from '../model.ts';

/** Resources without a name. Source: gitops-engine/pkg/sync/sync_context.go `getSyncTasks` names hooks alone. */
export const generateNameWithoutHook: Rule = {
  id: 'generate-name-without-hook',
  defaultLevel: 'error',
  levels: ['error'],
  title: 'A resource that is no hook has generateName and no name.',
  docs: `Argo CD makes a name for hooks alone. Every other manifest is applied, and an apply needs a name: the dry run
fails (\`cannot use generate name with apply\`), so that nothing of the whole application is synced, and not even PreSync
and SyncFail hooks run. Give it a name, or make it a hook. Custom resources are left alone where neither an annotation
nor an Application says that Argo CD applies them: those that run something (a Workflow, a PipelineRun) are often created
by other means.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: db-migration-
spec: {}
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: db-migration-
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
spec: {}
`,
  },
  about: ['generated-name'],
  check: (manifest, { document, facts, listedByKustomization }) => {
    const { object } = manifest;
    const prefix = generateNameOf(object);
    if (prefix === '' || nameOf(object) !== '' || object['apiVersion'] === undefined || kindOf(object) === '')
      return [];
    if (facts.isHook || facts.isSkip || isTold(manifest, HOOK, HELM_HOOK)) return [];
    // kustomize refuses it before Argo CD does, and a template may give it what it lacks.
    if (listedByKustomization || mayBringAnnotations(document, manifest)) return [];
    if (isNamespaced(facts.group, facts.kind) === undefined && !isForArgocd(manifest)) return [];
    return [
      {
        level: 'error',
        span: manifestPlace(manifest, document),
        message: messageFor(facts.label),
        fixes: () => fixesFor({ document, manifest }),
      },
    ];
  },
  /** Custom resources that an Application says to be its own. */
  checkApplication: ({ declaration, application, manifests }) => {
    if (!declaration || application.kind === 'kustomize') return [];
    return manifests.filter(isNamelessCustomResource).map((on): ApplicationReport => ({
      on,
      level: 'error',
      message: messageFor(on.facts.label),
      related: [{ on: declaration, message: `${declaration.facts.label} has Argo CD apply it` }],
      fixes: (manifest, document) => fixesFor({ document, manifest }),
    }));
  },
};

const messageFor = (label: string): string =>
  `${label} is no hook and has no name: Argo CD cannot apply it (cannot use generate name with apply), the dry run fails, and nothing of the application is synced. Give it a name, or make it a hook.`;

const fixesFor = (target: Target): readonly Fix[] => [
  ...(hasTemplate(generateNameOf(target.manifest.object)) ? [] : [giveName(target)]),
  makeHook(target, 'Sync'),
];

/** What `check` leaves alone, since nothing in it says that Argo CD applies it. */
function isNamelessCustomResource({ object, facts }: ApplicationManifest): boolean {
  if (!hasGeneratedName(object) || facts.isHook || facts.isSkip) return false;
  if (isNamespaced(facts.group, facts.kind) !== undefined || facts.kind === '') return false;
  const annotations = metadataOf(object)['annotations'];
  const keys = isObject(annotations) ? Object.keys(annotations) : [];
  return (annotations === undefined || isObject(annotations)) && !keys.some(isKeyOfArgocd);
}
