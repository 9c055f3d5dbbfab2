import * as vscode from 'vscode';
import type { ApplicationRef, ApplicationSummary } from '#protocol';
import { discard } from '../../sync/resume.ts';
import { operationWord, standingOf, type OperationRecord, type Standing } from '../../sync/record.ts';
import type { Session } from '../session.ts';
import { openManifest } from '../commands.ts';
import { BACK, pick } from '../pick.ts';
import { applicationId } from '../plan/node.ts';
import { begin } from './commands.ts';
import { interrupted, operationsOf, placeOf, recordsOf, type Interrupted } from './operations.ts';
import { failedIn, historyEntry, isOf, resourceText, resultEntries, type ResultEntry } from './past.ts';
import { manifestPlace } from './manifest-place.ts';
import { taskOf } from './run-state.ts';

const timeText = (ms: number): string => new Date(ms).toLocaleString();

/** The operation that was cut off and is meant; asks where there are several. */
async function theInterrupted(
  session: Session,
  wanted: ApplicationRef | undefined,
  verb: 'resume' | 'discard',
): Promise<Interrupted | undefined> {
  const all = await interrupted(session);
  const found = wanted ? all.filter((one) => applicationId(one.application) === applicationId(wanted)) : all;
  if (found.length === 0) {
    const where = wanted ? `of ${wanted.name}` : 'of this workspace';
    throw new Error(`No sync ${where} was cut off: there is nothing to ${verb}.`);
  }
  if (found.length === 1) return found[0];
  const items = found.map((one) => ({ ...historyEntry(one.record, 'interrupted', timeText), one }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: verb === 'resume' ? 'Resume Sync: Which One?' : 'Discard Interrupted Sync: Which One?',
    placeHolder: 'Syncs that were cut off before their end',
    matchOnDescription: true,
  });
  return chosen?.one;
}

/** Resume Sync: goes on with what was cut off, after the confirmation. */
export async function resumeSync(session: Session, wanted?: ApplicationRef): Promise<void> {
  const found = await theInterrupted(session, wanted, 'resume');
  if (!found) return;
  const { application, record } = found;
  await begin(session, application, async () => ({
    ...{ mode: 'sync', context: { name: record.context }, resume: true },
    deletes: record.deletion !== undefined,
  }));
}

/** Discard Interrupted Sync…: leaves everything as it stands. */
export async function discardSync(session: Session, wanted?: ApplicationRef): Promise<void> {
  const found = await theInterrupted(session, wanted, 'discard');
  if (!found) return;
  const { application, record } = found;
  const answer = await vscode.window.showWarningMessage(
    `Discard the ${operationWord(record)} of ${application.name} in ${record.context} that began at ${timeText(record.startedAt)}?`,
    {
      modal: true,
      detail: record.deletion
        ? 'Nothing more is deleted; hooks that run go on. It cannot be resumed afterwards; a new deletion or sync can be started.'
        : 'Nothing is written: what it has applied and started stays in the cluster as it is, hooks that run among it. It cannot be resumed afterwards; a new sync can be started.',
    },
    'Discard',
  );
  if (answer !== 'Discard') return;
  const store = await operationsOf(session);
  if (await store.isAlive(record)) throw new Error(`This ${operationWord(record)} runs again: terminate it instead.`);
  const message = await discard(store, record, Date.now());
  session.store.dropRun(application);
  session.log.info(message);
  // A text beside which there is no button is folded to one line.
  const showLog = 'Show Log';
  if ((await vscode.window.showInformationMessage(message, showLog)) === showLog) session.log.show();
}

/** Run Again: the last sync of an application once more, to the same context. */
export async function runAgain(session: Session, wanted?: ApplicationRef): Promise<void> {
  const found = await lastOf(session, wanted);
  if (found) await again(session, found.application, found.record);
}

/** Retry Failed: syncs only the resources that failed in the last sync. Hooks do not run in such a sync. */
export async function retryFailed(session: Session, wanted?: ApplicationRef): Promise<void> {
  const found = await lastOf(session, wanted);
  if (found) await retry(session, found.application, found.record);
}

function again(session: Session, application: ApplicationRef, record: OperationRecord): Promise<void> {
  const { context, operation } = record;
  const resources = (operation.resources ?? []).map(resourceText);
  const deletes = record.deletion !== undefined;
  return begin(session, application, async () => ({ mode: 'sync', context: { name: context }, resources, deletes }));
}

async function retry(session: Session, application: ApplicationRef, record: OperationRecord): Promise<void> {
  const { hooks, resources } = failedIn(record);
  const { context, state } = record;
  if (hooks.length === 0 && resources.length > 0) {
    const selected = resources.map(resourceText);
    await begin(session, application, async () => ({ mode: 'sync', context: { name: context }, resources: selected }));
    return;
  }
  if (state.phase === 'Succeeded') throw new Error(`Nothing failed in the last sync of ${application.name}.`);
  const [hook] = hooks;
  const why = hook
    ? `${hook.kind} ${hook.name} failed, which is a hook (${hook.syncPhase}), and Argo CD runs no hooks where only some resources are synced.`
    : 'No single resource failed.';
  const run = 'Run Again';
  const text = `What failed in the last sync of ${application.name} cannot be retried alone: ${why} Sync the whole application again?`;
  if ((await vscode.window.showWarningMessage(text, run)) === run) await again(session, application, record);
}

/** The last operation of an application, which is asked for where there are several with one. */
async function lastOf(
  session: Session,
  wanted: ApplicationRef | undefined,
): Promise<{ application: ApplicationRef; record: OperationRecord } | undefined> {
  if (wanted) {
    const record = (await recordsOf(session, wanted)).find(({ deletion }) => deletion === undefined);
    if (!record) throw new Error(`No sync of ${wanted.name} is known of the last 30 days.`);
    return { application: wanted, record };
  }
  const all = (await pastOf(session, undefined)).filter(({ record }) => record.deletion === undefined);
  const last = all.filter((one, i) => all.findIndex((other) => other.application === one.application) === i);
  if (last.length === 0) throw new Error('No sync of this workspace is known of the last 30 days.');
  if (last.length === 1) return last[0];
  const items = last.map((one) => ({ ...historyEntry(one.record, one.standing, timeText), one }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Which Application?', matchOnDescription: true });
  return chosen?.one;
}

interface Past {
  readonly application: ApplicationSummary;
  readonly record: OperationRecord;
  readonly standing: Standing;
}

/** The operations of this workspace's applications, newest first. */
async function pastOf(session: Session, wanted: ApplicationRef | undefined): Promise<Past[]> {
  const store = await operationsOf(session);
  const applications = session.store.views.map(({ summary }) => summary);
  const past: Past[] = [];
  for (const record of await store.list()) {
    const application = applications.find((summary) => isOf(record, placeOf(summary)));
    if (!application || (wanted && applicationId(wanted) !== applicationId(application))) continue;
    const standing = standingOf(record, record.ended === undefined && (await store.isAlive(record)));
    past.push({ application, record, standing });
  }
  return past;
}

interface PastItem extends vscode.QuickPickItem {
  readonly past?: Past;
}

/** Sync History…: what was synced in the last 30 days, how it ended, and what it came to for each task. */
export async function syncHistory(session: Session, wanted?: ApplicationRef): Promise<void> {
  const title = wanted ? `Sync History of ${wanted.name}` : 'Sync History';
  for (;;) {
    const items = pastOf(session, wanted).then((all): PastItem[] =>
      all.length === 0
        ? [{ label: 'No sync or deletion is known of the last 30 days', description: 'Run Sync… starts one' }]
        : all.map((past) => ({ ...historyEntry(past.record, past.standing, timeText), past })),
    );
    const chosen = await pick<PastItem>({
      title,
      placeholder: 'Syncs and deletions of the last 30 days, newest first',
      items,
    });
    if (typeof chosen !== 'object' || !chosen.past) return;
    if ((await showOne(session, chosen.past)) !== BACK) return;
  }
}

interface OneItem extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

/** Opens the manifest that a result is of, where there still is one. */
async function openResult(session: Session, application: ApplicationRef, { result }: ResultEntry): Promise<void> {
  const { store } = session;
  if (!store.hasPlan(application)) await store.load(application);
  const plan = store.planOf(application);
  const [, ran] = taskOf(result);
  const place = plan && manifestPlace(plan, application.folder, ran);
  if (!place)
    throw new Error(
      `${result.kind} ${result.name} (${result.syncPhase}) stands in no manifest of ${application.name} any more: it was deleted by the sync, or its manifest has changed since.`,
    );
  await openManifest(place);
}

/** What one operation came to, and what can be done about it. */
async function showOne(session: Session, { application, record, standing }: Past): Promise<typeof BACK | undefined> {
  const offer = (label: string, detail: string, run: () => Promise<void>): OneItem => ({ label, detail, run });
  const { hooks, resources } = failedIn(record);
  const offers =
    standing === 'interrupted'
      ? [
          offer('$(debug-continue) Resume', 'Go on where it was cut off', () => resumeSync(session, application)),
          offer('$(trash) Discard…', 'Leave everything as it stands', () => discardSync(session, application)),
        ]
      : standing === 'running'
        ? []
        : [
            offer(
              '$(debug-restart) Run Again',
              `The same ${operationWord(record)}, ${record.deletion ? 'from' : 'to'} ${record.context}`,
              () => again(session, application, record),
            ),
            ...(resources.length > 0 && hooks.length === 0 && !record.deletion
              ? [
                  offer('$(debug-rerun) Retry Failed', 'Only the resources that failed; no hooks run', () =>
                    retry(session, application, record),
                  ),
                ]
              : []),
          ];
  const separator = { label: 'results', kind: vscode.QuickPickItemKind.Separator };
  const chosen = await pick<OneItem>({
    title: `${record.deletion ? 'Deletion' : 'Sync'} of ${application.name}, ${timeText(record.startedAt)}`,
    placeholder: record.state.message || 'What it came to',
    items: Promise.resolve([
      ...offers,
      separator,
      ...resultEntries(record).map((entry) => ({ ...entry, run: () => openResult(session, application, entry) })),
    ]),
    back: true,
  });
  if (typeof chosen !== 'object') return chosen;
  if (!chosen.run) return BACK;
  await chosen.run();
  return undefined;
}
