import * as vscode from 'vscode';
import {
  canHandOver,
  type FromPage,
  type PageAnswer,
  type PreflightView,
  type ToPage,
} from '../../webview/messages.ts';
import { ownFiles, pageHtml } from '../page.ts';
import { showObjectDiff } from './object-diff.ts';

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
    // A difference opens before it: what was typed and folded out must still be there afterwards.
    { ...ownFiles(context.extensionUri), retainContextWhenHidden: true },
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
          return;
        case 'diff': {
          const row = view.preflight.rows[message.row];
          if (row?.texts) void showObjectDiff(context, row.task, row.texts);
        }
      }
    });
    panel.webview.html = pageHtml(panel.webview, context.extensionUri, 'preflight', 'Preflight');
  });
}

/** The page offers no button for anything else; that holds here too. */
function isOffered({ preflight }: PreflightView, answer: PageAnswer): boolean {
  if (answer === 'confirm') return preflight.blockers.length === 0;
  if (answer === 'argocd') return canHandOver(preflight);
  return answer === 'refuse' || preflight.missingNamespace !== undefined;
}
