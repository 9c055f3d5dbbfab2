import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Session } from './session.ts';
import { annotationRange } from './plan/annotation-range.ts';
import { viewCommands } from './plan/commands.ts';
import type { NodePlace } from './plan/node.ts';
import { rowCommands } from './plan/row-commands.ts';
import { uriOf } from './plan/places.ts';
import type { Row } from './plan/rows.ts';

/** Where a lens stands whose application is meant. */
interface InDocument {
  readonly uri: string;
}

/** Where a command about syncs was taken: a row, a lens, or a notification about an application. */
type Origin = Row | InDocument | ApplicationRef;

/** The application of a row, or of a document; undefined where neither names one. */
async function applicationOf(session: Session, from: Origin | undefined): Promise<ApplicationRef | undefined> {
  if (from === undefined) return undefined;
  if ('node' in from) return from.node.application;
  if ('name' in from) return from;
  return session.store.applicationOf(from.uri);
}

/** Registers every command of the extension. Those about syncs load their code when they are first run. */
export function registerCommands(session: Session): vscode.Disposable[] {
  const { log, store, view } = session;
  const syncs = () => import('./sync/commands.ts');
  const past = () => import('./sync/history.ts');
  const commands: Readonly<Record<string, (...args: never[]) => unknown>> = {
    runSync: async (from?: Origin) => (await syncs()).runSync(session, await applicationOf(session, from)),
    simulateSync: async (from?: Origin) => (await syncs()).simulateSync(session, await applicationOf(session, from)),
    deleteResources: async (from?: Origin) =>
      (await syncs()).deleteResources(session, await applicationOf(session, from)),
    terminateSync: async () => (await syncs()).terminateSync(session),
    resumeSync: async (from?: Origin) => (await past()).resumeSync(session, await applicationOf(session, from)),
    discardSync: async (from?: Origin) => (await past()).discardSync(session, await applicationOf(session, from)),
    syncHistory: async (from?: Origin) => (await past()).syncHistory(session, await applicationOf(session, from)),
    runAgain: async (from?: Origin) => (await past()).runAgain(session, await applicationOf(session, from)),
    retryFailed: async (from?: Origin) => (await past()).retryFailed(session, await applicationOf(session, from)),
    selectContext: async () => (await syncs()).selectContext(session),
    showLiveStatus: async (from?: Origin) =>
      (await import('./sync/show-status.ts')).showLiveStatus(session, await applicationOf(session, from)),
    showDifference: async ({ node }: Row) => (await import('./sync/show-status.ts')).showDifference(session, node),
    clearSyncState: () => store.clearRuns(),
    applyApplication: async (from?: vscode.Uri) =>
      (await import('./sync/apply-application.ts')).applyApplication(session, from),
    newHook: async () => (await import('./new-hook.ts')).newHook(session),
    showTimeline: async (from?: Row | InDocument) =>
      (await import('./timeline/commands.ts')).showTimeline(session, await applicationOf(session, from)),
    showPlan: () => vscode.commands.executeCommand('argocdHooks.plan.focus'),
    refresh: () => store.refreshAll(),
    showLog: () => log.show(),
    restartServer: () => session.restart(),
    copyDiagnostics: async () => (await import('./report.ts')).copyReport(session),
    openManifest: ({ node }: Row) => (node.place ? openManifest(node.place) : undefined),
    ...viewCommands(view),
    ...rowCommands(session),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`argocdHooks.${name}`, async (...args: never[]) => {
      try {
        await run(...args);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        log.error(`${name}: ${message}`);
        const show = 'Show Log';
        const answer = await vscode.window.showErrorMessage(`Argo CD Hooks: ${message}`, show);
        if (answer === show) log.show();
      }
    }),
  );
}

/** Opens a manifest and selects the annotation that gives it its place. */
export async function openManifest(place: NodePlace): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uriOf(place));
  const { line, start, end } = annotationRange(document.getText(), place.line - 1);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(line, start, line, end) });
}
