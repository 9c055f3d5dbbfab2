/** One flag of a command, as parsed and as told by `--help`. */
export interface Flag {
  readonly name: string;
  /** What stands for the value in the help; absent: the flag takes none. */
  readonly value?: string;
  /** The value may be left out. */
  readonly optional?: boolean;
  readonly repeat?: boolean;
  /** Absent: not in the help (a protocol between programs, no interface for people). */
  readonly help?: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly positionals: string;
  readonly flags: readonly Flag[];
  /** Text after the flags. */
  readonly more?: string;
}

/**
 * The first line of the standard input is the editor's settings: `EditorSettings` as JSON. They
 * stand in place of `--config`.
 */
export const EDITOR_SETTINGS = 'editor-settings';

const COMMON: readonly Flag[] = [
  { name: 'color', value: 'WHEN', help: 'auto (default), always or never; NO_COLOR switches colors off too' },
  {
    name: 'config',
    value: 'FILE',
    help: 'settings of the editor as YAML or JSON: argocdVersion, rules, render, applications',
  },
  { name: EDITOR_SETTINGS },
  { name: 'help', help: 'this text' },
  { name: 'version', help: 'the version' },
];

const RENDER: readonly Flag[] = [
  { name: 'no-render', help: 'take kustomizations and charts as they are written: run no kustomize, no Helm' },
  { name: 'render-network', help: 'let kustomize and Helm fetch remote bases and charts' },
];
const APPLICATION: Flag = { name: 'application', value: 'NAME', help: 'this application alone' };
const STATE_FOLDER: Flag = {
  name: 'state-folder',
  value: 'FOLDER',
  help: 'where syncs and deletions are kept; default: $XDG_STATE_HOME/argocd-hooks, or ~/.local/state/argocd-hooks',
};
const ARGOCD_NAMESPACE: Flag = {
  name: 'argocd-namespace',
  value: 'NAMESPACE',
  help: "where the Application stands; default: as its manifest says, or Argo CD's own, argocd",
};
/** Which cluster, and as whom. */
const CONTEXT: readonly Flag[] = [
  { name: 'context', value: 'NAME', help: 'kube context; default: the current one' },
  { name: 'kubeconfig', value: 'FILE', help: 'in place of KUBECONFIG and ~/.kube/config' },
  { name: 'namespace', value: 'NAMESPACE', help: 'destination namespace' },
];
const IMPERSONATION: readonly Flag[] = [
  { name: 'as', value: 'USER', help: 'act as this user' },
  { name: 'as-group', value: 'GROUP', repeat: true, help: 'act as a member of this group' },
  { name: 'as-uid', value: 'UID', help: 'act as the user with this UID' },
];
const VERSION: Flag = { name: 'argocd-version', value: 'VERSION', help: 'speak of this version of Argo CD, as 3.6' };

/** What `simulate` and `sync` have in common. */
const OPERATION: readonly Flag[] = [
  APPLICATION,
  { name: 'prune', help: 'delete what belongs to the application and is not in its manifests any more' },
  { name: 'prune-last', help: 'delete after everything else of the Sync phase' },
  { name: 'dry-run', help: 'write nothing' },
  { name: 'force', help: 'delete and create again where a change is refused' },
  { name: 'replace', help: 'replace objects instead of applying to them' },
  { name: 'server-side', help: 'apply on the server' },
  {
    name: 'force-conflicts',
    help: 'with applies on the server: take over fields that others own, as Argo CD always does',
  },
  {
    name: 'resource',
    value: 'GROUP:KIND:[NS/]NAME',
    repeat: true,
    help: 'sync this resource alone (runs no hooks); may be repeated',
  },
  { name: 'apply-out-of-sync-only', help: 'write only what differs' },
  { name: 'create-namespace', help: 'create the destination namespace where it does not exist' },
  {
    name: 'retry',
    value: 'N',
    help: 'try a failed sync again so often; negative: without end; default: as its Application says, in a simulation never',
  },
  {
    name: 'retry-backoff-duration',
    value: 'DURATION',
    help: 'wait so long before the first further attempt; default 5s (the wait is this times the factor already then)',
  },
  { name: 'retry-backoff-factor', value: 'N', help: 'and so much longer before each one after; default 2' },
  { name: 'retry-backoff-max-duration', value: 'DURATION', help: 'but never longer than this; default 3m' },
  {
    name: 'confirm-deletion',
    help: 'agree to the deletion of what asks for it (Prune=confirm, Delete=confirm); without it a simulation waits, as Argo CD does',
  },
  { name: 'wave-delay', value: 'SECONDS', help: 'pause between waves; default: only where health may lag, then 2' },
  { name: 'timeout', value: 'DURATION', help: 'terminate the sync after so long, as 90s or 10m' },
  ...RENDER,
  { name: 'format', value: 'FORMAT', help: 'text (default), or json: one event a line' },
  { name: 'control' },
];

/** What of an operation a deletion has too. */
const OF_DELETION: ReadonlySet<string> = new Set([
  ...['retry', 'retry-backoff-duration', 'retry-backoff-factor', 'retry-backoff-max-duration', 'confirm-deletion'],
  ...['timeout', 'no-render', 'render-network', 'format', 'control'],
]);

export const COMMANDS: readonly Command[] = [
  {
    name: 'lint',
    summary: 'check annotations of hooks, waves and sync options',
    positionals: '[PATH…]',
    flags: [
      { name: 'format', value: 'FORMAT', help: 'text (default), json, or sarif for code scanning' },
      { name: 'fix', help: 'repair in place what is beyond doubt, and tell the rest' },
      {
        name: 'max-severity',
        value: 'LEVEL',
        help: 'exit 1 from this severity on: error (default), warning, info, hint',
      },
      VERSION,
      ...RENDER,
      ...COMMON,
    ],
  },
  {
    name: 'plan',
    summary: 'show phases, waves and what is waited for',
    positionals: '[PATH…]',
    more: `A plan is that of a whole application: a file stands for every application that it belongs to or declares, and a
folder for all of them in it. In a Git repository the working folder is read as a whole to know them; outside of one
only what is named is read.`,
    flags: [
      { name: 'format', value: 'FORMAT', help: 'text (default), json, markdown or mermaid' },
      { name: 'diff', value: 'REV', help: 'what is different from this Git revision, as HEAD or origin/main' },
      APPLICATION,
      VERSION,
      ...RENDER,
      ...COMMON,
    ],
  },
  {
    name: 'simulate',
    summary: 'run a sync in memory: what would happen, in which order, and what is left',
    positionals: '[PATH…]',
    flags: [
      ...OPERATION,
      { name: 'scenario', value: 'FILE', help: 'how long things take, and what fails (below)' },
      {
        name: 'fail',
        value: 'NAME',
        repeat: true,
        help: 'let this object fail, or be refused where it cannot fail later; Kind/name, and * for anything',
      },
      { name: 'hang', value: 'NAME', repeat: true, help: 'let this object never come to its end' },
      { name: 'duration', value: 'NAME=5s', repeat: true, help: 'how long this object takes' },
      {
        name: 'upgrade',
        value: 'REV',
        optional: true,
        help: 'start from what the manifests of this revision leave (default HEAD)',
      },
      { name: 'next', help: 'after a failed sync, tell whether the next one succeeds once nothing fails any more' },
      {
        name: 'delete',
        help: 'the deletion of the application instead: starts from what a sync of its manifests leaves',
      },
      { name: 'speed', value: 'N', help: 'so many seconds a second; default: no waiting at all' },
      ...COMMON,
    ],
  },
  {
    name: 'sync',
    summary: 'sync an application to a cluster',
    positionals: '[PATH…]',
    flags: [
      ...OPERATION,
      ...CONTEXT,
      {
        name: 'hand-over',
        help: 'let Argo CD run it: sets the operation of its Application in the cluster, and follows it (syncs what is in Git)',
      },
      { name: 'terminate-running', help: 'first terminate an operation of Argo CD that runs on this Application' },
      ARGOCD_NAMESPACE,
      { name: 'yes', help: 'do not ask' },
      { name: 'confirm-context', value: 'NAME', help: 'beside --yes: the context that is meant, as a safeguard' },
      { name: 'resume', help: 'continue the sync of this application, context and namespace that was cut off' },
      { name: 'discard', help: 'mark that one as ended; nothing is written to the cluster, and no sync is started' },
      ...IMPERSONATION,
      STATE_FOLDER,
      ...COMMON,
    ],
    more: `The state of a sync is kept before and after each batch of writes, for 30 days, without objects and without values of
Secrets. One that was cut off (a crash, a lost connection of the terminal) is continued by --resume where manifests and API
server are still the same (values of Secrets are not compared): with the options and names that it was started with,
without writing again what has its result. Until it is resumed or discarded no other sync of the application is started
in that context. Syncs of the editor are kept by it, in a folder of its own.`,
  },
  {
    name: 'status',
    summary: 'how live objects stand to the manifests, and their health',
    positionals: '[PATH…]',
    flags: [
      APPLICATION,
      { name: 'format', value: 'FORMAT', help: 'text (default) or json' },
      { name: 'diff', help: 'also what differs, line by line' },
      ...CONTEXT,
      ARGOCD_NAMESPACE,
      ...IMPERSONATION,
      ...RENDER,
      ...COMMON,
    ],
    more: `Synced: as the manifest says. OutOfSync: a sync would change it. Missing: not there. Extra: in the cluster, and not in the
application any more. Hooks count for nothing. What a sync would change is told by dry runs of the server: nothing is
written. Exit code 1: not Synced, or not Healthy.`,
  },
  {
    name: 'delete',
    summary: 'delete what an application has in a cluster, with its PreDelete and PostDelete hooks',
    positionals: '[PATH…]',
    flags: [
      APPLICATION,
      { name: 'propagation-policy', value: 'POLICY', help: 'foreground (default) or background' },
      ...OPERATION.filter(({ name }) => OF_DELETION.has(name)),
      ...CONTEXT,
      { name: 'yes', help: 'do not ask' },
      { name: 'confirm-context', value: 'NAME', help: 'beside --yes: the context that is meant, as a safeguard' },
      { name: 'resume', help: 'continue the deletion of this application, context and namespace that was cut off' },
      { name: 'discard', help: 'mark that one as ended; nothing more is deleted, and no deletion is started' },
      ...IMPERSONATION,
      STATE_FOLDER,
      ...COMMON,
    ],
    more: `Deleted is what carries Argo CD's tracking annotation of this application, of any kind, in its namespaces and outside of
them: the highest wave first, each wave when the one before is gone. Delete=false, helm.sh/resource-policy: keep and
definitions of kinds stay. PreDelete hooks run before, PostDelete hooks after; a failed one is deleted and, with --retry,
runs again. Every object is shown by name before, and the name of the application has to be typed (--yes does without). Argo CD's own Application is not touched. Terminated (Ctrl+C), it deletes
a hook that still runs, and nothing more. Its state is kept as that of a sync is, and one operation of an application runs
at a time: a sync and a deletion keep each other out.`,
  },
  {
    name: 'application',
    summary: 'make an Argo CD Application of a folder, or apply one',
    positionals: '[FOLDER|FILE]',
    flags: [
      APPLICATION,
      { name: 'name', value: 'NAME', help: 'name of the Application; default: that of the folder' },
      { name: 'repo', value: 'URL', help: "address of the repository, as Argo CD reaches it; default: Git's remote" },
      { name: 'revision', value: 'REV', help: 'branch, tag or commit that it follows; default: HEAD' },
      { name: 'dest-server', value: 'URL', help: "destination cluster; default: Argo CD's own" },
      { name: 'dest-namespace', value: 'NAMESPACE', help: 'destination namespace; default: the name' },
      { name: 'project', value: 'NAME', help: 'project; default: default' },
      { name: 'sync-policy', value: 'POLICY', help: 'manual (default) or automated' },
      { name: 'auto-prune', help: 'with automated: delete what is not in Git any more' },
      { name: 'self-heal', help: 'with automated: take back what is changed in the cluster' },
      { name: 'no-create-namespace', help: 'without the sync option CreateNamespace=true' },
      { name: 'output', value: 'FILE', help: 'write the manifest to this new file' },
      { name: 'apply', help: 'apply it to the cluster that Argo CD runs in' },
      {
        name: 'format',
        value: 'FORMAT',
        help: 'yaml (default), argocd: the same as a call of argocd app create, or json: one event a line of --apply',
      },
      ...CONTEXT,
      ARGOCD_NAMESPACE,
      { name: 'yes', help: 'do not ask' },
      { name: 'confirm-context', value: 'NAME', help: 'beside --yes: the context that is meant, as a safeguard' },
      ...IMPERSONATION,
      { name: 'control' },
      ...RENDER,
      ...COMMON,
    ],
    more: `Of a folder the manifest is printed; of a file with an Application in it the one that is there is taken as it is.`,
  },
  {
    name: 'history',
    summary: 'the syncs and deletions of the last 30 days, newest first',
    positionals: '[PATH…]',
    flags: [
      { name: 'format', value: 'FORMAT', help: 'text (default) or json' },
      APPLICATION,
      STATE_FOLDER,
      ...RENDER,
      ...COMMON,
    ],
    more: `With paths: of the applications that are in them. Interrupted: it was cut off, and waits for sync (or delete) --resume or --discard.
Syncs of the editor are in its Sync History….`,
  },
  {
    name: 'language-server',
    summary: 'the language server, for any editor, over its standard streams',
    positionals: '',
    flags: [{ name: 'stdio', help: 'standard streams (the default)' }, ...COMMON],
  },
];
