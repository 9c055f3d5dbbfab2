import * as vscode from 'vscode';
import type { PlanNode } from './node.ts';
import { badgeText, problemsText } from './problems.ts';

const SCHEME = 'argocd-hooks-plan';

/** The address that a row's color and badge are asked for under. A file's own would color every manifest in it alike. */
export const rowUri = (id: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: '/row', query: id });

/** Colors rows with problems and counts them, as the Explorer does with files. */
export class Decorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #emitter = new vscode.EventEmitter<vscode.Uri[] | undefined>();
  readonly onDidChangeFileDecorations = this.#emitter.event;
  readonly #find: (id: string) => PlanNode | undefined;
  readonly #registration: vscode.Disposable;
  /** What the rows that VS Code asked about had to say. */
  readonly #told = new Map<string, string>();

  constructor(find: (id: string) => PlanNode | undefined) {
    this.#find = find;
    this.#registration = vscode.window.registerFileDecorationProvider(this);
  }

  /** The plan, or what is known of its files, is another one. */
  refresh(): void {
    if (this.#told.size > MANY) {
      this.#told.clear();
      this.#emitter.fire(undefined);
      return;
    }
    const changed = [...this.#told].filter(([id, told]) => signature(this.#find(id)) !== told).map(([id]) => id);
    for (const id of changed) this.#told.delete(id);
    if (changed.length > 0) this.#emitter.fire(changed.map(rowUri));
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== SCHEME) return undefined;
    const node = this.#find(uri.query);
    this.#told.set(uri.query, signature(node));
    const problems = node?.problems ?? [];
    if (problems.length === 0) return undefined;
    const error = problems.some(({ severity }) => severity === 'error');
    return new vscode.FileDecoration(
      badgeText(problems.length),
      problemsText(problems),
      new vscode.ThemeColor(error ? 'list.errorForeground' : 'list.warningForeground'),
    );
  }

  dispose(): void {
    this.#registration.dispose();
    this.#emitter.dispose();
  }
}

/** So many rows are looked through one by one. */
const MANY = 500;

const signature = (node: PlanNode | undefined): string =>
  (node?.problems ?? []).map(({ severity, message }) => `${severity} ${message}`).join('\n');
