import * as vscode from 'vscode';
import type { Session } from './extension.ts';
import { annotationRange } from './plan/annotation-range.ts';
import type { NodePlace, PlanNode } from './plan/nodes.ts';
import { uriOf } from './plan/view.ts';

/** What a lens hands over: where the manifest stands. */
interface ShowInPlanArguments {
  readonly uri: string;
  /** 1-based. */
  readonly line: number;
}

/** Registers every command of the extension. Those about syncs load their code when they are first run. */
export function registerCommands(session: Session): vscode.Disposable[] {
  const { log, store, view } = session;
  const syncs = () => import('./sync/commands.ts');
  const commands: Readonly<Record<string, (...args: never[]) => unknown>> = {
    runSync: async (node?: PlanNode) => (await syncs()).runSync(session, node?.application),
    simulateSync: async (node?: PlanNode) => (await syncs()).simulateSync(session, node?.application),
    terminateSync: async () => (await syncs()).terminateSync(session),
    clearSyncState: () => store.clearRuns(),
    showPlan: () => vscode.commands.executeCommand('argocdHooks.plan.focus'),
    refresh: () => store.refresh(),
    showLog: () => log.show(),
    restartServer: () => session.restart(),
    copyDiagnostics: async () => (await import('./report.ts')).copyReport(session),
    showInPlan: ({ uri, line }: ShowInPlanArguments) => view.show(vscode.Uri.parse(uri), line),
    openManifest: (node: PlanNode) => (node.place ? openManifest(node.place) : undefined),
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
