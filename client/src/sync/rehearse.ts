import { isReconciled, reconcile } from '#core/apply/rbac';
import { isHealthGuessed } from '#core/health/lua-checks';
import { usesServerSideApply } from '#core/sync/apply';
import { gvkOf, objectIdOf, type KubeObject } from '#core/object';
import type { ProjectSubject } from '#core/project/permissions';
import type { Action, Response, SyncOptions } from '#core/sync/model';
import { syncPass } from '#core/sync/pass';
import { briefly } from '../text/brief.ts';
import { deniedTexts, logsNeeded, looksNeeded, placeOf, writesNeeded, type Rehearsed as Task } from './access.ts';
import { retryWords } from './argocd/policy.ts';
import { ownership } from './argocd/owner.ts';
import type { AccessRequest, Cluster, ClusterIdentity, Kind } from './cluster.ts';
import { identityOf, offeredChoices } from './choices.ts';
import { drive, writesNothing } from './drive.ts';
import type { Preflight, PreflightRow } from './events.ts';
import { ownersText } from './kubectl-texts.ts';
import { idleHooks, optionWords } from './preflight-words.ts';
import { additionsTo, isForced, preflightRows, type Rehearsal } from './preflight.ts';
import type { Redactor } from './redact.ts';
import type { SyncRequest } from './request.ts';
import { emptySelections, selectionNotes } from './selection.ts';
import { sharedResources } from './shared.ts';
import { unseenTexts } from './unseen.ts';
import type { Session } from './session.ts';
import type { Signal } from './signal.ts';

export interface RehearsalParts {
  readonly request: SyncRequest;
  readonly cluster: Cluster;
  readonly identity: ClusterIdentity;
  readonly session: Session;
  readonly options: SyncOptions;
  /** It goes on with an operation that was cut off. */
  readonly resumes?: boolean;
  readonly redactor: Redactor;
  readonly now: number;
  readonly signal: Signal;
}

const WRITES = new Set(['apply', 'create', 'replace', 'update']);

/** What was found before anything is written. */
export interface Rehearsed {
  readonly preflight: Preflight;
  /** The user lacks permissions. */
  readonly denied: boolean;
}

/**
 * Goes through the whole operation as the dry run that Argo CD would make, asks the cluster beside it what each write
 * would come to, and which permissions are missing. Nothing is written. Where the user may not even look, that is told
 * instead.
 */
export async function rehearse(parts: RehearsalParts): Promise<Rehearsed> {
  const { request, identity, session, redactor } = parts;
  const looks = {
    targets: session.targets,
    namespace: request.namespace,
    createNamespace: parts.options.createNamespace,
    discovered: (kind: Kind) => session.discovered(kind),
  };
  const hidden = await parts.cluster.denied(looksNeeded(looks), parts.signal);
  if (hidden.length > 0) return { preflight: preflightOf(parts, [], { denied: hidden }), denied: true };
  const unseen = await session.takeInventory();
  await session.watch();
  await session.ignoring.read(session.live());
  const rehearsal = await dryRun(parts);
  const live = session.live();
  const rows = preflightRows(rehearsal, {
    options: parts.options,
    live,
    keyOf: (view) => session.keyOf(view),
    hide: (text) => redactor.hide(text),
    ignoring: session.ignoring,
  });
  const writes = parts.options.dryRun
    ? []
    : writesNeeded(rehearsedTasks(rehearsal, rows, live, parts), looks.discovered);
  const denied = identity.kind === 'kubernetes' ? await parts.cluster.denied(writes, parts.signal) : [];
  const unread = await parts.cluster.denied(logsNeeded(looks), parts.signal);
  const shown = rows.map((row) => ({
    ...row,
    note: redactor.hide(row.note),
    diff: row.diff.map((line) => redactor.hide(line)),
  }));
  const synced = { objects: session.targets.map((target) => subjectOf(target, session)), now: parts.now };
  const { owner, ...owners } = await ownership({ ...parts, synced }, live.values());
  const missing = await missingNamespaces(parts, rehearsal);
  // Argo CD makes its own checks, with its own permissions.
  const own = owner?.isChosen === true ? [] : missing.map((name) => missingText(name, parts));
  const conflicts = conflictTexts(rehearsal);
  const found: Findings = {
    warnings: [
      ...owners.warnings,
      ...selectionNotes(parts.options.selected ?? [], session.targets),
      ...warnings(parts, rehearsal),
      ...session.ignoring.notes,
      ...conflicts,
      ...(parts.options.prune ? unseenTexts(unseen) : []),
      ...unreadTexts(unread, identity.user),
    ],
    blockers: [
      ...owners.blockers,
      ...sharedResources(parts.request, session.targets, live),
      ...emptySelections(parts.options.selected ?? [], session.targets, live.values()),
      ...own,
    ],
    denied: owner?.isChosen === true ? [] : denied,
  };
  const more = {
    ...(owner ? { owner } : {}),
    ...(conflicts.length > 0 ? { conflicts: true as const } : {}),
    ...(missing.includes(request.namespace) ? { missingNamespace: request.namespace } : {}),
  };
  return { preflight: { ...preflightOf(parts, shown, found), ...more }, denied: found.denied.length > 0 };
}

/** The tasks as the dry run has shown them, for the permissions that they need. */
function rehearsedTasks(
  { outcome, previews }: Rehearsal,
  rows: readonly PreflightRow[],
  live: ReadonlyMap<string, KubeObject>,
  { session }: RehearsalParts,
): Task[] {
  return outcome.tasks.map((view, index) => {
    const preview = previews.get(index);
    const key = session.keyOf(view);
    return {
      view,
      ...placeOf(key, preview?.action.object),
      change: rows[index]?.change ?? 'unknown',
      live: live.has(key),
      action: preview?.action,
      forced: isForced(preview),
      rebound: isRebound(live.get(key), preview?.action),
    };
  });
}

/** An object as a project of Argo CD looks at it. */
function subjectOf(target: KubeObject, session: Session): ProjectSubject {
  return { ...objectIdOf(target), namespaced: session.isNamespaced(gvkOf(target)) };
}

/** Source: k8s.io/kubectl/pkg/cmd/auth/reconcile.go: what a binding binds cannot be changed. */
function isRebound(live: KubeObject | undefined, action: Action | undefined): boolean {
  if (!live || action?.verb !== 'apply' || action.serverSide === true || !isReconciled(action.object)) return false;
  const { operation, protected: opted } = reconcile(live, action.object);
  return operation === 'recreate' && !opted;
}

/** A sync does without logs, and says so. */
function unreadTexts(unread: readonly AccessRequest[], user: string): string[] {
  const places = [...new Set(unread.map(({ namespace }) => namespace))];
  const who = user === '' ? 'You' : user;
  return places.map(
    (place) => `${who} may not read the logs of pods in namespace ${place}: those of hooks are not shown.`,
  );
}

/** Namespaces that the sync writes into, that are not there, and that it does not make. A simulation takes them to exist. */
async function missingNamespaces({ session, identity }: RehearsalParts, { outcome }: Rehearsal): Promise<string[]> {
  if (identity.kind !== 'kubernetes') return [];
  const written = outcome.tasks.filter(({ target }) => target);
  const made = new Set(
    written.filter(({ group, kind }) => group === '' && kind === 'Namespace').map(({ name }) => name),
  );
  const used = new Set(written.map((view) => session.keyOf(view).split('/')[2] ?? ''));
  return session.missingNamespaces([...used].filter((name) => name !== '' && !made.has(name)));
}

function missingText(name: string, { request, resumes }: RehearsalParts): string {
  if (resumes === true)
    return `Namespace ${name} does not exist, and the sync that goes on was started without making it. Create it (kubectl create namespace ${name}) and resume; or discard this sync, and let a new one create it.`;
  const advice =
    name === request.namespace
      ? 'Let this sync create it (--create-namespace), add it to the application, or give its Argo CD Application the sync option CreateNamespace=true.'
      : 'Create it, or add it to the application.';
  return `Namespace ${name} does not exist, and this sync does not make it. ${advice}`;
}

interface Findings {
  readonly warnings?: readonly string[];
  readonly blockers?: readonly string[];
  readonly denied: readonly AccessRequest[];
}

function preflightOf(
  { request, identity, session, options, redactor }: RehearsalParts,
  rows: readonly PreflightRow[],
  { warnings: found = [], blockers = [], denied }: Findings,
): Preflight {
  return {
    cluster: identity,
    application: request.application,
    namespace: request.namespace,
    revision: request.revision.text,
    rows,
    warnings: [...found, ...request.warnings].map((text) => redactor.hide(text)),
    blockers: [...request.blockers, ...blockers, ...deniedTexts(denied, identity.user)],
    additions: additionsTo(session.targets, request.application, options),
    notRun: [...(request.leftOut ?? []), ...idleHooks(request.operation, session.targets)].map((text) =>
      redactor.hide(text),
    ),
    options: [...optionWords(request.operation), ...retryWords(request)],
    choices: offeredChoices(request, session.targets, session.live().values(), (object) =>
      identityOf(object, session.isNamespaced(gvkOf(object))),
    ),
  };
}

/** Plays the dry run of an operation, and asks the cluster what each write would come to. Writes nothing. */
export async function dryRun({ session, options, now }: RehearsalParts): Promise<Rehearsal> {
  const previews = new Map<number, { action: Action; response: Response; local: Response }>();
  const input = {
    ...session.passInput({ ...options, dryRun: true, pruneConfirmed: true, applyOutOfSyncOnly: false }),
    startedAt: Math.floor(now / 1000),
    operation: { phase: 'Running', message: '' } as const,
    results: [],
  };
  const outcome = await drive(syncPass(input), {
    perform: async (action) => {
      if (!writesNothing(action)) return {};
      if (!WRITES.has(action.verb)) return session.perform(action);
      if (action.task !== undefined) {
        // Argo CD's own dry run is never server-side, but what it is to tell of is.
        const asked = { ...action, serverSide: usesServerSideApply(options, action.object, false) };
        const response = await session.preview(asked);
        const local = await session.perform(action);
        previews.set(action.task, { action: asked, response, local });
        return local;
      }
      return session.perform(action);
    },
  });
  return { outcome, previews };
}

/** What others own and the options do not take over: the sync would fail by it. */
function conflictTexts({ outcome, previews }: Rehearsal): string[] {
  const met = [...previews].flatMap(([index, { response }]) => {
    const view = outcome.tasks[index];
    const { error, owners } = response;
    return view && error !== undefined && owners ? [`${view.kind} ${view.name}: ${ownersText(owners)}`] : [];
  });
  if (met.length === 0) return [];
  return [
    `Others own fields that the manifests set (${met.join('. ')}). The sync leaves such an object as it is, and fails. To take the fields over, as Argo CD does, choose Force conflicts (--force-conflicts); else leave them out of the manifest.`,
  ];
}

function warnings({ session }: RehearsalParts, { outcome }: Rehearsal): string[] {
  const found: string[] = [];
  if (outcome.operation.phase !== 'Succeeded' && outcome.operation.message !== '')
    found.push(
      `The dry run fails, and so will the sync before it writes anything: ${briefly(outcome.operation.message)}`,
    );
  for (const label of session.duplicates)
    found.push(`${label} stands twice in the application: the last one is taken, the others are ignored.`);
  const guessed = [...new Set(outcome.tasks.filter(isHealthGuessed).map(({ kind }) => kind))];
  if (guessed.length > 0)
    found.push(
      `Argo CD has a health check of its own for ${guessed.join(', ')}, which is only approximated here: by the condition Ready. Where Argo CD would fail the sync, this one may wait.`,
    );
  return found;
}
