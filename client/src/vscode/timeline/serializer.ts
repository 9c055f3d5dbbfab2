import * as vscode from 'vscode';
import type { Session } from '../session.ts';

export const TIMELINE = 'argocdHooks.timeline';

/** Timelines that were open when the window was closed come back when it is opened again. */
export const timelinesOfEarlier = (session: Session): vscode.Disposable =>
  vscode.window.registerWebviewPanelSerializer(TIMELINE, {
    async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown) {
      (await import('./commands.ts')).restoreTimeline(session, panel, kept);
    },
  });
