import * as vscode from 'vscode';
import type { FileEdits } from '#protocol';

/**
 * Makes edits that the server worked out, as one step that can be undone. What is edited in several files is saved, as VS Code
 * does after a refactoring.
 * Rejects where somebody typed meanwhile.
 * @param review VS Code lists the edits under this title first, and asks
 */
export async function applyFileEdits(files: readonly FileEdits[], review?: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, version, edits } of files) {
    const target = vscode.Uri.parse(uri);
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === target.toString());
    if (open && version !== null && open.version !== version)
      throw new Error(
        `${vscode.workspace.asRelativePath(target)} was edited meanwhile. Nothing was changed: try again.`,
      );
    for (const { range, newText } of edits) {
      const { start, end } = range;
      const where = new vscode.Range(start.line, start.character, end.line, end.character);
      edit.replace(target, where, newText);
    }
  }
  // VS Code lists edits before it makes them where one of them asks for that, and leaves those that ask unticked: it is
  // one that changes nothing, so that the others are ticked.
  const [first] = files;
  if (review !== undefined && first)
    edit.insert(vscode.Uri.parse(first.uri), new vscode.Position(0, 0), '', { needsConfirmation: true, label: review });
  return vscode.workspace.applyEdit(edit, { isRefactoring: true });
}
