import { SYNC_OPTIONS } from '../../../core/annotations/keys.ts';
import { listOf } from '../../../core/annotations/parse.ts';
import { entryOf, type Rule } from '../model.ts';
import { manifestPlace } from '../field-place.ts';
import { addSyncOptions, removeSyncOptions } from '../fixes-hooks.ts';
import { isTold } from '../hook-facts.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';

/** Replace alone. Source: gitops-engine/pkg/utils/kube/resource_ops.go `ReplaceResource`: one PUT. */
export const replaceWithoutForce: Rule = {
  id: 'replace-without-force',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A Job or StatefulSet has Replace=true without Force=true.',
  docs: `\`Replace=true\` alone deletes nothing: Argo CD sends the whole object (\`kubectl replace\`), and Kubernetes refuses
a change of what cannot be changed in place, the pod template of a Job or the volumes of a StatefulSet
(\`field is immutable\`, \`Forbidden\`). With \`Force=true\` beside it every sync deletes the object and creates it anew: right
for a Job that is to run again, an outage for a StatefulSet. There it is better to remove \`Replace=true\`.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: create-buckets
  annotations:
    argocd.argoproj.io/sync-options: Replace=true
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: create-buckets
  annotations:
    argocd.argoproj.io/sync-options: Force=true,Replace=true
`,
  },
  about: ['sync-options'],
  check: (manifest, { document, facts }) => {
    const job = facts.group === 'batch' && facts.kind === 'Job';
    if (!job && !(facts.group === 'apps' && facts.kind === 'StatefulSet')) return [];
    if (facts.isHook || facts.isSkip || isTold(manifest, SYNC_OPTIONS)) return [];
    const options = listOf(manifest.object, SYNC_OPTIONS);
    if (!options.includes('Replace=true') || options.includes('Force=true')) return [];
    const target = { document, manifest };
    return [
      {
        level: 'warning',
        span: entryOf(manifest, SYNC_OPTIONS)?.valueSpan ?? manifestPlace(manifest, document),
        message: job
          ? `Replace=true alone does not delete ${facts.label}: a sync that changes its pod template fails (field is immutable). Add Force=true, which deletes the Job and runs it anew in every sync.`
          : `Replace=true alone does not delete ${facts.label}: a sync that changes what a StatefulSet keeps (its volume claims, selector or service name) fails (Forbidden). Remove Replace=true; with Force=true beside it every sync deletes the StatefulSet and creates it anew.`,
        fixes: () =>
          job
            ? [addSyncOptions(target, ['Force=true']), removeSyncOptions(target, ['Replace=true'])]
            : [
                removeSyncOptions(target, ['Replace=true']),
                { ...addSyncOptions(target, ['Force=true']), preferred: false },
              ],
      },
    ];
  },
};
