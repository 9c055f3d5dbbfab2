import * as vscode from 'vscode';
import {
  canHandOver,
  type FromPage,
  type PageAnswer,
  type PreflightView,
  type ToPage,
} from '../../webview/messages.ts';

/** The page's HTML: our own script and style and nothing else may load. */
function html(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  const asset = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist/webview', name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <title>Preflight</title>
    <link rel="stylesheet" href="${asset('preflight.css')}" />
  </head>
  <body>
    <script nonce="${nonce}" src="${asset('preflight.js')}"></script>
  </body>
</html>`;
}

/**
 * Shows what a sync would do and asks. Closing the page, Escape and Cancel all refuse, and so does `abandoned` when the
 * run behind it ends by itself.
 */
export function askOnPage(
  context: vscode.ExtensionContext,
  view: PreflightView,
  abandoned: AbortSignal,
): Promise<PageAnswer> {
  const panel = vscode.window.createWebviewPanel(
    'argocdHooks.preflight',
    `Sync ${view.preflight.application}`,
    { viewColumn: vscode.ViewColumn.Active },
    { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(context.extensionUri, 'dist/webview')] },
  );
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'client/media/icon.png');
  return new Promise((resolve) => {
    const answer = (given: PageAnswer): void => {
      resolve(given);
      panel.dispose();
    };
    panel.onDidDispose(() => resolve('refuse'));
    abandoned.addEventListener('abort', () => answer('refuse'), { once: true });
    panel.webview.onDidReceiveMessage((message: FromPage) => {
      switch (message.type) {
        case 'ready':
          void panel.webview.postMessage({ type: 'show', view } satisfies ToPage);
          return;
        case 'answer':
          answer(isOffered(view, message.answer) ? message.answer : 'refuse');
      }
    });
    panel.webview.html = html(panel.webview, context.extensionUri);
  });
}

/** The page offers no button for anything else; that holds here too. */
function isOffered({ preflight }: PreflightView, answer: PageAnswer): boolean {
  if (answer === 'confirm') return preflight.blockers.length === 0;
  if (answer === 'argocd') return canHandOver(preflight);
  return answer === 'refuse' || preflight.missingNamespace !== undefined;
}
