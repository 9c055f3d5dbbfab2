import { isAtLeast } from '../../../core/versions.ts';
import { groupOf } from '../../../core/object.ts';
import { ttlSeconds } from '../../policies.ts';
import { fieldPlace } from '../field-place.ts';
import { removeFieldOf } from '../fixes-fields.ts';
import { deletePhasesOf, syncPhasesOf } from '../hook-facts.ts';
import type { Level, Rule } from '../model.ts';

/** Since then a finalizer keeps a finished hook of a sync until Argo CD has seen its end (hook.go `HookFinalizer`). */
const HOOK_FINALIZER_SINCE = '3.0';

/** Hooks that Kubernetes may delete before Argo CD has read how they ended. */
export const hookTtlRace: Rule = {
  id: 'hook-ttl-race',
  defaultLevel: 'warning',
  levels: ['error', 'warning', 'info'],
  title: 'A hook Job has ttlSecondsAfterFinished, and nothing keeps it until Argo CD has seen its end.',
  docs: `Kubernetes deletes a Job with \`ttlSecondsAfterFinished\` so many seconds after its end. Where Argo CD has not read
the end by then the hook is gone and the sync waits for it until somebody terminates it. Remove the field and name a
delete policy (\`BeforeHookCreation,HookSucceeded\`): Argo CD deletes the Job when it has seen its end. An error for 0
seconds, a warning below 60, else an information. Since Argo CD 3.0 a finalizer keeps hooks of a sync until their end was
read, so that only PreDelete and PostDelete hooks, which have no finalizer, are still at risk: one that is gone is
created and run again.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  ttlSecondsAfterFinished: 5
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
spec: {}
`,
    argocdVersion: '2.14',
  },
  about: ['hook'],
  check: (manifest, { document, facts, argocdVersion }) => {
    const ttl = ttlSeconds(manifest.object);
    if (ttl === undefined || groupOf(manifest.object) !== 'batch') return [];
    const inSync = syncPhasesOf(manifest, facts).length > 0 && !isAtLeast(argocdVersion, HOOK_FINALIZER_SINCE);
    const inDeletion = deletePhasesOf(manifest, facts).length > 0;
    if (!inSync && !inDeletion) return [];
    const when = ttl === 0 ? 'as soon as it has ended' : `${ttl} s after its end`;
    const risk = inSync
      ? `Argo CD ${argocdVersion} may not have read its end by then, and the sync waits for ever for a Job that is gone. Remove ttlSecondsAfterFinished and use a delete policy, or run Argo CD ${HOOK_FINALIZER_SINCE} or newer.`
      : 'the hooks of a deletion have no finalizer that keeps it until Argo CD has read its end, so one that is gone is created and run again. Remove ttlSecondsAfterFinished, and use the delete policy HookSucceeded.';
    return [
      {
        level: levelOf(ttl),
        span: fieldPlace(manifest, document, 'ttlSecondsAfterFinished'),
        message: `Kubernetes deletes ${facts.label} ${when}: ${risk}`,
        fixes: () => [
          removeFieldOf({ document, manifest }, ['spec', 'ttlSecondsAfterFinished'], 'Remove ttlSecondsAfterFinished'),
        ],
      },
    ];
  },
};

const levelOf = (ttl: number): Level => (ttl <= 0 ? 'error' : ttl < 60 ? 'warning' : 'info');
