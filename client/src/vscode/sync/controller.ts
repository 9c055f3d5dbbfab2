import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Notice } from '../../sync/cluster.ts';
import type { Preflight, RunEvent } from '../../sync/events.ts';
import type { PlanStore } from '../plan/store.ts';
import { PLAN_VIEW } from '../plan/view.ts';
import { objectLabel } from '#core/plan/words';
import { runLine } from '../plan/run-marks.ts';
import type { Target } from './choose.ts';
import { isProtected } from '../../sync/glob.ts';
import { typedName } from '../../sync/typed-name.ts';
import { canHandOver, canRevise, editionOf, type PreflightView } from '../../webview/messages.ts';
import type { OperationChoices } from '../../sync/model.ts';
import type { PageReply, PreflightPage } from './preflight-page.ts';
import { Batches } from './batches.ts';
import type { HookLogs, LoggedOperation } from './hook-logs.ts';
import { requestOf } from './run-request.ts';
import type { Run, RunHandlers, RunRequest } from './run.ts';
import { afterEvents, isUnbegun, startOf, type RunStage, type RunState } from './run-state.ts';
import { beginning, now, pageTitle } from './run-words.ts';
import { scenarioWords } from './simulate-choices.ts';
import { endingOf, storyLine, type Ending } from './story.ts';
import { waitLine } from './wait-line.ts';
import type { Subject } from './what-if.ts';

/** How long a run may take to end properly when the window closes, in milliseconds; then it is killed. */
const GRACE = 4000;

export interface RunServices {
  /** Starts a run of an application of a folder. */
  start(folder: vscode.Uri, request: RunRequest, handlers: RunHandlers): Run;
  readonly log: vscode.LogOutputChannel;
  readonly store: PlanStore;
  /** What the language server's rules have found in the files of an application. */
  findings(application: ApplicationRef): Promise<readonly string[]>;
  /** Keeps what hooks write. */
  readonly logs: Pick<HookLogs, 'begin'>;
  /** Brings the plan view to the front. */
  showPlan(): Promise<void>;
  /** Opens the page that shows what would happen and asks. */
  openPage(title: string): PreflightPage;
  /** Tells what keeps a run: a log-in that waits, a server that does not answer. */
  notify(notice: Notice): void;
  /** A run is over; it has come to something. */
  finished(state: RunState): void;
  /** Tells how a run ended, and offers what to do next. */
  tell(ending: Ending, again: () => void): void;
  /** A run to a cluster is over: shows what was cut off. Gives true where it has told that of this application. */
  lookBack(application: ApplicationRef): Promise<boolean>;
  /** Tells what the failure of a task led to, as the run has shown it. */
  tellWhatIf(subject: Subject, state: RunState): void;
}

interface Running {
  readonly run: Run;
  /** A person confirms it before anything is written. */
  readonly isAsked: boolean;
  readonly scenario: string;
  state: RunState;
  /** The person said no. */
  refused: boolean;
  /** It cannot be synced as it stands: the page tells why, and waits for other options. */
  blocked: boolean;
  /** Open until it is answered. */
  page: PreflightPage | undefined;
  /** The options that were agreed to. */
  confirmed: { readonly choices?: OperationChoices };
  /** With these options it is to run; they are asked for once there is a preflight. */
  readonly choices: OperationChoices | undefined;
  /** Resolves when it is over. */
  readonly over: Promise<unknown>;
}

/** Runs syncs, one at a time, each where the platform has a place for it, and lays what it does over the plan. */
export class RunController implements vscode.Disposable {
  readonly #services: RunServices;
  readonly #status: vscode.StatusBarItem;
  #running: Running | undefined;

  constructor(services: RunServices) {
    this.#services = services;
    this.#status = vscode.window.createStatusBarItem('argocdHooks.run', vscode.StatusBarAlignment.Left, 10);
    this.#status.name = 'Argo CD Hooks: running sync';
    this.#status.command = 'argocdHooks.showPlan';
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Where a sync runs now; undefined: nowhere. */
  get place(): string | undefined {
    return this.#running?.state.place;
  }

  /** Ends what runs, as when the window closes: that terminates the operation properly. */
  dispose(): void {
    this.#running?.run.close(GRACE);
    this.#status.dispose();
  }

  /** Stops before the next write; what was confirmed already stands. */
  terminate(): void {
    const running = this.#running;
    if (!running) return;
    this.#services.log.info('Terminating, as you asked');
    const begun = running.state.stage === 'running' || running.state.stage === 'terminating';
    running.state = { ...running.state, stage: begun ? 'terminating' : running.state.stage, terminated: true };
    if (begun) running.run.send({ type: 'terminate' });
    else running.run.close(GRACE);
    this.#update();
  }

  /** Closes the page of a sync that is impossible as it stands, so that another one can start. False: one runs. */
  async giveWay(): Promise<boolean> {
    const running = this.#running;
    if (running?.blocked !== true) return running === undefined;
    running.page?.close();
    await running.over;
    return this.#running === undefined;
  }

  /** Agrees to the deletion that Argo CD asks about. */
  approve(): void {
    this.#running?.run.send({ type: 'approve' });
  }

  /** Runs one application there, from the preflight to the end. Resolves when the run is over. */
  async run(application: ApplicationRef, target: Target): Promise<void> {
    if (this.#running) return;
    const { log, store } = this.#services;
    const folder = vscode.Uri.parse(application.folder);
    const request = requestOf(application, target);
    const place = target.mode === 'simulate' ? 'simulation' : target.context.name;
    const subject = target.mode === 'simulate' ? target.subject : undefined;
    const { deletes = false, speed = 1 } = request;
    const scenario = scenarioWords(request.scenario);
    log.info(
      `${beginning(target.mode, deletes)} ${application.name} (${application.path}), ${place}${scenario === '' ? '' : ` (${scenario})`}`,
    );
    let lastMessage = '';
    let end: (code: number | undefined) => void = () => undefined;
    const ended = new Promise<number | undefined>((resolve) => (end = resolve));
    const hookLog = this.#services.logs.begin(application, place, Date.now());
    const batches = new Batches<RunEvent>((events) => this.#onEvents(running, events, speed, hookLog));
    const run = this.#services.start(folder, request, {
      event: (event) => batches.push(event),
      message: (line) => {
        lastMessage = line;
        log.info(line);
      },
      findings: () => this.#services.findings(application),
      ended: (code) => {
        batches.flush();
        end(code);
      },
    });
    let leave: (value: unknown) => void = () => undefined;
    const running: Running = {
      run,
      isAsked: !subject,
      scenario,
      state: startOf(application, place, deletes),
      refused: false,
      blocked: false,
      page: undefined,
      confirmed: {},
      choices: target.choices,
      over: new Promise((resolve) => (leave = resolve)),
    };
    this.#running = running;
    await this.#setRunning(true);
    this.#update();
    this.#showProgress('view', 'preparing');
    const code = await ended;
    running.page?.close();
    const state = this.#close(code, lastMessage);
    await this.#setRunning(false);
    leave(undefined);
    if (state) this.#services.finished(state);
    if (state) store.setRun(state);
    else store.dropRun(application);
    // It may not have come to its end, or have said no to another one that did not.
    const isTold = target.mode === 'sync' && (await this.#services.lookBack(application));
    if (state && subject) this.#services.tellWhatIf(subject, state);
    else if (state)
      this.#tellEnding(state, isTold, () => void this.run(application, { ...target, ...running.confirmed }));
  }

  #onEvents(running: Running, events: readonly RunEvent[], speed: number, hookLog: LoggedOperation): void {
    if (this.#running !== running) return;
    for (const event of events) this.#tellEvent(event, hookLog);
    running.state = afterEvents(running.state, events, Date.now(), speed);
    this.#update();
    for (const event of events) if (event.type === 'preflight') void this.#confirm(running, event.preflight);
    // Nothing follows: it may go.
    if (running.state.stage === 'finished') running.run.close(GRACE);
  }

  #tellEvent(event: RunEvent, hookLog: LoggedOperation): void {
    const { log } = this.#services;
    const line = storyLine(event);
    if (line) log[line.level](line.text);
    if (event.type === 'notice') this.#services.notify(event);
    if (event.type === 'operation' && event.retry !== undefined) hookLog.retries(event.retry);
    if (event.type !== 'log') return;
    const { isFirst } = hookLog.add(event);
    if (isFirst) log.info(`${objectLabel(event.task)} writes a log: Show Logs on its row in the plan opens it`);
  }

  async #confirm(running: Running, preflight: Preflight): Promise<void> {
    const { context, kind } = preflight.cluster;
    const patterns = vscode.workspace.getConfiguration('argocdHooks').get<string[]>('protectedContexts', []);
    const blocked = preflight.blockers.length > 0 && !canHandOver(preflight);
    const typed = blocked ? undefined : typedName(preflight, isProtected(context, patterns));
    const way = preflight.deletes === true ? 'from' : 'to';
    const place = kind === 'simulation' ? 'in the simulation' : `${way} ${context}`;
    const view = { preflight, place, scenario: running.scenario, typed };
    const edition = editionOf(preflight);
    if (running.choices && edition === 1 && canRevise(preflight)) {
      running.run.send({ type: 'revise', edition, choices: running.choices });
      return;
    }
    running.blocked = blocked;
    if (blocked)
      for (const blocker of preflight.blockers)
        this.#services.log.error(`Not ${preflight.deletes === true ? 'deleted' : 'synced'}: ${blocker}`);
    if (blocked && !canRevise(preflight)) {
      // The run ends by itself; the page stays to be read.
      running.refused = true;
      const page = running.page ?? this.#services.openPage(pageTitle(running.state));
      running.page = undefined;
      await page.ask(view);
      return;
    }
    if (blocked) running.state = { ...running.state, notice: 'cannot be synced as it stands' };
    this.#update();
    const reply = running.isAsked || blocked ? await this.#ask(running, view) : { answer: 'confirm' as const };
    if (this.#running !== running) return;
    if ('revise' in reply) {
      running.run.send({ type: 'revise', edition, choices: reply.revise });
      return;
    }
    if (reply.answer === 'refuse') {
      running.refused = true;
      running.run.send({ type: 'refuse' });
      if (!blocked) this.#services.log.info('Refused: nothing was written');
      return;
    }
    running.page = undefined;
    running.confirmed = preflight.choices && canRevise(preflight) ? { choices: preflight.choices.chosen } : {};
    const by = reply.answer === 'argocd' ? ({ by: 'argocd' } as const) : {};
    running.run.send({ type: 'confirm', edition, ...by });
    running.state = { ...running.state, stage: 'running', dryRun: preflight.choices?.chosen.dryRun === true };
    this.#update();
    if (running.isAsked) this.#showProgress('notification', 'running', 'terminating');
    await this.#services.showPlan();
  }

  #ask(running: Running, view: PreflightView): Promise<PageReply> {
    running.page ??= this.#services.openPage(pageTitle(running.state));
    return running.page.ask(view);
  }

  /** Lays the run over the plan and into the status bar. */
  #update(): void {
    const running = this.#running;
    if (!running) return;
    this.#services.store.setRun(running.state);
    this.#showStatus(running);
  }

  #showStatus(running: Running): void {
    this.#status.text = `$(sync~spin) ${running.state.application.name}: ${now(running.state)}`;
    this.#status.tooltip = runLine(running.state, Date.now());
    this.#status.show();
  }

  /** The last state; undefined where the run was refused before anything happened. */
  #close(code: number | undefined, lastMessage: string): RunState | undefined {
    const running = this.#running;
    this.#running = undefined;
    this.#status.hide();
    if (!running) return undefined;
    const { state } = running;
    if (state.stage === 'finished' && !running.refused) return state;
    const unbegun = isUnbegun(state);
    if (running.refused || (unbegun && state.terminated)) return undefined;
    const exit = code === undefined ? 'it was killed' : `exit code ${code}`;
    const error =
      lastMessage === ''
        ? `the run ended before the ${state.deletes === true ? 'deletion' : 'sync'} did (${exit})`
        : lastMessage;
    return { ...state, stage: 'finished', error, finishedAt: Date.now() };
  }

  async #setRunning(running: boolean): Promise<void> {
    await vscode.commands.executeCommand('setContext', 'argocdHooks.running', running);
  }

  /** Progress while the run stands in these stages. In the notification area its Cancel terminates. */
  #showProgress(where: 'view' | 'notification', ...stages: readonly RunStage[]): void {
    const shown = this.#running;
    if (!shown) return;
    const location = where === 'view' ? { viewId: PLAN_VIEW } : vscode.ProgressLocation.Notification;
    const title = `Argo CD Hooks: ${shown.state.application.name}`;
    void vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
      token.onCancellationRequested(() => this.terminate());
      while (this.#running === shown && stages.includes(shown.state.stage)) {
        progress.report({ message: waitLine(shown.state, Date.now()) ?? now(shown.state) });
        this.#showStatus(shown);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    });
  }

  #tellEnding(state: RunState, isTold: boolean, again: () => void): void {
    const ending = endingOf(state);
    this.#services.log[ending.kind === 'failed' ? 'error' : 'info'](ending.text);
    if (!isTold) this.#services.tell(ending, again);
  }
}
