import * as vscode from 'vscode';
import type { ObjectTexts } from '../../sync/object-text.ts';

const SCHEME = 'argocd-hooks-object';

/** Texts that stand in diff editors, by the address of their documents. */
const texts = new Map<string, string>();
let provider: vscode.Disposable | undefined;

/**
 * Shows the live object beside what a sync would leave, in a diff editor. Values of Secrets are masked already.
 * @param task `group/Kind/namespace/name`
 */
export async function showObjectDiff(
  context: vscode.ExtensionContext,
  task: string,
  { before, after }: ObjectTexts,
): Promise<void> {
  if (!provider) {
    provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
    });
    const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString()));
    context.subscriptions.push(provider, closed);
  }
  const [, kind = '', , ...name] = task.split('/');
  const label = `${kind} ${name.join('/')}`;
  // The group of a core kind is empty, and a path may not begin with two slashes.
  const place = task.split('/').filter((part) => part !== '');
  // A new address each time: an open document would keep its old text.
  const at = Date.now().toString(36);
  const uriOf = (side: string, text: string): vscode.Uri => {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${[...place, side].join('/')}.yaml`, query: at });
    texts.set(uri.toString(), text);
    return uri;
  };
  const [left, right] = [uriOf('live', before), uriOf('synced', after)];
  await vscode.commands.executeCommand('vscode.diff', left, right, `${label}: live ↔ after the sync`, {
    preview: true,
  });
}
