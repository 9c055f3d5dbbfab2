import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';

/** Asks where to, and writes the picture of a timeline there. */
export async function saveSvg({ folder, name }: ApplicationRef, svg: string): Promise<void> {
  const file = `${name.replaceAll(/[^\w.-]+/g, '-')}-timeline.svg`;
  const to = await vscode.window.showSaveDialog({
    title: `Save the Timeline of ${name}`,
    defaultUri: vscode.Uri.joinPath(vscode.Uri.parse(folder), file),
    filters: { 'SVG picture': ['svg'] },
  });
  if (!to) return;
  try {
    await vscode.workspace.fs.writeFile(to, new TextEncoder().encode(svg));
    vscode.window.setStatusBarMessage(`$(check) Saved ${vscode.workspace.asRelativePath(to)}`, 4000);
  } catch (error) {
    void vscode.window.showErrorMessage(`Argo CD Hooks: the timeline was not written to ${to.path}: ${String(error)}`);
  }
}
