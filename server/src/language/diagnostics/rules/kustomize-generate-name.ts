import { generateNameOf, nameOf } from '../../../core/object.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { manifestPlace } from '../field-place.ts';
import { giveName } from '../fixes-fields.ts';
import type { Rule } from '../model.ts';

/** Manifests that kustomize does not take. Source: kustomize, api/resource `validateName`. */
export const kustomizeGenerateName: Rule = {
  id: 'kustomize-generate-name',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'A kustomization lists a manifest that has generateName and no name.',
  docs: `kustomize refuses objects without \`metadata.name\`, so that Argo CD cannot generate the manifests of the
application, and nothing of it is synced. Give the hook a name, and the delete policy BeforeHookCreation (the default).
A patch of the kustomization may give it one: that is why this is only an information.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: db-migration-
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
    files: {
      'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - manifest.yaml
`,
    },
  },
  about: ['generated-name'],
  check: (manifest, { document, facts, listedByKustomization }) => {
    const prefix = generateNameOf(manifest.object);
    if (!listedByKustomization || prefix === '' || nameOf(manifest.object) !== '') return [];
    return [
      {
        level: 'info',
        span: manifestPlace(manifest, document),
        message: `A kustomization builds on ${facts.label}, which has no name: kustomize refuses it, and Argo CD cannot generate the manifests of the application. Give it a name.`,
        fixes: () => (hasTemplate(prefix) ? [] : [giveName({ document, manifest })]),
      },
    ];
  },
};
