import * as vscode from 'vscode';
import { GUIDE_TEXT } from './guide-text.ts';
import { isThere } from './places.ts';

/** Folder of the example within the workspace. */
const FOLDER = 'argocd-hooks-guide';

/** Opens the example: in a folder of its own in the workspace, once the person agreed, else as unsaved text. */
export async function openGuide(): Promise<void> {
  const [root] = vscode.workspace.workspaceFolders ?? [];
  const file = root && vscode.Uri.joinPath(root.uri, FOLDER, 'guide.yaml');
  if (!file || !(await isThere(file))) {
    const write = 'Write the Example';
    const answer =
      file &&
      (await vscode.window.showInformationMessage(
        `The guide is an example application. Write it to ${FOLDER}/guide.yaml, so that the plan shows it?`,
        write,
        'Open It as Unsaved Text',
      ));
    if (file && answer === undefined) return;
    if (!file || answer !== write) {
      await vscode.window.showTextDocument(
        await vscode.workspace.openTextDocument({ language: 'yaml', content: GUIDE_TEXT }),
      );
      return;
    }
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(GUIDE_TEXT));
  }
  await vscode.window.showTextDocument(file);
}
