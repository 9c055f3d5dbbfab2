import * as vscode from 'vscode';
import { namesFile, nodeAt } from './follow.ts';
import type { PlanMemory } from './memory.ts';
import { applicationId, type PlanNode } from './node.ts';
import { placeIn } from './places.ts';
import { DRAWN, drawn } from './redrawing.ts';
import type { Row } from './rows.ts';
import type { PlanStore } from './store.ts';

/** What the view gives to follow the editor with. */
export interface Followed {
  readonly store: PlanStore;
  readonly memory: PlanMemory;
  readonly log: vscode.LogOutputChannel;
  /** The rows of all applications, whatever the filter leaves of them. */
  nodes(): readonly PlanNode[];
  /** A row that the view shows. */
  find(id: string): Row | undefined;
}

/** Keeps the selected row in step with the manifest under the cursor, and finds the rows of manifests. */
export class Following implements vscode.Disposable {
  readonly #tree: vscode.TreeView<Row>;
  readonly #view: Followed;
  readonly #subscriptions: readonly vscode.Disposable[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The row that was selected last because the cursor stood in its manifest. */
  #followed: string | undefined;
  /** The row that was selected when the last window closed, until something else is. */
  #restoring: string | undefined;

  constructor(tree: vscode.TreeView<Row>, view: Followed) {
    this.#tree = tree;
    this.#view = view;
    this.#restoring = view.memory.selected;
    const follow = (): void => this.soon();
    this.#subscriptions = [
      tree.onDidChangeVisibility(follow),
      tree.onDidChangeSelection(({ selection: [first] }) => {
        if (!first) return;
        view.memory.selected = first.node.id;
        this.#restoring = undefined;
      }),
      vscode.window.onDidChangeActiveTextEditor(follow),
      vscode.window.onDidChangeTextEditorSelection(follow),
    ];
  }

  /** @param redrawn nothing happened in the editor: what a person selected in the tree meanwhile stays */
  soon(redrawn = false): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#follow(redrawn), DRAWN);
  }

  /** The row of the manifest at a line of a document, whose plan is read if it was not. @param line 1-based */
  async manifestAt(uri: vscode.Uri, line: number): Promise<PlanNode | undefined> {
    if (await this.#loadFor(uri)) await drawn();
    return this.nodeAt(uri, line);
  }

  /** The row of the manifest at a line, in the plans that were read. @param line 1-based */
  nodeAt(uri: vscode.Uri, line: number): PlanNode | undefined {
    const at = placeIn(uri);
    if (!at) return undefined;
    const named = new Set(
      this.#view.store.views.flatMap(({ summary, result }) =>
        summary.folder === at.folder && result && namesFile(result.plan, at.file) ? [applicationId(summary)] : [],
      ),
    );
    return nodeAt(
      this.#view.nodes().filter(({ id }) => named.has(id)),
      at.folder,
      at.file,
      line,
    );
  }

  /** Asks for the plan that a file belongs to, if it was not read yet. True: it was. */
  async #loadFor(uri: vscode.Uri): Promise<boolean> {
    if (!placeIn(uri)) return false;
    const { store } = this.#view;
    const application = await store.applicationOf(uri.toString());
    if (!application || store.hasPlan(application)) return false;
    await store.load(application);
    return true;
  }

  /** Selects the row of the manifest under the cursor, if the view is there to be seen. */
  async #follow(redrawn: boolean): Promise<void> {
    if (!this.#tree.visible) return;
    const editor = vscode.window.activeTextEditor;
    try {
      const node = editor && this.nodeAt(editor.document.uri, editor.selection.active.line + 1);
      // What was read now is drawn first, and then followed.
      if (editor && !node && (await this.#loadFor(editor.document.uri))) return;
      if (!node) await this.#restore();
      if (redrawn && node?.id === this.#followed) return;
      this.#followed = node?.id;
      const row = node && this.#view.find(node.id);
      if (!row || this.#tree.selection[0] === row) return;
      await this.#tree.reveal(row, { select: true, focus: false });
    } catch (error) {
      this.#view.log.trace(`The plan view could not follow the editor: ${String(error)}`);
    }
  }

  /** Selects what was selected when the last window closed. */
  async #restore(): Promise<void> {
    const row = this.#restoring === undefined ? undefined : this.#view.find(this.#restoring);
    if (!row || this.#tree.selection.length > 0) return;
    this.#restoring = undefined;
    await this.#tree.reveal(row, { select: true, focus: false });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
