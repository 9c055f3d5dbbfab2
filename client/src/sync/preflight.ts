import { LAST_APPLIED } from '#core/apply/last-applied';
import { deletePolicies, isHook } from '#core/annotations/classify';
import { HOOK_FINALIZER, SYNC_OPTIONS } from '#core/annotations/keys';
import { listOf } from '#core/annotations/parse';
import { finalizersOf, generateNameOf, keyOf, kindOf, metadataOf, nameOf, type KubeObject } from '#core/object';
import { counted, policyNotes } from '#core/plan/words';
import { isAppliedPlainly } from '#core/sync/apply';
import type { Action, PassOutcome, Response, SyncOptions, TaskView } from '#core/sync/model';
import { diffLines } from './diff.ts';
import type { PreflightRow } from './events.ts';
import type { Ignoring } from './ignoring.ts';
import { without } from './json.ts';
import { ownersText } from './kubectl-texts.ts';
import { objectTexts, type ObjectTexts } from './object-text.ts';

/** What the dry run of an operation has shown. */
export interface Rehearsal {
  readonly outcome: PassOutcome;
  /** What was asked and answered for each task, by its index. */
  readonly previews: ReadonlyMap<number, Asked>;
}

interface Asked {
  readonly action: Action;
  /** What the server says that the write would come to. */
  readonly response: Response;
  /** What kubectl's dry run on the client says. */
  readonly local: Response;
}

/** What was asked and answered for one task. */
export interface Preview extends Asked {
  /** What the write would change, as lines and as texts. `after`: what stands for the object that it would leave. */
  differences(
    live: KubeObject,
    hide: (text: string) => string,
    after?: KubeObject,
  ): { readonly lines: string[]; readonly texts?: ObjectTexts };
}

/** What was found for each task, in the order of the tasks; undefined where nothing was asked. */
export function previewsOf({ outcome, previews }: Rehearsal): (Preview | undefined)[] {
  const made = new Set(outcome.tasks.filter(makesNamespace).map((view) => view.name));
  return outcome.tasks.map((_, index) => {
    const asked = withoutMissingNamespace(previews.get(index), made);
    return asked && previewOf(asked);
  });
}

const previewOf = (asked: Asked): Preview => ({
  ...asked,
  differences: (live, hide, after = asked.response.object) => {
    const lines = differences(live, after);
    const texts = lines.length > 0 && after ? objectTexts(live, withoutHookFinalizer(live, after), hide) : undefined;
    return { lines, ...(texts ? { texts } : {}) };
  },
});

/** The finalizer that every hook gets while it runs is no difference. */
function withoutHookFinalizer(live: KubeObject, after: KubeObject): KubeObject {
  const had = finalizersOf(live);
  if (had.includes(HOOK_FINALIZER) || !finalizersOf(after).includes(HOOK_FINALIZER)) return after;
  const finalizers = finalizersOf(after).filter((one) => one !== HOOK_FINALIZER);
  const metadata = without(metadataOf(after), 'finalizers');
  return { ...after, metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata };
}

interface Context {
  readonly options: SyncOptions;
  readonly live: ReadonlyMap<string, KubeObject>;
  /** Key under which a task's object stands in the cluster. */
  keyOf(view: TaskView): string;
  /** Takes values of Secrets out of a text. */
  readonly hide: (text: string) => string;
  readonly ignoring: Pick<Ignoring, 'without'>;
}

/** One row for each task, in the order in which it will happen. */
export function preflightRows(rehearsal: Rehearsal, context: Context): PreflightRow[] {
  const previews = previewsOf(rehearsal);
  return rehearsal.outcome.tasks.map((view, index) => {
    const preview = previews[index];
    const key = context.keyOf(view);
    const live = context.live.get(key);
    const target = preview?.action.object;
    const row = { task: shownKey(key, view, target), phase: view.phase, wave: view.wave, hook: view.hook };
    if (!view.target) return { ...row, ...pruneRow(view, live, context) };
    const found = changeOf(view, live, preview);
    const isIgnored = found === 'change' && !view.hook && onlyIgnored(live, preview, context);
    const change = isIgnored && context.options.applyOutOfSyncOnly ? 'unchanged' : found;
    const compared = change === 'change' && live ? preview?.differences(live, context.hide) : undefined;
    const texts = compared?.texts ? { texts: compared.texts } : {};
    const inSync = change === 'unchanged' && !view.hook && context.options.applyOutOfSyncOnly;
    return {
      ...row,
      change,
      note: inSync ? IN_SYNC : joined(noteOf(view, live, preview, context.options), isIgnored ? IGNORED : ''),
      ...(inSync ? { stays: true } : {}),
      diff: compared?.lines ?? [],
      ...texts,
    };
  });
}

const joined = (...notes: readonly string[]): string => notes.filter((note) => note !== '').join('; ');

/** What is said of a change that a comparison does not count. */
const IGNORED =
  'ignoreDifferences leaves out what differs, but a sync writes it; RespectIgnoreDifferences=true keeps what is there';

/** Is all that a write would change left out by ignoreDifferences? */
function onlyIgnored(live: KubeObject | undefined, preview: Asked | undefined, { ignoring }: Context): boolean {
  const after = preview?.response.object;
  if (!live || !after || isForced(preview)) return false;
  const rest = ignoring.without(live, after);
  return rest !== undefined && differences(...rest).length === 0;
}

/** What the write would change. The finalizer that every hook gets while it runs is none of it. */
const differences = (live: KubeObject, after: KubeObject | undefined): string[] =>
  after
    ? diffLines(live, after).filter((line) => !/^\+ metadata\.finalizers/.test(line) || !line.includes(HOOK_FINALIZER))
    : [];

const makesNamespace = (view: TaskView): boolean => view.target && view.group === '' && view.kind === 'Namespace';

/** A dry run misses the namespace that the same sync makes first; nothing is wrong with that. */
function withoutMissingNamespace(preview: Asked | undefined, made: ReadonlySet<string>): Asked | undefined {
  const missing = /^namespaces "([^"]+)" not found$/.exec(preview?.response.error ?? '')?.[1];
  return preview && missing !== undefined && made.has(missing) ? { ...preview, response: {} } : preview;
}

/** The name of a generated hook is not shown: it is another one in each sync. */
export function shownKey(key: string, view: TaskView, target: KubeObject | undefined): string {
  const prefix = target ? generateNameOf(target) : '';
  return prefix !== '' && view.name.startsWith(prefix) ? `${key.slice(0, -view.name.length)}${prefix}…` : key;
}

/** What is said of a resource that ApplyOutOfSyncOnly leaves out. */
const IN_SYNC = 'in sync: not written (ApplyOutOfSyncOnly=true)';

/** What is said of a deletion that has to be agreed to. */
export const ASKS = 'whoever agrees here confirms the deletion, which it asks for';

function pruneRow(
  { group, kind, name }: TaskView,
  live: KubeObject | undefined,
  { options }: Context,
): Pick<PreflightRow, 'change' | 'note' | 'diff' | 'asksConfirmation' | 'stays'> {
  const own = live ? listOf(live, SYNC_OPTIONS).find((option) => option.startsWith('Prune=')) : undefined;
  const option = own?.slice('Prune='.length) ?? options.defaultPruneOption;
  const kept = { change: 'unchanged', diff: [] } as const;
  const what = `${kind}${group === '' ? '' : `.${group}`} ${name}`;
  if (!options.prune)
    return { ...kept, stays: true, note: 'not in the application any more; stays, because pruning is off' };
  if (option === 'false') return { ...kept, stays: true, note: 'not in the application any more; stays: Prune=false' };
  const note = `${what} is not in the application any more: it is deleted`;
  if (option !== 'confirm') return { change: 'prune', note, diff: [] };
  return { change: 'prune', note: `${note}; ${ASKS} (Prune=confirm)`, diff: [], asksConfirmation: true };
}

function changeOf(view: TaskView, live: KubeObject | undefined, preview: Preview | undefined): PreflightRow['change'] {
  if (!live) return 'create';
  if (view.hook && preview && deletePolicies(preview.action.object).includes('BeforeHookCreation')) return 'recreate';
  if (isForced(preview)) return 'change';
  if (!preview?.response.object || preview.response.error !== undefined) return 'unknown';
  return differences(live, preview.response.object).length === 0 ? 'unchanged' : 'change';
}

/** Is the change refused, and the object deleted and created anew therefore? Force changes nothing of a server-side apply. */
export const isForced = (preview: Asked | undefined): boolean =>
  preview?.action.force === true &&
  preview.action.serverSide !== true &&
  (preview.response.reason === 'Invalid' || preview.response.reason === 'Conflict');

function noteOf(
  view: TaskView,
  live: KubeObject | undefined,
  preview: Preview | undefined,
  options: SyncOptions,
): string {
  const notes: string[] = [];
  const target = preview?.action.object;
  const response = preview?.response;
  if (live && isForced(preview))
    notes.push(`the server refuses the change, so Force deletes it and creates it anew: ${response?.error ?? ''}`);
  else if (response?.error !== undefined) notes.push(`as things stand the server would refuse it: ${response.error}`);
  if (response?.error === undefined && response?.owners !== undefined)
    notes.push(`takes over fields of others: ${ownersText(response.owners)}`);
  if (!response && view.skipDryRun) notes.push('its kind is not known yet: no dry run');
  if (view.phase === 'SyncFail') notes.push('only if the sync fails');
  if (target && isHook(target)) notes.push(...notesOfHook(target, live));
  const replace = options.replace || (target !== undefined && listOf(target, SYNC_OPTIONS).includes('Replace=true'));
  if (live && !view.hook && replace) notes.push('replaced as a whole');
  return notes.join('; ');
}

function notesOfHook(hook: KubeObject, live: KubeObject | undefined): string[] {
  const policies = deletePolicies(hook);
  const stale = live && kindOf(hook) === 'Job' && !policies.includes('BeforeHookCreation');
  return [
    ...(stale ? ['it is there from an earlier sync: if it has ended it does not run again'] : []),
    ...policyNotes(policies, generateNameOf(hook) !== '' && nameOf(hook).startsWith(generateNameOf(hook))),
  ];
}

/** The closed list of what a sync adds to objects, for the confirmation. */
export function additionsTo(targets: readonly KubeObject[], application: string, options: SyncOptions): string[] {
  const hooks = targets.filter(isHook);
  const plain = targets.filter((target) => isAppliedPlainly(options, target, undefined)).length;
  const generated = hooks.filter((hook) => nameOf(hook) === '').length;
  return [
    `annotation argocd.argoproj.io/tracking-id: ${application}:…, by which Argo CD knows what belongs to an application`,
    ...(plain > 0
      ? [
          `annotation ${LAST_APPLIED} on ${counted(plain, 'object')}: the manifest itself, by which the next apply knows what was taken out of it (kubectl apply keeps the same)`,
        ]
      : []),
    ...(hooks.length > 0
      ? [
          `finalizer argocd.argoproj.io/hook-finalizer on ${counted(hooks.length, 'hook')}, taken off when they have ended`,
        ]
      : []),
    ...(generated > 0 ? [`generated names for ${counted(generated, 'hook')}`] : []),
  ];
}

/** Key of a task's object where it stands in the cluster: cluster-scoped objects have no namespace. */
export const clusterKey = (
  view: Pick<TaskView, 'group' | 'kind' | 'namespace' | 'name'>,
  namespaced: boolean,
): string =>
  keyOf({ group: view.group, kind: view.kind, namespace: namespaced ? view.namespace : '', name: view.name });
