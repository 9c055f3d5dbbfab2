import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import type { Server } from './language-client.ts';
import { registerCommands } from './commands.ts';
import { PlanStore } from './plan/store.ts';
import { PlanView } from './plan/view.ts';
import { spawnLanguageServer } from './server-process.ts';

/** What the extension holds while it is active. */
export interface Session {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly store: PlanStore;
  readonly view: PlanView;
  /** The language server, once it runs. */
  server: Server | undefined;
  /** Starts the language server, or starts it anew. */
  restart(): Promise<void>;
  /** Ends what runs; set once a sync was first asked for. */
  endRuns?: () => void;
}

let session: Session | undefined;

/**
 * Called by VS Code when a YAML file is open, the view is shown or a command is run. Nothing that takes time happens
 * before the language server is on its way: everything about syncs is loaded when it is first used.
 */
export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('Argo CD Hooks', { log: true });
  const store = new PlanStore(() => session?.view.redraw());
  const view = new PlanView(store, log);
  session = { context, log, store, view, server: undefined, restart: () => startLanguageServer() };
  context.subscriptions.push(log, view, ...registerCommands(session));
  void startLanguageServer(started);
}

/** @param activated when activation began, if this is the first start */
async function startLanguageServer(activated?: number): Promise<void> {
  const current = session;
  if (!current) return;
  const { context, log, store } = current;
  const refreshed = (what: Promise<void>): void =>
    void what.catch((error: unknown) => log.warn(`The plan could not be refreshed: ${String(error)}`));
  const output = (text: string): void => log.info(`Language server: ${text}`);
  const spawn = () => spawnLanguageServer(context.asAbsolutePath('dist/server.mjs'), output);
  try {
    const old = current.server;
    current.server = undefined;
    await old?.stop();
    // The process starts while the client library loads; a crash later starts another one.
    let early: ChildProcess | undefined = spawn();
    if (activated !== undefined)
      log.info(`Language server started ${(performance.now() - activated).toFixed(1)} ms after activation began`);
    const { connectServer } = await import('./language-client.ts');
    const first = (): ChildProcess => {
      const child = early ?? spawn();
      early = undefined;
      return child;
    };
    if (old) await store.connect(undefined);
    const server = await connectServer(first, log, {
      planChanged: (applications) => refreshed(store.planChanged(applications)),
      stopped: (forGood) => refreshed(store.connect(undefined, forGood)),
      back: () => refreshed(store.connect(current.server)),
    });
    current.server = server;
    await store.connect(server);
  } catch (error) {
    log.error(`The language server did not start: ${error instanceof Error ? error.message : String(error)}`);
    await store.connect(undefined, true);
  }
}

/** Called by VS Code before the extension host ends: what runs is terminated properly. */
export async function deactivate(): Promise<void> {
  session?.endRuns?.();
  await session?.server?.stop();
  session = undefined;
}
