import * as vscode from 'vscode';
import type { NodePlace } from './node.ts';

/** The workspace folder of a document, and its path within; undefined for a document that lies elsewhere. */
export function placeIn(uri: vscode.Uri): { folder: string; file: string } | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return (
    folder && {
      folder: folder.uri.toString(),
      file: uri.path.slice(folder.uri.path.length).replace(/^\/+/, ''),
    }
  );
}

export const uriOf = (place: Pick<NodePlace, 'folder' | 'file'>): vscode.Uri =>
  vscode.Uri.joinPath(vscode.Uri.parse(place.folder), place.file);

/** Does a file exist? One that cannot be reached does not. */
export async function isThere(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
