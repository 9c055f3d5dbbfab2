import * as vscode from 'vscode';
import type { ApplicationRef, ApplicationSummary } from '#protocol';
import type { Notice } from '../../sync/cluster.ts';
import { openManifest } from '../commands.ts';
import type { Session } from '../session.ts';
import { applicationId, type NodePlace } from '../plan/node.ts';
import { activeContext } from './active-context.ts';
import { rememberDurations } from '../timeline/memory.ts';
import { chooseApplication, chooseTarget, saveManifests, type Target } from './choose.ts';
import { RunController } from './controller.ts';
import { openPreflightPage } from './preflight-page.ts';
import { chooseScenario } from './choose-scenario.ts';
import { manifestPlace } from './manifest-place.ts';
import { recordsOf, showInterrupted } from './operations.ts';
import { failedIn } from './past.ts';
import type { RunState } from './run-state.ts';
import { kubeconfigChoice } from './surroundings.ts';
import type { Ending } from './story.ts';
import { findingTexts } from '../../sync/before.ts';
import { ruleNameOf, whatIfSentences, type Subject } from './what-if.ts';

let controller: RunController | undefined;

function controllerOf(session: Session): RunController {
  if (controller) return controller;
  const { platform, context, log, store, view } = session;
  const made = new RunController({
    start: (folder, request, handlers) => platform.startRun(context, folder, request, handlers),
    log,
    store,
    logs: session.logs.logs,
    findings: (application) => findingsOf(session, application),
    showPlan: async () => void (await vscode.commands.executeCommand('argocdHooks.plan.focus')),
    openPage: (title) => openPreflightPage(context, title),
    notify: (notice) => void notify(session, notice),
    finished: (state) => state.dryRun !== true && rememberDurations(context.workspaceState, store, state),
    tell: (ending, again) => {
      // The view shows it already; a failure is told in any case.
      if (ending.kind !== 'succeeded' || !view.visible) void tell(session, ending, again);
    },
    lookBack: async (application) =>
      (await showInterrupted(session)).some((told) => applicationId(told) === applicationId(application)),
    tellWhatIf: (subject, state) => void tellWhatIf(session, subject, state),
  });
  controller = made;
  session.endRuns = () => made.dispose();
  context.subscriptions.push(made);
  return made;
}

/** Without an answer of the language server nothing is told of the rules: the log says why. */
async function findingsOf({ server, log }: Session, { folder, path, name }: ApplicationRef): Promise<string[]> {
  try {
    return findingTexts((await server?.findings({ folder, path, name })) ?? [], 'open the files to see them.');
  } catch (error) {
    log.warn(`What the rules find in ${name} could not be had: ${String(error)}`);
    return [];
  }
}

/** A log-in waits for the person, a server that is away perhaps too: both are told where they are seen. */
async function notify({ log }: Session, { code, message }: Notice): Promise<void> {
  if (code === 'back') return;
  const [browser, agree, showLog, terminate] = ['Open in Browser', 'Agree to Delete', 'Show Log', 'Terminate'] as const;
  const address = /https:\/\/[^\s"'<>]+/.exec(code === 'login' ? message : '')?.[0];
  const offers = [
    ...(address === undefined ? [] : [browser]),
    ...(code === 'approval' ? [agree] : []),
    ...[showLog, terminate],
  ];
  const show = code === 'login' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const answer = await show(message, ...offers);
  if (answer === browser && address !== undefined) await vscode.env.openExternal(vscode.Uri.parse(address));
  if (answer === agree) controller?.approve();
  if (answer === showLog) log.show();
  if (answer === terminate) controller?.terminate();
}

async function tell(session: Session, ending: Ending, again: () => void): Promise<void> {
  const [logs, open, run, retry] = ['Show Logs', 'Open Manifest', 'Run Again', 'Retry Failed'] as const;
  const place = placeOf(session, ending);
  const failed = [logs, ...(place ? [open] : []), run, ...((await canRetry(session, ending)) ? [retry] : [])];
  const offers = ending.kind === 'succeeded' ? [logs] : failed;
  const show = ending.kind === 'failed' ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const answer = await show(ending.text, ...offers);
  if (answer === logs) await showLogs(session, ending);
  if (answer === open && place) await openManifest(place);
  if (answer === run) again();
  if (answer === retry) await vscode.commands.executeCommand('argocdHooks.retryFailed', ending.application);
}

/** The log of the hook at which it ended, where that wrote one; else the story of the run. */
async function showLogs({ log, logs }: Session, { application, task }: Ending): Promise<void> {
  const own = task?.logs === true ? logs.logs.find(application, task.task) : undefined;
  if (own) await logs.show(own);
  else log.show();
}

/** Did resources fail in a sync to a cluster, and no hook? They can be synced alone. */
async function canRetry(session: Session, { kind, place, application }: Ending): Promise<boolean> {
  if (kind !== 'failed' || place === 'simulation' || !session.platform.operations) return false;
  const [last] = await recordsOf(session, application);
  if (last?.ended?.how !== 'finished' || last.deletion || last.context !== place) return false;
  const { hooks, resources } = failedIn(last);
  return hooks.length === 0 && resources.length > 0;
}

/** So many objects of each list are named in a notification; the log has all. */
const NAMED = 3;

async function tellWhatIf({ log, store }: Session, subject: Subject, state: RunState): Promise<void> {
  const plan = store.planOf(state.application);
  if (!plan) return;
  for (const sentence of whatIfSentences(subject, plan, state)) log.info(sentence);
  const [showLog, clear] = ['Show Log', 'Back to the Plan'];
  const text = whatIfSentences(subject, plan, state, NAMED).join(' ');
  const answer = await vscode.window.showInformationMessage(text, showLog, clear);
  if (answer === showLog) log.show();
  if (answer === clear) store.clearRuns();
}

/** Where the manifest of the task that a run ended at stands. */
function placeOf({ store }: Session, { task, application }: Ending): NodePlace | undefined {
  const plan = task && store.planOf(application);
  return plan && manifestPlace(plan, application.folder, task);
}

/** Run Sync…: application, where, unsaved files, then the run. */
export const runSync = (session: Session, application?: ApplicationRef): Promise<void> =>
  begin(session, application, (chosen) => {
    const folder = vscode.Uri.parse(chosen.folder);
    const { selected } = activeContext(session);
    return chooseTarget(chosen.name, session.platform.contexts(folder, kubeconfigChoice(folder)), selected);
  });

/** Delete Application Resources…: application, where, then everything that goes by name, and the run. */
export const deleteResources = (session: Session, application?: ApplicationRef): Promise<void> =>
  begin(
    session,
    application,
    (chosen) => {
      const folder = vscode.Uri.parse(chosen.folder);
      const { selected } = activeContext(session);
      return chooseTarget(chosen.name, session.platform.contexts(folder, kubeconfigChoice(folder)), selected, true);
    },
    'Delete Application Resources: Which Application?',
  );

/** Select Context…: where syncs of this workspace go. One that runs stays where it is. */
export async function selectContext(session: Session): Promise<void> {
  const place = controllerOf(session).place;
  await activeContext(session).select();
  if (place === undefined || place === 'simulation') return;
  void vscode.window.showInformationMessage(
    `The sync that runs stays in ${place}; the next one goes to what you selected.`,
  );
}

/** Simulate Sync…: what is to be shown in place of where it runs. */
export const simulateSync = (session: Session, application?: ApplicationRef): Promise<void> =>
  begin(session, application, async (chosen) => {
    const scenario = await chooseScenario(session, chosen);
    return scenario && { mode: 'simulate', scenario };
  });

/** What if This Fails?: simulates the sync with one task failing, at once and without waiting. */
export const whatIfFails = (session: Session, application: ApplicationRef, subject: Subject): Promise<void> =>
  begin(session, application, async () => {
    const scenario = { fail: ruleNameOf(subject.task), next: true };
    return { mode: 'simulate', scenario, subject };
  });

export async function terminateSync(session: Session): Promise<void> {
  controllerOf(session).terminate();
}

/** Runs a sync of an application, of which `target` says where and how. */
export async function begin(
  session: Session,
  wanted: ApplicationRef | undefined,
  target: (application: ApplicationSummary) => Promise<Target | undefined>,
  title = 'Run Sync: Which Application?',
): Promise<void> {
  const runs = controllerOf(session);
  if (!vscode.workspace.isTrusted) {
    throw new Error(
      'This workspace is not trusted, and a sync may start programs that its kubeconfig names. Trust it first.',
    );
  }
  if (!(await runs.giveWay()))
    throw new Error('A sync or deletion is running already. Wait for its end, or terminate it.');
  const application = await applicationFor(session, wanted, title);
  if (!application) return;
  const folder = vscode.Uri.parse(application.folder);
  const chosen = await target(application);
  if (!chosen || !(await saveManifests(folder))) return;
  await runs.run({ folder: application.folder, path: application.path, name: application.name }, chosen);
}

async function applicationFor(
  session: Session,
  wanted: ApplicationRef | undefined,
  title: string,
): Promise<ApplicationSummary | undefined> {
  const { store, view } = session;
  const applications = store.views.map(({ summary }) => summary);
  if (applications.length === 0) {
    throw new Error('There is no application in this workspace: no YAML file with apiVersion and kind was found.');
  }
  if (wanted) return applications.find((summary) => applicationId(summary) === applicationId(wanted));
  const here = view.applicationAt(vscode.window.activeTextEditor);
  return chooseApplication(applications, here && applicationId(here), title);
}
