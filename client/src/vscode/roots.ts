import * as vscode from 'vscode';

/**
 * Name of the workspace folder that an application lies in, by its URI: two folders may hold equal names. Empty where
 * there is no other folder.
 */
export function rootName(folder: string): string {
  const roots = vscode.workspace.workspaceFolders ?? [];
  if (roots.length < 2) return '';
  return roots.find(({ uri }) => uri.toString() === folder)?.name ?? '';
}
