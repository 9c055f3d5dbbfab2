import * as vscode from 'vscode';
import type { OperationChoices } from '../../sync/model.ts';
import {
  canHandOver,
  canRevise,
  editionOf,
  type FromPage,
  type PageAnswer,
  type PreflightView,
  type ToPage,
} from '../../webview/messages.ts';
import { ownFiles, pageHtml } from '../page.ts';
import { showObjectDiff } from './object-diff.ts';

/** What a person says to a preflight: an answer, or that they want to see what other options would come to. */
export type PageReply = { readonly answer: PageAnswer } | { readonly revise: OperationChoices };

/** The page on which a run shows what it would do, and asks. */
export interface PreflightPage {
  /** Shows a preflight, in place of the one before. Closing the page, Escape and Cancel all refuse. */
  ask(view: PreflightView): Promise<PageReply>;
  /** Closes it; what is asked is refused. */
  close(): void;
}

/**
 * Opens the page of a run of an application.
 * @param title of its tab
 */
export function openPreflightPage(context: vscode.ExtensionContext, title: string): PreflightPage {
  const panel = vscode.window.createWebviewPanel(
    'argocdHooks.preflight',
    title,
    { viewColumn: vscode.ViewColumn.Active },
    // A difference opens before it: what was typed and folded out must still be there afterwards.
    { ...ownFiles(context.extensionUri), retainContextWhenHidden: true },
  );
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'client/media/icon.png');
  let closed = false;
  let ready = false;
  let asked: { readonly view: PreflightView; readonly reply: (reply: PageReply) => void } | undefined;
  const show = (): void => {
    if (asked && ready) void panel.webview.postMessage({ type: 'show', view: asked.view } satisfies ToPage);
  };
  const reply = (given: PageReply): void => {
    const { reply: take } = asked ?? {};
    asked = undefined;
    take?.(given);
  };
  panel.onDidDispose(() => {
    closed = true;
    reply({ answer: 'refuse' });
  });
  panel.webview.onDidReceiveMessage((message: FromPage) => {
    if (message.type === 'ready') {
      ready = true;
      show();
      return;
    }
    if (message.type === 'answer' && message.answer === 'refuse') {
      panel.dispose();
      return;
    }
    if (!asked) return;
    const { view } = asked;
    if (message.type === 'diff') {
      const row = view.preflight.rows[message.row];
      if (row?.texts) void showObjectDiff(context, row.task, row.texts);
      return;
    }
    // What was said to another preflight than the one that is shown says nothing of this one.
    if (message.edition !== editionOf(view.preflight)) return;
    if (message.type === 'revise') {
      if (canRevise(view.preflight)) reply({ revise: message.choices });
      return;
    }
    reply({ answer: isOffered(view, message.answer) ? message.answer : 'refuse' });
    panel.dispose();
  });
  panel.webview.html = pageHtml(panel.webview, context.extensionUri, 'preflight', 'Preflight');
  return {
    ask: (view) =>
      new Promise<PageReply>((resolve) => {
        if (closed) {
          resolve({ answer: 'refuse' });
          return;
        }
        asked = { view, reply: resolve };
        show();
      }),
    close: () => {
      panel.dispose();
    },
  };
}

/** The page offers no button for anything else; that holds here too. */
function isOffered({ preflight }: PreflightView, answer: PageAnswer): boolean {
  if (answer === 'confirm') return preflight.blockers.length === 0;
  return answer === 'refuse' || canHandOver(preflight);
}
