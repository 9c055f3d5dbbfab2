import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import { changeOf } from '../../timeline/change.ts';
import type { Timeline } from '../../timeline/model.ts';
import type { FromTimeline, ToTimeline } from '../../webview/timeline/messages.ts';
import { openManifest } from '../commands.ts';
import type { Session } from '../session.ts';
import { pageHtml } from '../page.ts';
import { applicationId, whereText, type ApplicationView } from '../plan/node.ts';
import { rootName } from '../roots.ts';
import type { RunState } from '../sync/run-state.ts';
import { aboutTask } from './about.ts';
import { timelineOf, type Fact } from './facts.ts';
import { lastDurations } from './memory.ts';
import { saveSvg } from './save.ts';

/** Milliseconds between two updates at least: what happens in between is sent together. */
const BETWEEN = 40;

/** The timeline of one application in an editor tab. Its page draws; what it draws is made here. */
export class TimelinePanel {
  readonly #session: Session;
  readonly #panel: vscode.WebviewPanel;
  readonly #application: ApplicationRef;
  /** What the page has; undefined where it has to be sent whole. */
  #sent: Timeline | undefined;
  #isReady = false;
  #facts: ReadonlyMap<string, Fact> = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLoading = false;
  /** What a person chose to see: the deletion, or the sync; undefined: what runs. */
  #deletion: boolean | undefined;
  /** The run that stood there when they chose. */
  #chosenAt: string | undefined;
  /** Milliseconds that the last update took. */
  #cost = 0;

  constructor(session: Session, panel: vscode.WebviewPanel, application: ApplicationRef) {
    this.#session = session;
    this.#panel = panel;
    this.#application = application;
    const { extensionUri } = session.context;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'client/media/icon.png');
    const changes = session.onDidChangePlans(() => this.#soon());
    panel.onDidDispose(() => {
      changes.dispose();
      clearTimeout(this.#timer);
    });
    panel.onDidChangeViewState(() => {
      // A hidden page is gone; when it is shown again it says that it is ready.
      if (!panel.visible) this.#isReady = false;
    });
    panel.webview.onDidReceiveMessage((message: FromTimeline) => this.#onMessage(message));
    panel.webview.html = pageHtml(panel.webview, extensionUri, 'timeline', 'Timeline');
  }

  reveal(): void {
    this.#panel.reveal();
  }

  #onMessage(message: FromTimeline): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        this.#sent = undefined;
        this.#update();
        return;
      case 'about': {
        const fact = this.#facts.get(message.id);
        if (fact) this.#post({ type: 'about', id: message.id, text: aboutTask(fact) });
        return;
      }
      case 'open':
        void this.#open(message.id);
        return;
      case 'save':
        void saveSvg(this.#application, message.svg);
        return;
      case 'deletion':
        this.#deletion = message.on;
        this.#update();
    }
  }

  async #open(id: string): Promise<void> {
    const { file, line = 1 } = this.#facts.get(id)?.task ?? {};
    if (file === undefined) return;
    try {
      await openManifest({ folder: this.#application.folder, file, line });
    } catch (error) {
      void vscode.window.showErrorMessage(`Argo CD Hooks: ${file} could not be opened: ${String(error)}`);
    }
  }

  #post(message: ToTimeline): void {
    void this.#panel.webview.postMessage(message);
  }

  #soon(): void {
    if (!this.#isReady) return;
    // A large application takes longer to compare, and is then compared less often.
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#update();
      },
      Math.max(BETWEEN, this.#cost * 4),
    );
  }

  #update(): void {
    if (!this.#isReady) return;
    const began = performance.now();
    const { store, context } = this.#session;
    const view = store.views.find(({ summary }) => applicationId(summary) === applicationId(this.#application));
    const plan = view?.result?.plan;
    if (!view || !plan) {
      this.#showNothing(view);
      return;
    }
    const { timeline, facts } = timelineOf({
      plan,
      where: whereText(view.summary, rootName(view.summary.folder)),
      run: view.run,
      deletion: this.#chosen(view.run),
      known: lastDurations(context.workspaceState, this.#application),
      here: Date.now(),
    });
    this.#facts = facts;
    const change = this.#sent && changeOf(this.#sent, timeline);
    this.#sent = timeline;
    this.#post(change ? { type: 'change', change } : { type: 'show', application: this.#application, timeline });
    this.#cost = performance.now() - began;
  }

  /** What was chosen holds until something else runs. */
  #chosen(run: RunState | undefined): boolean | undefined {
    const about = run && `${String(run.deletes)} ${run.startedAt ?? ''}`;
    if (about !== this.#chosenAt && run?.stage === 'running') this.#deletion = undefined;
    this.#chosenAt = about;
    return this.#deletion;
  }

  /** Without a plan: it is on its way, or there is none any more. What was drawn stays while the server starts anew. */
  #showNothing(view: ApplicationView | undefined): void {
    const { store } = this.#session;
    const { name } = this.#application;
    if (view) void this.#load();
    if (this.#sent && store.state === 'starting') return;
    this.#sent = undefined;
    const text =
      store.state === 'failed'
        ? `The language server does not run, so there is no plan of ${name}. Run the command Restart Language Server.`
        : view || store.state === 'starting'
          ? `The plan of ${name} is being made…`
          : `${name} is not in this workspace any more: no manifest of it was found.`;
    this.#post({ type: 'nothing', text });
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      await this.#session.store.load(this.#application);
    } catch (error) {
      this.#session.log.warn(`The plan of ${this.#application.name} could not be had: ${String(error)}`);
    } finally {
      this.#isLoading = false;
    }
  }
}
