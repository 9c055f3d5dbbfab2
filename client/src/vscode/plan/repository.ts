import * as vscode from 'vscode';
import { remoteIn } from '../../text/application.ts';

/** The Git repository that a folder lies in. */
export interface Repository {
  readonly root: vscode.Uri;
  /** Address of its remote, without credentials; absent where it names none. */
  readonly remote?: string;
}

/** The repository around a folder, and its remote as its configuration names it; the folder itself where there is none. Git is not run. */
export async function repositoryOf(folder: vscode.Uri): Promise<Repository> {
  for (let at = folder; ; at = vscode.Uri.joinPath(at, '..')) {
    try {
      const config = new TextDecoder().decode(
        await vscode.workspace.fs.readFile(vscode.Uri.joinPath(at, '.git/config')),
      );
      const remote = remoteIn(config);
      return { root: at, ...(remote === undefined ? {} : { remote }) };
    } catch {
      // Not here; perhaps above.
    }
    if (at.path === '/' || at.path === '' || vscode.Uri.joinPath(at, '..').path === at.path) return { root: folder };
  }
}
