import * as vscode from 'vscode';
import type { Server } from './language-client.ts';
import { registerCommands } from './commands.ts';
import type { Platform } from './platform.ts';
import { moveTo } from './plan/move.ts';
import { PlanMemory } from './plan/memory.ts';
import { PlanStore } from './plan/store.ts';
import { PlanView } from './plan/view.ts';

/** What the extension holds while it is active. */
export interface Session {
  readonly platform: Platform;
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
 * Begins when a YAML file is open, the view is shown or a command is run. Nothing that takes time happens
 * before the language server is on its way: everything about syncs is loaded when it is first used.
 */
export function start(platform: Platform, context: vscode.ExtensionContext): void {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('Argo CD Hooks', { log: true });
  const store = new PlanStore(() => session?.view.redraw());
  const view = new PlanView(store, new PlanMemory(context.workspaceState), log, async (moving, wave) => {
    if (session) await moveTo(session, moving, wave);
  });
  session = { platform, context, log, store, view, server: undefined, restart: () => startLanguageServer() };
  context.subscriptions.push(log, view, ...registerCommands(session));
  void startLanguageServer(started);
}

/** @param activated when activation began, if this is the first start */
async function startLanguageServer(activated?: number): Promise<void> {
  const current = session;
  if (!current) return;
  const { platform, context, log, store } = current;
  const refreshed = (what: Promise<void>): void =>
    void what.catch((error: unknown) => log.warn(`The plan could not be refreshed: ${String(error)}`));
  const output = (text: string): void => log.info(`Language server: ${text}`);
  try {
    const old = current.server;
    current.server = undefined;
    await old?.stop();
    // It starts while the client library loads.
    const connect = platform.startServer(context, output);
    if (activated !== undefined)
      log.info(`Language server started ${(performance.now() - activated).toFixed(1)} ms after activation began`);
    if (old) await store.connect(undefined);
    const server = await connect(log, {
      planChanged: (applications) => {
        current.view.outdate(applications);
        refreshed(store.planChanged(applications));
      },
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

/** Before the extension host ends: what runs is terminated properly. */
export async function end(): Promise<void> {
  session?.endRuns?.();
  await session?.server?.stop();
  session = undefined;
}
