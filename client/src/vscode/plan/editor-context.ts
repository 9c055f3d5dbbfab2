import * as vscode from 'vscode';
import { placeIn } from './places.ts';
import type { PlanStore } from './store.ts';

/** Whether the active editor shows a file of an application: menus and the palette ask for it. */
export class EditorContext implements vscode.Disposable {
  readonly #store: PlanStore;
  readonly #subscription: vscode.Disposable;
  #asked = '';
  #told: boolean | undefined;

  constructor(store: PlanStore) {
    this.#store = store;
    this.#subscription = vscode.window.onDidChangeActiveTextEditor(() => this.update());
  }

  /** The editor, or what the applications are, may be another one. */
  update(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const applications = this.#store.views.map(({ summary: { path, name } }) => `${path} ${name}`);
    const asked = [uri?.toString(), this.#store.state, ...applications].join('\n');
    if (asked === this.#asked) return;
    this.#asked = asked;
    void this.#ask(uri && placeIn(uri) ? uri : undefined, asked);
  }

  async #ask(uri: vscode.Uri | undefined, asked: string): Promise<void> {
    const application = uri && (await this.#store.applicationOf(uri.toString()).catch(() => undefined));
    const is = application !== undefined;
    if (asked !== this.#asked || is === this.#told) return;
    this.#told = is;
    await vscode.commands.executeCommand('setContext', 'argocdHooks.inApplication', is);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
