import { entryOf, type Rule } from '../model.ts';
import { HELM_HOOK_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import { listOf } from '../../../core/annotations/parse.ts';
import { endsOnce } from '../../policies.ts';
import { manifestPlace } from '../field-place.ts';
import { replacePolicy } from '../fixes-hooks.ts';
import { policiesOf, syncPhasesOf } from '../hook-facts.ts';

/** Hooks that are deleted when they are needed most. Source: sync_context.go `deleteHooks` at the end of a failure. */
export const hookLogsLost: Rule = {
  id: 'hook-logs-lost',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A Job or Pod hook is deleted when the sync fails (HookFailed).',
  docs: `With HookFailed Argo CD deletes the hook at the end of a sync that fails, together with its pods and their logs:
nothing is left that says why. It also deletes hooks that have themselves succeeded. Use BeforeHookCreation: the hook
stays to be looked at until the next sync creates it anew.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded,HookFailed
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
  check: (manifest, { document, facts }) => {
    if (!endsOnce(manifest.object) || syncPhasesOf(manifest, facts).length === 0) return [];
    if (!policiesOf(manifest, facts)?.includes('HookFailed')) return [];
    const own = listOf(manifest.object, HOOK_DELETE_POLICY).includes('HookFailed');
    const entry = entryOf(manifest, own ? HOOK_DELETE_POLICY : HELM_HOOK_DELETE_POLICY);
    const name = own ? 'HookFailed' : 'hook-failed';
    return [
      {
        level: 'warning',
        span: entry?.valueSpan ?? manifestPlace(manifest, document),
        message: `When the sync fails ${facts.label} is deleted (${name}), also where it has itself succeeded: its pods go with it, and their logs, which tell why. Use ${own ? 'BeforeHookCreation' : 'before-hook-creation'} instead: it then stays until the next sync.`,
        fixes: () => [replacePolicy({ document, manifest }, 'HookFailed', 'BeforeHookCreation')],
      },
    ];
  },
};
