import { generateNameOf, nameOf, uidOf } from '../../../core/object.ts';
import { fieldPlace } from '../field-place.ts';
import { removeFieldOf } from '../fixes-fields.ts';
import type { Rule } from '../model.ts';

/** Two ways to name one object. Source: gitops-engine/pkg/sync/sync_context.go `getSyncTasks`. */
export const nameAndGenerateName: Rule = {
  id: 'name-and-generate-name',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'A manifest has both name and generateName.',
  docs: `Where a manifest has both, the name wins: Argo CD generates none, and each sync finds the object that the former
left. Remove \`generateName\`, or, if each sync is to make a new object, the name.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  generateName: db-migration-
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
  },
  about: ['generated-name'],
  check: (manifest, { document, facts }) => {
    const { object } = manifest;
    // What was read from a cluster has both, and is no manifest that somebody wrote.
    if (generateNameOf(object) === '' || nameOf(object) === '' || uidOf(object) !== '') return [];
    const same = facts.isHook ? ' in every sync, and no new one is generated' : '';
    return [
      {
        level: 'info',
        span: fieldPlace(manifest, document, 'generateName'),
        message: `The name wins over generateName: this is ${facts.label}${same}. Remove generateName.`,
        fixes: () => [removeFieldOf({ document, manifest }, ['metadata', 'generateName'], 'Remove generateName', true)],
      },
    ];
  },
};
