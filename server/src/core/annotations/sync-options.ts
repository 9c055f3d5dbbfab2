import type { SyncOption } from './catalogue-model.ts';

/** Every sync option, those of resources first, each group in the order in which completion offers them. */
export const SYNC_OPTION_LIST: readonly SyncOption[] = [
  {
    name: 'SkipDryRunOnMissingResource=true',
    readBy: 'both',
    since: '1.6',
    sinceInApplication: '3.1',
    summary: 'Skips the dry run of a custom resource whose CRD the cluster does not have yet.',
    consequence:
      'The dry run comes before the first wave, so without this a custom resource fails the whole sync where an operator of the same sync brings its CRD. A CRD that is itself a manifest of the application needs no option.',
  },
  {
    name: 'Prune=false',
    readBy: 'both',
    since: '1.1',
    sinceInApplication: '3.4',
    summary: 'Never prunes the object, also when it is gone from Git.',
    consequence:
      'Once the manifest is removed the object stays in the cluster and the application stays OutOfSync. Argo CD reads this from the live object.',
  },
  {
    name: 'ServerSideApply=true',
    readBy: 'both',
    since: '2.5',
    summary: 'Applies with server-side apply, as field manager `argocd-controller`, taking conflicting fields over.',
    consequence:
      'Needed for objects that are too large for the last-applied annotation (262,144 bytes), such as big CRDs. Unknown fields are then refused instead of dropped.',
  },
  {
    name: 'Replace=true',
    readBy: 'both',
    since: '2.0',
    summary: 'Replaces the object (kubectl replace or create) instead of patching it.',
    consequence:
      'Fields that the manifest lacks are lost, also those that a controller or autoscaler has set. A resource cannot opt out of a Replace=true of its Application.',
  },
  {
    name: 'Force=true',
    readBy: 'resource',
    since: '2.12',
    summary: 'Deletes and re-creates the object where it cannot be changed in place.',
    consequence:
      'Alone it deletes only after a patch was refused, and a CRD or Namespace then takes everything inside with it. With Replace=true every sync deletes and creates the object. It has no effect on a server-side apply.',
  },
  {
    name: 'Validate=false',
    readBy: 'both',
    since: '1.2',
    summary: 'Lets fields pass that the API server does not know (kubectl `--validate=false`).',
    consequence:
      'It matters only where Replace=true creates the object: a plain apply drops unknown fields silently either way, a server-side apply refuses them either way.',
  },
  {
    name: 'PruneLast=true',
    readBy: 'both',
    since: '2.0',
    summary: 'Prunes the object after the last wave of the Sync phase, before PostSync.',
    consequence: 'Without it, pruned objects go in the reverse order of their waves, among the other waves.',
  },
  {
    name: 'Delete=false',
    readBy: 'both',
    since: '2.7',
    sinceInApplication: '3.4',
    summary: 'Keeps the object when its Application is deleted.',
    consequence: 'It does not stop a sync from pruning it: that takes Prune=false.',
  },
  {
    name: 'Prune=confirm',
    readBy: 'both',
    since: '2.14',
    sinceInApplication: '3.4',
    summary: 'Asks before the object is pruned.',
    consequence:
      'The sync waits, with nothing of that wave written, until somebody approves it (annotation `argocd.argoproj.io/deletion-approved` on the Application).',
  },
  {
    name: 'Delete=confirm',
    readBy: 'both',
    since: '2.14',
    sinceInApplication: '3.4',
    summary: 'Asks before the object is deleted together with its Application.',
    consequence: 'The deletion of the whole Application waits until somebody approves it.',
  },
  {
    name: 'ServerSideApply=false',
    readBy: 'resource',
    since: '2.14',
    summary: 'Applies this object on the client although its Application asks for server-side apply.',
    consequence: 'It wins over ServerSideApply=true on the Application.',
  },
  {
    name: 'CreateNamespace=true',
    readBy: 'application',
    since: '1.7',
    summary: 'Creates the destination namespace before the sync where it is missing.',
    consequence: 'The namespace is created in PreSync, before every other task.',
  },
  {
    name: 'ApplyOutOfSyncOnly=true',
    readBy: 'application',
    since: '2.0',
    summary: 'Applies only the resources that differ from the cluster. Hooks run all the same.',
    consequence: 'Unchanged resources are no tasks, so their waves are not awaited.',
  },
  {
    name: 'RespectIgnoreDifferences=true',
    readBy: 'application',
    since: '2.3',
    summary: 'Leaves the fields of `ignoreDifferences` alone when it applies.',
    consequence: 'Without it, ignored differences are only not shown, and a sync still writes them.',
  },
  {
    name: 'PrunePropagationPolicy=foreground',
    readBy: 'application',
    since: '2.0',
    summary: 'Deletes dependents before the object itself, for pruning and for hooks. The default.',
    consequence: 'Prunes, and hooks that are created anew, are waited for until their dependents are gone.',
  },
  {
    name: 'PrunePropagationPolicy=background',
    readBy: 'application',
    since: '2.0',
    summary: 'Deletes the object at once and lets Kubernetes collect its dependents, for pruning and for hooks.',
    consequence: 'Pods of a deleted hook Job may still run when the new Job is created.',
  },
  {
    name: 'PrunePropagationPolicy=orphan',
    readBy: 'application',
    since: '2.0',
    summary: 'Deletes the object and leaves its dependents running, for pruning and for hooks.',
    consequence: 'The pods of a pruned Deployment or a deleted hook Job stay.',
  },
  {
    name: 'FailOnSharedResource=true',
    readBy: 'application',
    since: '2.2',
    summary: 'Fails the sync where another Application already owns one of the resources.',
    consequence: 'Nothing is written then.',
  },
  {
    name: 'ClientSideApplyMigration=false',
    readBy: 'application',
    since: '3.1',
    summary: 'Leaves field ownership of earlier client-side applies as it is when server-side apply comes in.',
    consequence: 'Fields that were removed from Git may then stay on the object.',
  },
];

/** Values that are no mistake and yet change nothing, or are read under another name: never called unknown. */
const INERT: Readonly<Record<string, readonly string[]>> = {
  SkipDryRunOnMissingResource: ['false'],
  Prune: ['true'],
  Delete: ['true'],
  Replace: ['false'],
  Force: ['false'],
  Validate: ['true'],
  PruneLast: ['false'],
  ServerSideApply: ['false'],
  CreateNamespace: ['false'],
  ApplyOutOfSyncOnly: ['false'],
  RespectIgnoreDifferences: ['false'],
  FailOnSharedResource: ['false'],
  ClientSideApplyMigration: ['true'],
};

const BY_NAME: ReadonlyMap<string, SyncOption> = new Map(SYNC_OPTION_LIST.map((option) => [option.name, option]));

export const syncOption = (name: string): SyncOption | undefined => BY_NAME.get(name);

/** Whether a token is the name of an option with a value that it has, also where that value is its default. */
export function isKnownSyncOption(token: string): boolean {
  if (BY_NAME.has(token)) return true;
  const equals = token.indexOf('=');
  if (equals < 0) return false;
  const name = token.slice(0, equals);
  return Object.hasOwn(INERT, name) && (INERT[name] ?? []).includes(token.slice(equals + 1));
}

/** Names of options that only an Application reads, in its `syncOptions`. */
const APPLICATION_ONLY: ReadonlySet<string> = new Set(
  SYNC_OPTION_LIST.filter(({ readBy }) => readBy === 'application').map(({ name }) => nameOf(name)),
);

function nameOf(token: string): string {
  const equals = token.indexOf('=');
  return equals < 0 ? token : token.slice(0, equals);
}

/** Whether a token is an option of the application as a whole, whatever its value. */
export const isApplicationOnlyOption = (token: string): boolean => APPLICATION_ONLY.has(nameOf(token));

/**
 * Whether a token is no mistake and yet changes nothing where it stands. `Prune=true` and `Delete=true` of a resource
 * are the default too, but overrule an Application that says otherwise (since 3.4).
 */
export function isInertOption(token: string, place: 'resource' | 'application'): boolean {
  if (!isKnownSyncOption(token)) return false;
  const option = BY_NAME.get(token);
  return option === undefined || (token === 'ServerSideApply=false' && place === 'application');
}

const FOLDED: ReadonlyMap<string, string> = new Map(
  [
    ...Object.entries(INERT).flatMap(([name, values]) => values.map((value) => `${name}=${value}`)),
    ...SYNC_OPTION_LIST.map(({ name }) => name),
  ].map((token) => [token.toLowerCase(), token]),
);

/** The known token that equals another one but for case and white space; undefined where there is none. */
export const optionSpelledRight = (token: string): string | undefined =>
  token.length > 100 ? undefined : FOLDED.get(token.replace(/\s+/g, '').toLowerCase());

/** Options that the `sync-options` annotation of a resource takes, or that an Application's `syncOptions` takes. */
export const syncOptionsFor = (place: 'resource' | 'application'): readonly SyncOption[] =>
  SYNC_OPTION_LIST.filter((option) => option.readBy === 'both' || option.readBy === place);
