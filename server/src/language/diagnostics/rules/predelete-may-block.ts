import { runTimeOf } from '../../../core/plan/run-time.ts';
import { isAtLeast } from '../../../core/versions.ts';
import { mayBringSpecFields } from '../../templates.ts';
import { manifestPlace } from '../field-place.ts';
import { limitRun } from '../fixes-fields.ts';
import { deletePhasesOf } from '../hook-facts.ts';
import type { Rule } from '../model.ts';

/** PreDelete hooks that nothing ends. Source: controller/hook.go `executeHooks`. */
export const predeleteMayBlock: Rule = {
  id: 'predelete-may-block',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A PreDelete Job has no activeDeadlineSeconds.',
  docs: `The deletion of an Application begins with its PreDelete hooks, and does not go on before all of them have
succeeded: a Job that hangs blocks it for ever, and so does one that fails, which Argo CD deletes and creates again
every few seconds. Give it \`activeDeadlineSeconds\`, and let its command end well also where there is nothing left to
do. The way out is to remove the finalizer \`pre-delete-finalizer.argocd.argoproj.io\` from the Application.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: backup
  annotations:
    argocd.argoproj.io/hook: PreDelete
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: backup
          image: example.com/shop/backup:1.4
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: backup
  annotations:
    argocd.argoproj.io/hook: PreDelete
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
spec:
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: backup
          image: example.com/shop/backup:1.4
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts, argocdVersion }) => {
    if (!deletePhasesOf(manifest, facts).includes('PreDelete') || !isAtLeast(argocdVersion, '3.3')) return [];
    const time = runTimeOf(manifest.object);
    if (!time || time.kind === 'bounded' || mayBringSpecFields(document, manifest)) return [];
    return [
      {
        level: 'warning',
        span: manifestPlace(manifest, document),
        message: `The Application cannot be deleted before ${facts.label} has succeeded: without activeDeadlineSeconds one that hangs blocks the deletion for ever, and one that fails is deleted and created again every few seconds. Add activeDeadlineSeconds, and let it succeed also where nothing is left to do.`,
        fixes: () => [limitRun({ document, manifest })],
      },
    ];
  },
};
