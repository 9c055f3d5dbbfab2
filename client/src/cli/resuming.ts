import type { StoredOperations, Wish } from '../sync/recorder.ts';
import { shellWord } from '../text/words.ts';
import { UsageError, type Call } from './args.ts';
import { FileStore, stateFolder } from './operation-store.ts';
import type { Output } from './output.ts';

/** What a resumed operation was started with, and keeps. */
const FIXED = [
  ...['prune', 'prune-last', 'dry-run', 'force', 'replace', 'server-side', 'resource', 'apply-out-of-sync-only'],
  ...['retry', 'retry-backoff-duration', 'retry-backoff-factor', 'retry-backoff-max-duration', 'wave-delay'],
  ...['create-namespace', 'hand-over', 'propagation-policy', 'force-conflicts'],
];
/** What says which operation is meant, and how the cluster is reached. */
const KEPT = [
  ...['application', 'context', 'kubeconfig', 'namespace', 'as', 'as-group', 'as-uid', 'config', 'state-folder'],
  ...['no-render', 'render-network'],
];

/** How they are called where the editor runs it. */
const IN_EDITOR = { resume: 'Argo CD Hooks: Resume Sync', discard: 'Argo CD Hooks: Discard Interrupted Sync…' };
const BY_EDITOR = { sync: IN_EDITOR, deletion: IN_EDITOR };

/** Where `sync` and `delete` keep operations, and what its flags want of one that was cut off. @throws UsageError */
export function storedOperations(call: Call, output: Output): StoredOperations {
  const { flags } = call;
  const wishes = (['resume', 'discard'] as const).filter((name) => flags.has(name));
  if (wishes.length > 1) throw new UsageError('--resume and --discard cannot go together');
  const wish: Wish = wishes[0] ?? 'start';
  const changed = wish === 'start' ? undefined : FIXED.find((name) => flags.has(name));
  if (changed !== undefined)
    throw new UsageError(
      `--${changed} and --${wish} cannot go together: what was cut off goes on with what it was started with`,
    );
  return {
    store: new FileStore(stateFolder(flags.get('state-folder')), (text) => output.message(text)),
    wish,
    commands: flags.has('control')
      ? BY_EDITOR
      : { sync: commandsOf(call, 'sync'), deletion: commandsOf(call, 'delete') },
  };
}

const commandsOf = (call: Call, verb: string): typeof IN_EDITOR => ({
  resume: commandOf(call, verb, '--resume'),
  discard: commandOf(call, verb, '--discard'),
});

/** The same call with another verb and flag, as it is typed in a shell. */
function commandOf({ flags, paths }: Call, verb: string, flag: string): string {
  const kept = KEPT.flatMap((name) =>
    flags.all(name).flatMap((value) => (value === '' ? [`--${name}`] : [`--${name}`, shellWord(value)])),
  );
  return [`argocd-hooks ${verb}`, ...kept, ...paths.map(shellWord), flag].join(' ');
}
