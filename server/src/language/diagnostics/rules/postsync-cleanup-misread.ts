import { HOOK } from '../../../core/annotations/keys.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import { generateNameOf, nameOf } from '../../../core/object.ts';
import { changePhase } from '../fixes-hooks.ts';
import { hookPlace, policiesOf, syncPhasesOf } from '../hook-facts.ts';
import { judged, type Rule } from '../model.ts';
import { manifestPlace } from '../field-place.ts';

/** HookFailed read as "run when the sync fails". Source: sync_context.go `Sync`: PostSync comes after a success alone. */
export const postsyncCleanupMisread: Rule = {
  id: 'postsync-cleanup-misread',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'A PostSync hook with HookFailed is named, or commented, as what cleans up after a failure.',
  docs: `PostSync hooks run only after everything of the sync has succeeded: when a sync fails, they do not. HookFailed does
not say when a hook runs but when it is deleted. What is to run after a failure is a SyncFail hook.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: cleanup-job
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookFailed
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: cleanup-job
  annotations:
    argocd.argoproj.io/hook: SyncFail
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const { object } = manifest;
    const policies = policiesOf(manifest, facts);
    if (!policies?.includes('HookFailed') || policies.includes('HookSucceeded')) return [];
    const phases = syncPhasesOf(manifest, facts);
    if (!phases.includes('PostSync') || phases.includes('SyncFail')) return [];
    if (!CLEAN_UP.test(nameOf(object) || generateNameOf(object)) && !isCommentedSo(document.text)) return [];
    const entry = judged(manifest, HOOK);
    const own = entry !== undefined && parseList(entry.value).includes('PostSync');
    return [
      {
        level: 'info',
        span: hookPlace(manifest) ?? manifestPlace(manifest, document),
        message: `${facts.label} does not run when the sync fails: PostSync comes after a success alone, and HookFailed only says that the hook is deleted after a failure. If it is to clean up after a failure make it a SyncFail hook.`,
        fixes: () => (own ? [changePhase({ document, manifest }, 'PostSync', 'SyncFail', entry)] : []),
      },
    ];
  },
};

/** Names of what somebody wants to run after a failure. */
const CLEAN_UP = /clean-?up|clean-|-clean\b|rollback|roll-back|revert|undo|compensat|on-?fail|fail(?:ed|ure)|recover/i;
/** Comments of a document, as far as somebody reads them. */
const COMMENTS = /#[^\n]{0,300}/g;
/** A comment that speaks of both, in one line: what is to be done, and the failure. */
const CLEANING = /\b(?:clean|roll(?:s|ing)? ?back|undo|revert)/i;
const FAILURE = /\b(?:fail|error)/i;
const RUN_ON_FAILURE = /\b(?:run|execut|trigger|notif|send).*\b(?:if|when|after|on|upon|case)\b.{0,40}\bfail/i;

function isCommentedSo(text: string): boolean {
  for (const [comment] of text.matchAll(COMMENTS)) {
    if ((CLEANING.test(comment) && FAILURE.test(comment)) || RUN_ON_FAILURE.test(comment)) return true;
  }
  return false;
}
