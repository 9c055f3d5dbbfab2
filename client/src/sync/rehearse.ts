import type { KubeObject } from '#core/object';
import type { Action, Response, SyncOptions } from '#core/sync/model';
import { syncPass } from '#core/sync/pass';
import { accessNeeded, deniedTexts } from './access.ts';
import type { Cluster, ClusterIdentity } from './cluster.ts';
import { drive, writesNothing } from './drive.ts';
import type { Preflight } from './events.ts';
import { additionsTo, counted, preflightRows, type Rehearsal } from './preflight.ts';
import type { Redactor } from './redact.ts';
import type { SyncRequest } from './request.ts';
import type { Session } from './session.ts';
import type { Signal } from './signal.ts';
import { trackingOf } from './tracking.ts';

export interface RehearsalParts {
  readonly request: SyncRequest;
  readonly cluster: Cluster;
  readonly identity: ClusterIdentity;
  readonly session: Session;
  readonly options: SyncOptions;
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
 * would come to, and which permissions are missing. Nothing is written.
 */
export async function rehearse(parts: RehearsalParts): Promise<Rehearsed> {
  const { request, cluster, identity, session, options, redactor } = parts;
  const rehearsal = await dryRun(parts);
  const live = session.live();
  const rows = preflightRows(rehearsal, { options, live, keyOf: (view) => session.keyOf(view) }).map((row) => ({
    ...row,
    note: redactor.hide(row.note),
    diff: row.diff.map((line) => redactor.hide(line)),
  }));
  const needed = accessNeeded(session.targets, request.namespace, options, (kind) => session.discovered(kind));
  const denied = await cluster.denied(needed, parts.signal);
  const preflight: Preflight = {
    cluster: identity,
    application: request.application,
    namespace: request.namespace,
    revision: request.revision.text,
    rows,
    warnings: [...request.warnings, ...warnings(parts, rehearsal, live)].map((text) => redactor.hide(text)),
    blockers: [...request.blockers, ...deniedTexts(denied, identity.user)],
    additions: additionsTo(session.targets, request.application),
  };
  return { preflight, denied: denied.length > 0 };
}

async function dryRun({ session, options, now }: RehearsalParts): Promise<Rehearsal> {
  const previews = new Map<number, { action: Action; response: Response }>();
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
      if (action.task !== undefined) previews.set(action.task, { action, response: await session.preview(action) });
      return session.perform(action);
    },
  });
  return { outcome, previews };
}

function warnings(
  { request, session }: RehearsalParts,
  { outcome }: Rehearsal,
  live: ReadonlyMap<string, KubeObject>,
): string[] {
  const found: string[] = [];
  if (outcome.operation.phase !== 'Succeeded' && outcome.operation.message !== '')
    found.push(`The dry run fails, and so will the sync before it writes anything: ${outcome.operation.message}`);
  for (const key of session.duplicates)
    found.push(`${key} stands twice in the application: the last one is taken, the others are ignored.`);
  const others = new Map<string, number>();
  for (const object of live.values()) {
    const owner = trackingOf(object)?.application ?? request.application;
    if (owner !== request.application) others.set(owner, (others.get(owner) ?? 0) + 1);
  }
  for (const [owner, count] of others)
    found.push(
      `${counted(count, 'object')} in the cluster ${count === 1 ? 'belongs' : 'belong'} to the Argo CD application ${owner}: ` +
        `this sync takes ${count === 1 ? 'it' : 'them'} over, and with selfHeal Argo CD takes ${count === 1 ? 'it' : 'them'} back.`,
    );
  return found;
}
