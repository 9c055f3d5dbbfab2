import * as vscode from 'vscode';
import { nodeAt } from './follow.ts';
import { applicationNode } from './nodes.ts';
import { applicationId, type NodePlace, type PlanNode, mayHold } from './node.ts';
import type { PlanStore } from './store.ts';

export const PLAN_VIEW = 'argocdHooks.plan';

/** The tree takes so many milliseconds to draw; a row that is revealed while it does is lost. */
const DRAWN = 150;

/** The plan view: draws what the store holds, and keeps step with the editor. */
export class PlanView implements vscode.TreeDataProvider<PlanNode>, vscode.Disposable {
  readonly #store: PlanStore;
  readonly #log: vscode.LogOutputChannel;
  readonly #emitter = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#emitter.event;
  readonly #tree: vscode.TreeView<PlanNode>;
  readonly #disposables: vscode.Disposable[] = [];
  #roots: readonly PlanNode[] = [];
  #parents = new Map<string, PlanNode>();
  #followTimer: ReturnType<typeof setTimeout> | undefined;
  /** The row that was selected last because the cursor stood in its manifest. */
  #followed: string | undefined;
  #clock: ReturnType<typeof setTimeout> | undefined;

  constructor(store: PlanStore, log: vscode.LogOutputChannel) {
    this.#store = store;
    this.#log = log;
    this.#tree = vscode.window.createTreeView(PLAN_VIEW, { treeDataProvider: this, showCollapseAll: true });
    const follow = (): void => this.#followSoon();
    this.#disposables.push(
      this.#tree,
      this.#emitter,
      this.#tree.onDidChangeVisibility(follow),
      vscode.window.onDidChangeActiveTextEditor(follow),
      vscode.window.onDidChangeTextEditorSelection(follow),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const at = contentChanges.length > 0 ? placeOf(document.uri) : undefined;
        if (at) this.#store.edited(at.folder, at.file);
      }),
    );
    this.redraw();
  }

  get visible(): boolean {
    return this.#tree.visible;
  }

  dispose(): void {
    clearTimeout(this.#followTimer);
    clearInterval(this.#clock);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Draws anew what the store holds. */
  redraw(): void {
    const views = this.#store.views;
    const now = Date.now();
    this.#roots = views.map((view) => applicationNode(view, views.length === 1, now));
    this.#parents = new Map();
    const note = (node: PlanNode): void => {
      for (const child of node.children ?? []) {
        this.#parents.set(child.id, node);
        note(child);
      }
    };
    this.#roots.forEach(note);
    void vscode.commands.executeCommand('setContext', 'argocdHooks.planState', this.#planState());
    void vscode.commands.executeCommand('setContext', 'argocdHooks.finished', this.#store.hasFinishedRun);
    this.#emitter.fire(undefined);
    this.#tick(views.some(({ run }) => run !== undefined && run.stage !== 'finished'));
    this.#followSoon(true);
  }

  /** An empty view where every folder is switched off says so. */
  #planState(): string {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const enabled = (folder: vscode.WorkspaceFolder): boolean =>
      vscode.workspace.getConfiguration('argocdHooks', folder.uri).get('enable', true);
    return this.#store.state === 'empty' && folders.length > 0 && !folders.some(enabled)
      ? 'disabled'
      : this.#store.state;
  }

  /** While something runs its rows show the time, once a second. */
  #tick(runs: boolean): void {
    if (runs && this.#clock === undefined) this.#clock = setInterval(() => this.redraw(), 1000);
    if (!runs && this.#clock !== undefined) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  async getChildren(node?: PlanNode): Promise<PlanNode[]> {
    if (!node) return [...this.#roots];
    if (node.children) return [...node.children];
    try {
      await this.#store.load(node.application);
    } catch (error) {
      this.#log.warn(`The plan of ${node.label} could not be had: ${String(error)}`);
    }
    const fresh = this.#roots.find((root) => root.id === node.id);
    return [...(fresh?.children ?? [])];
  }

  getParent(node: PlanNode): PlanNode | undefined {
    return this.#parents.get(node.id);
  }

  getTreeItem(node: PlanNode): vscode.TreeItem {
    const { TreeItemCollapsibleState } = vscode;
    const fold = {
      open: TreeItemCollapsibleState.Expanded,
      closed: TreeItemCollapsibleState.Collapsed,
      none: TreeItemCollapsibleState.None,
    };
    const item = new vscode.TreeItem(node.label, fold[node.fold]);
    item.id = node.id;
    item.description = node.description;
    item.tooltip = new vscode.MarkdownString(node.tooltip, true);
    item.accessibilityInformation = { label: `${node.label}, ${node.description}` };
    if (node.icon) {
      const color = node.icon.color === undefined ? undefined : new vscode.ThemeColor(node.icon.color);
      item.iconPath = new vscode.ThemeIcon(node.icon.id, color);
    }
    item.contextValue = node.place ? `${node.kind} manifest` : node.kind;
    if (node.place) {
      item.resourceUri = uriOf(node.place);
      item.command = { command: 'argocdHooks.openManifest', title: 'Open Manifest', arguments: [node] };
    }
    return item;
  }

  /** Shows the row of a manifest and selects it, opening the view. @param line 1-based */
  async show(uri: vscode.Uri, line: number): Promise<void> {
    await vscode.commands.executeCommand(`${PLAN_VIEW}.focus`);
    if (await this.#loadFor(uri)) await new Promise((resolve) => setTimeout(resolve, DRAWN));
    const node = this.#nodeAt(uri, line);
    if (node) await this.#tree.reveal(node, { select: true, focus: true });
  }

  /** The row of the manifest at a line, in the plans that were read. @param line 1-based */
  #nodeAt(uri: vscode.Uri, line: number): PlanNode | undefined {
    const at = placeOf(uri);
    return at && nodeAt(this.#roots, at.folder, at.file, line);
  }

  /** Asks for the plans that a file may belong to and that were not opened yet. True: there were some. */
  async #loadFor(uri: vscode.Uri): Promise<boolean> {
    const at = placeOf(uri);
    if (!at) return false;
    const unread = this.#roots.filter((root) => !root.children && mayHold(root.application, at.folder, at.file));
    await Promise.all(unread.map((root) => this.#store.load(root.application)));
    return unread.length > 0;
  }

  /** @param drawn nothing happened in the editor: what a person selected in the tree meanwhile stays */
  #followSoon(drawn = false): void {
    clearTimeout(this.#followTimer);
    this.#followTimer = setTimeout(() => void this.#follow(drawn), DRAWN);
  }

  /** Selects the row of the manifest under the cursor, if the view is there to be seen. */
  async #follow(drawn: boolean): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !this.#tree.visible) return;
    try {
      const { document, selection } = editor;
      const node = this.#nodeAt(document.uri, selection.active.line + 1);
      // What was read now is drawn first, and then followed.
      if (!node && (await this.#loadFor(document.uri))) return;
      if (drawn && node?.id === this.#followed) return;
      this.#followed = node?.id;
      if (!node || this.#tree.selection[0]?.id === node.id) return;
      await this.#tree.reveal(node, { select: true, focus: false });
    } catch (error) {
      this.#log.trace(`The plan view could not follow the editor: ${String(error)}`);
    }
  }

  /** The application that the cursor's manifest belongs to. */
  applicationAt(editor: vscode.TextEditor | undefined): string | undefined {
    const selected = this.#tree.selection[0];
    if (this.#tree.visible && selected) return applicationId(selected.application);
    const node = editor && this.#nodeAt(editor.document.uri, editor.selection.active.line + 1);
    return node && applicationId(node.application);
  }
}

/** The folder of a document, and its path within. */
function placeOf(uri: vscode.Uri): { folder: string; file: string } | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return (
    folder && {
      folder: folder.uri.toString(),
      file: uri.path.slice(folder.uri.path.length).replace(/^\/+/, ''),
    }
  );
}

export const uriOf = (place: NodePlace): vscode.Uri => vscode.Uri.joinPath(vscode.Uri.parse(place.folder), place.file);
