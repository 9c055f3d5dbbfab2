import * as vscode from 'vscode';
import type { ApplicationRef, ApplicationSummary } from '#protocol';
import { operationWord, type OperationRecord } from '../../sync/record.ts';
import type { OperationStore } from '../../sync/recorder.ts';
import type { Session } from '../session.ts';
import { FRESH, interruptedState, isOf, type Place } from './past.ts';

/** Ids of the operations that were told by themselves already, in the state of the workspace. */
const TOLD = 'sync.told';

export const placeOf = ({ folder, path, name }: ApplicationRef): Place => ({
  folder: vscode.Uri.parse(folder).fsPath,
  path,
  name,
});

/** Where the editor keeps the syncs that it started; rejects where it can start none. */
export async function operationsOf({ platform, context, log }: Session): Promise<OperationStore> {
  const store = await platform.operations?.(context, (text) => log.warn(text));
  if (!store) throw new Error('A browser syncs to no cluster, so there is no history of syncs here.');
  return store;
}

/** The operations of one application, newest first. */
export async function recordsOf(session: Session, application: ApplicationRef): Promise<readonly OperationRecord[]> {
  const place = placeOf(application);
  return (await (await operationsOf(session)).list()).filter((record) => isOf(record, place));
}

/** An operation that was cut off, and its application. */
export interface Interrupted {
  readonly application: ApplicationSummary;
  readonly record: OperationRecord;
}

/** The operations of this workspace that have not ended, and that no process runs. */
export async function interrupted(session: Session): Promise<Interrupted[]> {
  const store = await operationsOf(session);
  const open = (await store.list()).filter(({ ended }) => ended === undefined);
  const found: Interrupted[] = [];
  for (const record of open) {
    const application = session.store.views.find(({ summary }) => isOf(record, placeOf(summary)))?.summary;
    if (application && !(await store.isAlive(record))) found.push({ application, record });
  }
  return found;
}

/** Shows in the plan what was cut off, and tells once what was cut off lately. Gives the applications that it told now. */
export async function showInterrupted(session: Session): Promise<readonly ApplicationRef[]> {
  const { store, context, log } = session;
  const now: ApplicationRef[] = [];
  const told = new Set(context.workspaceState.get<readonly string[]>(TOLD, []));
  for (const { application, record } of await interrupted(session)) {
    // Nothing of it is in the cluster, and the next sync makes it go.
    if (record.untouched === true) continue;
    store.setRun(interruptedState(record, application));
    if (told.has(record.id) || Date.now() - record.updatedAt > FRESH) continue;
    told.add(record.id);
    await context.workspaceState.update(TOLD, [...told].slice(-50));
    log.warn(
      `The ${operationWord(record)} of ${application.name} in ${record.context} was cut off: ${record.state.message}`,
    );
    now.push(application);
    void tell(application, record);
  }
  return now;
}

async function tell(application: ApplicationSummary, record: OperationRecord): Promise<void> {
  const [resume, discard] = ['Resume', 'Discard…'];
  const began = new Date(record.startedAt).toLocaleString();
  const text = `The ${operationWord(record)} of ${application.name} ${record.deletion ? 'in' : 'to'} ${record.context} that began at ${began} was cut off before its end. What it has started in the cluster goes on, but nothing more is ${record.deletion ? 'deleted' : 'applied'} until you resume it.`;
  const answer = await vscode.window.showWarningMessage(text, resume, discard);
  const { folder, path, name } = application;
  if (answer === resume) await vscode.commands.executeCommand('argocdHooks.resumeSync', { folder, path, name });
  if (answer === discard) await vscode.commands.executeCommand('argocdHooks.discardSync', { folder, path, name });
}
