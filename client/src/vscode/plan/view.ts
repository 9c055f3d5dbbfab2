import * as vscode from 'vscode';
import { nodeAt } from './follow.ts';
import { applicationNode } from './nodes.ts';
import { applicationId, type NodePlace, type PlanNode } from './node.ts';
import type { PlanStore } from './store.ts';

export const PLAN_VIEW = 'argocdHooks.plan';

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
  #followTimer: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;

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
    this.#followSoon();
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
    const node = await this.#nodeFor(uri, line);
    if (node) await this.#tree.reveal(node, { select: true, focus: true });
  }

  /** The row of the manifest at a line; asks for plans that were not opened yet where none that was has it. */
  async #nodeFor(uri: vscode.Uri, line: number): Promise<PlanNode | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (!folder) return undefined;
    const file = uri.path.slice(folder.uri.path.length).replace(/^\/+/, '');
    const find = (): PlanNode | undefined => nodeAt(this.#roots, folder.uri.toString(), file, line);
    const known = find();
    if (known) return known;
    const unread = this.#roots.filter((root) => !root.children && inside(file, root.application.path));
    await Promise.all(unread.map((root) => this.#store.load(root.application)));
    return find();
  }

  #followSoon(): void {
    clearTimeout(this.#followTimer);
    this.#followTimer = setTimeout(() => void this.#follow(), 150);
  }

  /** Selects the row of the manifest under the cursor, if the view is there to be seen. */
  async #follow(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !this.#tree.visible) return;
    try {
      const node = await this.#nodeFor(editor.document.uri, editor.selection.active.line + 1);
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
    if (!editor) return undefined;
    const folder = vscode.workspace.getWorkspaceFolder(editor.document.uri);
    if (!folder) return undefined;
    const file = editor.document.uri.path.slice(folder.uri.path.length).replace(/^\/+/, '');
    const node = nodeAt(this.#roots, folder.uri.toString(), file, editor.selection.active.line + 1);
    return node && applicationId(node.application);
  }
}

const inside = (file: string, folder: string): boolean => folder === '.' || file.startsWith(`${folder}/`);

export const uriOf = (place: NodePlace): vscode.Uri => vscode.Uri.joinPath(vscode.Uri.parse(place.folder), place.file);
