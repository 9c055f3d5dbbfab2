import * as vscode from 'vscode';
import type { ListedContext } from '#core/kubeconfig/resolve';
import { isProtected } from '../../sync/glob.ts';
import { SELECTED_CONTEXT } from '../extension.ts';
import type { Session } from '../session.ts';
import type { Contexts } from './choose.ts';
import { activeOf, activeText, goneText, inOrder, sourceOf } from './context-choice.ts';
import { affectsContexts, kubeconfigChoice, onKubernetesChoice } from './surroundings.ts';

/** Tools write a kubeconfig in several steps. */
const SETTLE_MS = 200;

/**
 * The kube context that syncs of this workspace go to unless another one is chosen: shown in the status bar, selected by
 * a command, and as the kubeconfig says otherwise. It follows changes of the kubeconfig, and the one that the Kubernetes
 * extension works with. A run keeps the context that it began with.
 */
export class ActiveContext implements vscode.Disposable {
  readonly #session: Session;
  readonly #status: vscode.StatusBarItem;
  readonly #settings: vscode.Disposable;
  #watchers: readonly vscode.Disposable[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.#status = vscode.window.createStatusBarItem('argocdHooks.context', vscode.StatusBarAlignment.Left, 9);
    this.#status.name = 'Argo CD Hooks: kube context';
    this.#status.command = 'argocdHooks.selectContext';
    this.#settings = vscode.workspace.onDidChangeConfiguration((event) => {
      if (affectsContexts(event)) void this.begin();
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.dispose();
    this.#settings.dispose();
    this.#status.dispose();
  }

  /** Name of the selected context; empty: as the kubeconfig says. */
  get selected(): string {
    return this.#session.context.workspaceState.get(SELECTED_CONTEXT, '');
  }

  /** Shows the active context, and follows the files that it comes from. */
  async begin(): Promise<void> {
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = [];
    const contexts = this.#contexts();
    if ('unreachable' in contexts) return;
    const files = await contexts.files();
    this.#watchers = [
      ...files.flatMap((file) => this.#watch(file)),
      // It may work with another file, and a context is written into one.
      ...onKubernetesChoice(() => this.#later(() => this.begin())),
    ];
    await this.#show();
  }

  /** Select Context…: which one syncs of this workspace go to. */
  async select(): Promise<void> {
    const contexts = this.#contexts();
    if ('unreachable' in contexts) throw new Error(contexts.unreachable);
    const { selected } = this;
    const found = await contexts.list();
    const current = found.find((context) => context.current);
    const follow: Item = {
      label: '$(sync) As the Kubeconfig Says',
      description: current ? `now ${current.name}` : 'it names no current context',
      detail: 'Follows kubectl config use-context, and what other tools choose',
      name: '',
    };
    const items = inOrder(found, selected).map((context) => itemOf(context, selected));
    const picked = await vscode.window.showQuickPick([...items, follow], {
      title: 'Select the kube context that syncs of this workspace go to',
      placeHolder: selected === '' ? 'As the kubeconfig says now' : `${selected} is selected now`,
      matchOnDescription: true,
    });
    if (!picked) return;
    await this.#session.context.workspaceState.update(SELECTED_CONTEXT, picked.name === '' ? undefined : picked.name);
    this.#session.log.info(
      picked.name === '' ? 'Kube context: as the kubeconfig says' : `Kube context: ${picked.name}`,
    );
    await this.begin();
  }

  #contexts(): Contexts {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    return this.#session.platform.contexts(folder?.uri, kubeconfigChoice(folder?.uri));
  }

  #watch(file: string): vscode.Disposable[] {
    const uri = vscode.Uri.file(file);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const later = (): void => this.#later(() => this.#show());
    return [watcher, watcher.onDidChange(later), watcher.onDidCreate(later), watcher.onDidDelete(later)];
  }

  #later(act: () => Promise<void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void act(), SETTLE_MS);
  }

  async #show(): Promise<void> {
    const contexts = this.#contexts();
    if ('unreachable' in contexts) return this.#status.hide();
    const { selected } = this;
    let found: readonly ListedContext[];
    try {
      found = await contexts.list();
    } catch (error) {
      // Half a file is there while a tool writes it; a lasting failure is told when a sync is to be run.
      this.#session.log.warn(error instanceof Error ? error.message : String(error));
      return this.#status.hide();
    }
    if (selected !== '' && !found.some(({ name }) => name === selected)) await this.#forget(selected);
    const active = activeOf(found, this.selected);
    if (!active) return this.#status.hide();
    const patterns = vscode.workspace.getConfiguration('argocdHooks').get<string[]>('protectedContexts', []);
    const guarded = isProtected(active.context.name, patterns);
    this.#status.text = `${guarded ? '$(shield)' : '$(cloud)'} ${active.context.name}`;
    this.#status.tooltip = activeText(active, guarded);
    this.#status.backgroundColor = guarded ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#status.show();
  }

  /** No later context of that name is meant by what was selected. */
  async #forget(selected: string): Promise<void> {
    await this.#session.context.workspaceState.update(SELECTED_CONTEXT, undefined);
    this.#session.log.warn(goneText(selected));
    void vscode.window.showWarningMessage(goneText(selected));
  }
}

interface Item extends vscode.QuickPickItem {
  readonly name: string;
}

const itemOf = (context: ListedContext, selected: string): Item => ({
  label: `${context.name === selected ? '$(check)' : '$(cloud)'} ${context.name}`,
  description: context.server === '' ? 'its cluster is not defined' : context.server,
  detail: sourceOf(context, selected),
  name: context.name,
});

let active: ActiveContext | undefined;

/** The one of this window; it begins to follow when it is first asked for. */
export function activeContext(session: Session): ActiveContext {
  if (!active) {
    const made = new ActiveContext(session);
    active = made;
    session.context.subscriptions.push(made, { dispose: () => (active = undefined) });
    void made.begin();
  }
  return active;
}
