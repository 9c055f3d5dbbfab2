import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Comparison } from '../../text/comparison.ts';
import { badgeOf } from './badge.ts';
import { Comparing, type Comparer } from './comparing.ts';
import { Decorations } from './decorations.ts';
import { Diagnostics } from './diagnostics.ts';
import { PlanDragAndDrop } from './drag.ts';
import { EditorContext } from './editor-context.ts';
import { filterNodes, type Filtered } from './filter.ts';
import { everyNode } from './follow.ts';
import { Following } from './following.ts';
import { itemOf, tooltipOf } from './items.ts';
import type { Moving } from './moving.ts';
import type { PlanMemory } from './memory.ts';
import { applicationId, type PlanNode } from './node.ts';
import { applicationNode } from './nodes.ts';
import { placeIn } from './places.ts';
import { drawn, Redrawing } from './redrawing.ts';
import { Rows, type Row } from './rows.ts';
import { shownText, type Shown } from './shown.ts';
import { rootName } from '../roots.ts';
import type { PlanStore } from './store.ts';
import { unreadNode } from './unread.ts';
import { setContext, setContexts, viewState } from './view-state.ts';

export const PLAN_VIEW = 'argocdHooks.plan';

/** The plan view: draws what the store holds, and keeps step with the editor. */
export class PlanView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly memory: PlanMemory;
  readonly #store: PlanStore;
  readonly #log: vscode.LogOutputChannel;
  readonly #redrawing = new Redrawing();
  readonly onDidChangeTreeData = this.#redrawing.event;
  readonly #tree: vscode.TreeView<Row>;
  readonly #editor: EditorContext;
  readonly #following: Following;
  readonly #decorations = new Decorations((id) => this.#rows.find(id)?.node);
  readonly #diagnostics = new Diagnostics(() => this.redraw());
  readonly #disposables: vscode.Disposable[] = [];
  readonly #rows = new Rows((node) => this.#foldOf(node) === 'closed');
  /** All rows, whatever the filter leaves of them. */
  #nodes: readonly PlanNode[] = [];
  #comparing: Comparing | undefined;
  #clock: ReturnType<typeof setTimeout> | undefined;
  /** @param move moves manifests that were dropped on a wave */
  constructor(
    store: PlanStore,
    memory: PlanMemory,
    log: vscode.LogOutputChannel,
    move: (moving: Moving, wave: number) => Promise<void>,
  ) {
    this.#store = store;
    this.#log = log;
    this.#editor = new EditorContext(store);
    this.memory = memory;
    this.#tree = vscode.window.createTreeView(PLAN_VIEW, {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: new PlanDragAndDrop((id) => this.#rows.find(id), move),
    });
    this.#following = new Following(this.#tree, {
      ...{ store, memory, log },
      nodes: () => this.#nodes,
      find: (id) => this.#rows.find(id),
    });
    this.#disposables.push(
      this.#tree,
      this.#redrawing,
      this.#decorations,
      this.#diagnostics,
      this.#editor,
      this.#following,
      this.#tree.onDidExpandElement(({ element }) => this.#folded(element, 'open')),
      this.#tree.onDidCollapseElement(({ element }) => this.#folded(element, 'closed')),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const at = contentChanges.length > 0 ? placeIn(document.uri) : undefined;
        if (at) this.#store.edited(at.folder, at.file);
      }),
    );
    this.redraw();
  }

  get visible(): boolean {
    return this.#tree.visible;
  }

  /** The rows that a person selected. */
  get selection(): readonly Row[] {
    return this.#tree.selection;
  }

  dispose(): void {
    clearInterval(this.#clock);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Shows what is different from a Git revision, in the place of the plans, until `stopComparing`. */
  compareWith(folder: string, revision: string, comparer: Comparer): void {
    this.#comparing?.end();
    this.#comparing = new Comparing(folder, revision, comparer, () => this.redraw());
    this.redraw();
  }

  /** Back to the plans. */
  stopComparing(): void {
    this.#comparing?.end();
    this.#comparing = undefined;
    this.redraw();
  }

  /** Plans of applications are not what they were. */
  outdate(applications: readonly ApplicationRef[]): void {
    this.#comparing?.outdate(applications);
  }

  /** What the view compares with, for texts of the plans; undefined where it shows the plans themselves. */
  get comparison(): Comparison | undefined {
    return this.#comparing?.comparison(this.#store);
  }

  get shown(): Shown {
    return this.memory.shown;
  }

  /** Shows other plans, applications or rows; kept for this workspace. */
  show(shown: Shown): void {
    const refold = (this.shown.filter === '') !== (shown.filter === '');
    this.memory.shown = shown;
    this.redraw(refold);
  }

  /**
   * Draws anew what the store holds, as far as it is not what was drawn before.
   * @param whole every row is drawn anew, with the folds that it has by itself
   */
  redraw(whole = false): void {
    const { shown } = this;
    const all = this.#store.views;
    const views = shown.onlyOrdered ? all.filter(({ summary }) => summary.ordered) : all;
    const drawing = { open: all.length === 1, here: Date.now(), rootName, shown, problems: this.#diagnostics.of };
    this.#nodes = [
      ...views.map((view) => applicationNode(view, drawing)),
      ...this.#store.unread.map((place) => unreadNode(place, rootName(place.folder))),
    ];
    const compared = this.#comparing?.nodes(all.map(({ summary }) => summary));
    const filtered = shown.filter === '' || compared ? undefined : filterNodes(this.#nodes, shown.filter);
    const changed = this.#rows.update(compared ?? filtered?.nodes ?? this.#nodes);
    this.#redrawing.fire(whole ? undefined : changed);
    this.#decorations.refresh();
    this.#showHeader(filtered, compared);
    setContexts(shown, viewState(this.#store.state, { all, views, filtered, compared }), this.#store.hasFinishedRun);
    setContext('comparing', this.#comparing !== undefined);
    setContext(
      'hasProblems',
      this.#nodes.some(({ problems }) => problems.length > 0),
    );
    this.#tick(views.some(({ run }) => run !== undefined && !['finished', 'interrupted'].includes(run.stage)));
    this.#editor.update();
    this.#following.soon(true);
    if (filtered) void this.#loadAll();
    if (this.#comparing) void this.#compare(this.#comparing);
  }

  /** A filter finds what stands in plans that nobody opened yet, too. */
  async #loadAll(): Promise<void> {
    try {
      await this.#store.loadAll();
    } catch (error) {
      this.#log.warn(`Not every plan could be had, so the filter may miss rows: ${String(error)}`);
    }
  }

  async #compare(comparing: Comparing): Promise<void> {
    try {
      await comparing.update(this.#store.views.map(({ summary }) => summary));
    } catch (error) {
      this.#log.warn(`The plan could not be compared with ${comparing.label}: ${String(error)}`);
    }
  }

  /** VS Code shows the welcome text of an empty view only where no message stands above it. */
  #showHeader(filtered: Filtered | undefined, compared: readonly PlanNode[] | undefined): void {
    const comparing = this.#comparing;
    const isKept = filtered === undefined || filtered.matched > 0;
    const filter = filtered ? `Filter “${this.shown.filter}”` : '';
    const description = comparing
      ? `compared with ${comparing.label}`
      : [shownText(this.shown), isKept ? '' : filter].filter((text) => text !== '').join(' · ');
    const summaries = this.#store.views.map(({ summary }) => summary);
    const message = comparing
      ? comparing.message(summaries)
      : filtered
        ? `${filter}: ${filtered.matched} of ${filtered.total} rows`
        : '';
    const hasRows = compared ? compared.length > 0 : isKept;
    const problems = this.#nodes.reduce((sum, { problems: own }) => sum + own.length, 0);
    const badge = badgeOf(
      this.#store.views.flatMap(({ run }) => run ?? []),
      problems,
    );
    if (this.#tree.description !== description) this.#tree.description = description;
    const isShown = hasRows || (comparing !== undefined && !comparing.isDone(summaries));
    this.#tree.message = isShown ? message : '';
    const { value, tooltip } = this.#tree.badge ?? {};
    if (value !== badge?.value || tooltip !== badge?.tooltip) this.#tree.badge = badge;
  }

  /** While something runs its rows show the time, once a second. */
  #tick(runs: boolean): void {
    if (runs && this.#clock === undefined) this.#clock = setInterval(() => this.redraw(), 1000);
    if (!runs && this.#clock !== undefined) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  #foldOf(node: PlanNode): PlanNode['fold'] {
    if (node.fold === 'none' || this.shown.filter !== '') return node.fold;
    return this.memory.foldOf(node.id) ?? node.fold;
  }

  #folded({ node }: Row, fold: 'open' | 'closed'): void {
    // What a filter opens is open for as long as it is on.
    if (this.shown.filter === '' && !this.#comparing) this.memory.setFold(node.id, fold);
  }

  async getChildren(row?: Row): Promise<Row[]> {
    this.#redrawing.asked();
    if (row && !row.node.children) {
      try {
        await this.#store.load(row.node.application);
      } catch (error) {
        this.#log.warn(`The plan of ${row.node.label} could not be had: ${String(error)}`);
      }
    }
    this.#redrawing.asked();
    return this.#rows.children(row);
  }

  getParent(row: Row): Row | undefined {
    return row.parent;
  }

  getTreeItem(row: Row): vscode.TreeItem {
    row.face = row.node.face;
    // While a filter is on the rows are others to VS Code, so that each keeps two folds.
    const id = this.shown.filter === '' ? row.node.id : `filtered ${row.node.id}`;
    return itemOf(row, this.#foldOf(row.node), id);
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    item.tooltip = tooltipOf(row.node);
    return item;
  }

  /** Shows the row of a manifest and selects it, opening the view. False: no row stands for it. @param line 1-based */
  async showManifest(uri: vscode.Uri, line: number): Promise<boolean> {
    await vscode.commands.executeCommand(`${PLAN_VIEW}.focus`);
    const node = await this.manifestAt(uri, line);
    if (node && !this.#rows.find(node.id)) {
      // The filter hides it, or the changes that stand in its place.
      this.stopComparing();
      this.show({ ...this.shown, filter: '' });
      await drawn();
    }
    return node !== undefined && this.reveal(node.id);
  }

  /** The row of the manifest at a line of a document, whose plan is read if it was not. @param line 1-based */
  manifestAt(uri: vscode.Uri, line: number): Promise<PlanNode | undefined> {
    return this.#following.manifestAt(uri, line);
  }

  /** Selects a row, and puts the focus on it. False: it is not there. */
  async reveal(id: string): Promise<boolean> {
    const row = this.#rows.find(id);
    if (!row) return false;
    await this.#tree.reveal(row, { select: true, focus: true });
    return true;
  }

  /** A row of an application. */
  findNode(application: ApplicationRef, is: (node: PlanNode) => boolean): PlanNode | undefined {
    const roots = this.#nodes.filter(({ id }) => id === applicationId(application));
    for (const node of everyNode(roots)) if (is(node)) return node;
    return undefined;
  }

  /** The application that is meant: that of the selected row, or of the cursor's manifest. */
  applicationAt(editor: vscode.TextEditor | undefined): ApplicationRef | undefined {
    const selected = this.#tree.selection[0];
    if (this.#tree.visible && selected) return selected.node.application;
    return editor && this.#following.nodeAt(editor.document.uri, editor.selection.active.line + 1)?.application;
  }
}
