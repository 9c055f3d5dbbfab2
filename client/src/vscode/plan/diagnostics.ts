import * as vscode from 'vscode';
import { placeIn } from './places.ts';
import type { FileProblem, FileProblems } from './problems.ts';

/** The source that our diagnostics carry. */
const SOURCE = 'argocd-hooks';

/** Our diagnostics as the plan's rows need them: errors and warnings, by folder and file. */
export class Diagnostics implements vscode.Disposable {
  /** By workspace folder, and by path within. */
  readonly #found = new Map<string, Map<string, readonly FileProblem[]>>();
  readonly #subscription: vscode.Disposable;

  /** @param changed called when a file's problems are not what they were */
  constructor(changed: () => void) {
    for (const [uri] of vscode.languages.getDiagnostics()) this.#take(uri);
    this.#subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.filter((uri) => this.#take(uri)).length > 0) changed();
    });
  }

  readonly of: FileProblems = (folder) => this.#found.get(folder) ?? NONE;

  dispose(): void {
    this.#subscription.dispose();
  }

  /** True: the file has other problems than before. */
  #take(uri: vscode.Uri): boolean {
    const at = placeIn(uri);
    if (!at) return false;
    const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
    const problems = vscode.languages
      .getDiagnostics(uri)
      .filter(({ source, severity }) => source === SOURCE && (severity === error || severity === warning))
      .map(({ message, range, severity }): FileProblem => ({
        severity: severity === error ? 'error' : 'warning',
        message,
        line: range.start.line + 1,
      }));
    const files = this.#found.get(at.folder) ?? new Map<string, readonly FileProblem[]>();
    if (JSON.stringify(problems) === JSON.stringify(files.get(at.file) ?? [])) return false;
    this.#found.set(at.folder, files);
    if (problems.length > 0) files.set(at.file, problems);
    else files.delete(at.file);
    return true;
  }
}

const NONE: ReturnType<FileProblems> = new Map();
