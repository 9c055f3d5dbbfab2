import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Session } from '../session.ts';
import { liveLine, liveMark, liveStatus } from '../plan/live-marks.ts';
import { applicationId, type PlanNode } from '../plan/node.ts';
import { PLAN_VIEW } from '../plan/view.ts';
import { activeContext } from './active-context.ts';
import { chooseApplication } from './choose.ts';
import { editorSettings } from './editor-settings.ts';
import { showObjectDiff } from './object-diff.ts';
import { kubeconfigChoice } from './surroundings.ts';

/** Show Live Status: reads the active context and lays what it finds over the plan. Nothing is written. */
export async function showLiveStatus(session: Session, wanted: ApplicationRef | undefined): Promise<void> {
  const { platform, context, store, view, log } = session;
  if (!vscode.workspace.isTrusted)
    throw new Error('This workspace is not trusted, and a kubeconfig may start programs. Trust it first.');
  const summaries = store.views.map(({ summary }) => summary);
  const here = view.applicationAt(vscode.window.activeTextEditor);
  const application =
    wanted ?? (await chooseApplication(summaries, here && applicationId(here), 'Show Live Status: Which Application?'));
  if (!application) return;
  const folder = vscode.Uri.parse(application.folder);
  const ask = platform.status?.bind(platform);
  if (!ask || folder.scheme !== 'file')
    throw new Error(
      'No cluster can be reached from here: open the folder on a disk, in VS Code on a desktop or a remote.',
    );
  const kubeconfig = kubeconfigChoice(folder);
  const settings = editorSettings(folder);
  const kubeContext = activeContext(session).selected;
  const location = { viewId: PLAN_VIEW };
  const status = await vscode.window.withProgress({ location }, () =>
    ask(context, folder, { application: application.name, path: application.path, kubeconfig, kubeContext, settings }),
  );
  const live = liveStatus(status, Date.now());
  const { cluster, notes } = status;
  log.info(`Live status of ${application.name} in ${cluster.server} (${cluster.origin}): ${liveLine(live)}`);
  for (const note of notes) log.warn(note);
  if (!store.hasPlan(application)) await store.load(application);
  store.setLive(application, live);
  await vscode.commands.executeCommand(`${PLAN_VIEW}.focus`);
}

/** Show Difference: the live object of a row beside what a sync would leave. */
export async function showDifference({ store, context }: Session, { spot, application }: PlanNode): Promise<void> {
  const live = store.liveOf(application);
  const plan = store.planOf(application);
  if (!live || !plan || !spot?.task) throw new Error('Show the live status of the application first.');
  const resource = liveMark(live, spot.phase, spot.task, plan.namespace)?.resource;
  if (!resource?.texts)
    throw new Error(`${spot.task.kind} ${spot.task.name} does not differ from its manifest, as far as is known.`);
  await showObjectDiff(context, resource.task, resource.texts);
}
