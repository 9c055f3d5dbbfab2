import * as vscode from 'vscode';
import { HookLogs, logLabel, type HookLog } from './hook-logs.ts';

export const LOG_SCHEME = 'argocd-hooks-log';

/** Milliseconds between two readings of a document that grows. */
const BETWEEN = 200;

const NOT_KEPT =
  'This log is not kept any more: logs of hooks are kept for the last operations, until their window is closed.\n';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The logs of hooks as documents that can only be read: they grow while the pods live, and stay when the pods are gone. */
export class LogDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly logs: HookLogs;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changes.event;
  readonly #grown = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #disposables: vscode.Disposable[];

  constructor() {
    this.logs = new HookLogs((path) => this.#soon(path));
    this.#disposables = [
      this.#changes,
      vscode.workspace.registerFileSystemProvider(LOG_SCHEME, this, { isReadonly: true, isCaseSensitive: true }),
      vscode.workspace.onDidChangeTextDocument((event) => follow(event)),
    ];
  }

  /** Opens a log at its end. It is followed for as long as its end is in sight. */
  async show({ path }: HookLog): Promise<void> {
    const uri = vscode.Uri.from({ scheme: LOG_SCHEME, path });
    this.#tell();
    const document = await vscode.workspace.openTextDocument(uri);
    const end = document.lineAt(document.lineCount - 1).range.end;
    await vscode.window.showTextDocument(document, { preview: false, selection: new vscode.Range(end, end) });
  }

  /** Asks which of all logs is meant, and opens it. @throws where there is none */
  async choose(): Promise<void> {
    const { all } = this.logs;
    if (all.length === 0)
      throw new Error(
        'No hook has written a log in this window yet. Logs are there while a sync runs, and kept after.',
      );
    const items = all.map((log) => ({
      label: `$(output) ${logLabel(log)}`,
      description: `${log.lines} ${log.lines === 1 ? 'line' : 'lines'}`,
      detail: `${log.place} · ${new Date(log.startedAt).toLocaleString()}`,
      log,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: 'Show Logs: of Which Hook?',
      matchOnDetail: true,
    });
    if (picked) await this.show(picked.log);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const text = this.logs.textOf(path) ?? NOT_KEPT;
    return { type: vscode.FileType.File, ctime: 0, mtime: this.#grown.get(path) ?? 0, size: bytes(text).length };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return bytes(this.logs.textOf(path) ?? NOT_KEPT);
  }

  readonly watch = (): vscode.Disposable => new vscode.Disposable(() => undefined);
  readonly readDirectory = (): [string, vscode.FileType][] => [];
  readonly createDirectory = (): never => refuse();
  readonly writeFile = (): never => refuse();
  readonly delete = (): never => refuse();
  readonly rename = (): never => refuse();

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Lines come faster than anybody reads: documents are read anew a few times a second. */
  #soon(path: string): void {
    this.#grown.set(path, Math.max(Date.now(), (this.#grown.get(path) ?? 0) + 1));
    this.#waiting.add(path);
    this.#timer ??= setTimeout(() => this.#tell(), BETWEEN);
  }

  readonly #waiting = new Set<string>();

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const uris = [...this.#waiting].map((path) => vscode.Uri.from({ scheme: LOG_SCHEME, path }));
    this.#waiting.clear();
    if (uris.length > 0) this.#changes.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}

const refuse = (): never => {
  throw vscode.FileSystemError.NoPermissions('Logs of hooks can only be read.');
};

/** Keeps the end of a log in sight where it was in sight before. */
function follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
  if (document.uri.scheme !== LOG_SCHEME || contentChanges.length === 0) return;
  const before = Math.min(...contentChanges.map(({ range }) => range.end.line));
  const last = document.lineCount - 1;
  for (const editor of vscode.window.visibleTextEditors) {
    const isAtEnd = editor.document === document && editor.visibleRanges.some(({ end }) => end.line >= before - 1);
    if (isAtEnd) editor.revealRange(new vscode.Range(last, 0, last, 0));
  }
}
