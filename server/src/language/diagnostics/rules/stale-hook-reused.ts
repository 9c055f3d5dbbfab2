import { deletePolicies, hookTypes } from '../../../core/annotations/classify.ts';
import { HELM_HOOK, HELM_HOOK_DELETE_POLICY, HOOK, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import { kindOf, type KubeObject } from '../../../core/object.ts';
import { labelOf } from '../../naming.ts';
import { isNamedAnew, mayVanish, staleCase, ttlSeconds, type StaleCase } from '../../policies.ts';
import { setAnnotation } from '../fixes.ts';
import { isTold } from '../hook-facts.ts';
import { judged, type Level, type Rule } from '../model.ts';

/** Hooks that outlive their sync, so that the next one takes their old end for its own. */
export const staleHookReused: Rule = {
  id: 'stale-hook-reused',
  defaultLevel: 'warning',
  levels: ['warning', 'error', 'info'],
  title: 'A Job or Pod hook with a fixed name is not deleted before it is created again.',
  docs: `A Job or Pod that an earlier sync left is not run again: Argo CD patches it, finds that it has ended, and takes that
end for the new one. With HookFailed alone it runs in the first sync and never again after a success; with HookSucceeded
alone one failure makes every later sync fail at once without running anything, and a repaired template is refused
(\`field is immutable\`); a SyncFail hook with HookSucceeded does not run on the second failure. Add BeforeHookCreation.
It is an error for HookFailed alone on a PreSync or Sync Job, and an information where \`ttlSecondsAfterFinished\` lets
Kubernetes delete the Job within the hour.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
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
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
`,
  },
  about: ['hook'],
  check: (manifest, { document }) => {
    const { object } = manifest;
    const stale = staleCase(object);
    if (stale === undefined || isTold(manifest, HOOK, HELM_HOOK, HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY))
      return [];
    if (isNamedAnew(object)) return [];
    const entry = judged(manifest, HOOK_DELETE_POLICY) ?? judged(manifest, HELM_HOOK_DELETE_POLICY);
    if (!entry) return [];
    const first = entry.key === HOOK_DELETE_POLICY ? 'BeforeHookCreation' : 'before-hook-creation';
    return [
      {
        level: levelOf(object, stale),
        span: entry.valueSpan,
        message: `${MESSAGES[stale](labelOf(object), kindOf(object), deletePolicies(object).join(', '))}${ttlNote(object)} Add BeforeHookCreation.`,
        fixes: () => [
          setAnnotation({
            document,
            entry,
            value: `${first},${entry.value.trim()}`,
            title: `Add ${first}`,
            preferred: true,
          }),
        ],
      },
    ];
  },
};

const MESSAGES: Readonly<Record<StaleCase, (label: string, kind: string, policies: string) => string>> = {
  'once-then-never': (label, kind, policies) =>
    `${label} runs in the first sync and never again after a success: with ${policies} alone the finished ${kind} stays, and later syncs take its old end for their own.`,
  'failure-sticks': (label, kind, policies) =>
    `After one failure of ${label} every later sync fails at once without running it: with ${policies} alone the failed ${kind} stays, and a repaired template is refused (field is immutable).`,
  'second-failure-silent': (label, kind, policies) =>
    `${label} does not run on the second failure: the sync that fails does not delete it (${policies}), and the next one takes the finished ${kind} for its own.`,
};

function levelOf(object: KubeObject, stale: StaleCase): Level {
  if (mayVanish(object)) return 'info';
  if (ttlSeconds(object) !== undefined) return 'warning';
  const early = hookTypes(object).some((type) => type === 'PreSync' || type === 'Sync');
  return stale === 'once-then-never' && kindOf(object) === 'Job' && early ? 'error' : 'warning';
}

function ttlNote(object: KubeObject): string {
  const ttl = ttlSeconds(object);
  return ttl === undefined ? '' : ` This holds until Kubernetes deletes it, ${ttl} s after its end.`;
}
