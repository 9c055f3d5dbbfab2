import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Session } from '../session.ts';
import { applicationId } from '../plan/node.ts';
import { chooseApplication } from '../sync/choose.ts';
import { ownFiles } from '../page.ts';
import { TimelinePanel } from './panel.ts';
import { TIMELINE } from './serializer.ts';

/** The timelines that are open, one for each application. */
const panels = new Map<string, TimelinePanel>();

/** Show Timeline: that of the row or document it was asked for, of what runs, else of what is chosen. */
export async function showTimeline(session: Session, wanted: ApplicationRef | undefined): Promise<void> {
  const application = await applicationFor(session, wanted);
  if (!application) return;
  const open = panels.get(applicationId(application));
  if (open) {
    open.reveal();
    return;
  }
  const panel = vscode.window.createWebviewPanel(
    TIMELINE,
    `Timeline: ${application.name}`,
    { viewColumn: vscode.ViewColumn.Active },
    ownFiles(session.context.extensionUri),
  );
  keep(session, panel, application);
}

/** Draws a timeline again that was open when the window was closed. */
export function restoreTimeline(session: Session, panel: vscode.WebviewPanel, kept: unknown): void {
  const application = applicationIn(kept);
  if (!application || panels.has(applicationId(application))) {
    panel.dispose();
    return;
  }
  panel.webview.options = ownFiles(session.context.extensionUri);
  keep(session, panel, application);
}

function keep(session: Session, panel: vscode.WebviewPanel, application: ApplicationRef): void {
  const id = applicationId(application);
  panels.set(id, new TimelinePanel(session, panel, application));
  panel.onDidDispose(() => panels.delete(id));
}

function applicationIn(kept: unknown): ApplicationRef | undefined {
  const { application } = (kept ?? {}) as { application?: Partial<Record<keyof ApplicationRef, unknown>> };
  const { folder, path, name } = application ?? {};
  return typeof folder === 'string' && typeof path === 'string' && typeof name === 'string'
    ? { folder, path, name }
    : undefined;
}

async function applicationFor(
  { store, view }: Session,
  wanted: ApplicationRef | undefined,
): Promise<ApplicationRef | undefined> {
  if (wanted) return wanted;
  const { views } = store;
  const running = views.find(({ run }) => run !== undefined && run.stage !== 'finished');
  if (running) return running.summary;
  if (views.length === 0)
    throw new Error('There is no application in this workspace: no YAML file with apiVersion and kind was found.');
  const here = view.applicationAt(vscode.window.activeTextEditor);
  const summaries = views.map(({ summary }) => summary);
  return chooseApplication(summaries, here && applicationId(here), 'Show Timeline: Which Application?');
}
