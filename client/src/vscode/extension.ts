import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { onNewScheme } from './documents.ts';
import type { Platform } from './platform.ts';
import { moveTo } from './plan/move.ts';
import { PlanMemory } from './plan/memory.ts';
import { PlanStore } from './plan/store.ts';
import { PlanView } from './plan/view.ts';
import { LogDocuments } from './sync/log-documents.ts';
import { timelinesOfEarlier } from './timeline/serializer.ts';
import { ServerLife, type ServerHost } from './server-life.ts';
import type { Session } from './session.ts';

/** Where the selection of a workspace is kept: the name of a kube context; nothing: as the kubeconfig says. */
export const SELECTED_CONTEXT = 'argocdHooks.context';

let session: Session | undefined;
let life: ServerLife | undefined;

/**
 * Begins when a YAML file is open, the view is shown or a command is run. Nothing that takes time happens
 * before the language server is on its way: everything about syncs is loaded when it is first used.
 */
export function start(platform: Platform, context: vscode.ExtensionContext): void {
  const activated = performance.now();
  const log = vscode.window.createOutputChannel('Argo CD Hooks', { log: true });
  const changed = new vscode.EventEmitter<void>();
  const store = new PlanStore(() => {
    session?.view.redraw();
    changed.fire();
  });
  const view = new PlanView(store, new PlanMemory(context.workspaceState), log, async (moving, wave) => {
    if (session) await moveTo(session, moving, wave);
  });
  life = new ServerLife(serverHost(platform, context, { log, store, view, activated }));
  session = {
    platform,
    context,
    log,
    store,
    view,
    logs: new LogDocuments(),
    onDidChangePlans: changed.event,
    server: undefined,
    restart: () => life?.start() ?? Promise.resolve(),
  };
  context.subscriptions.push(
    log,
    view,
    changed,
    session.logs,
    ...registerCommands(session),
    timelinesOfEarlier(session),
  );
  // The client learns only at its start which documents are the server's.
  context.subscriptions.push(onNewScheme(() => void session?.restart()));
  void life.start();
}

interface ServerParts extends Pick<Session, 'log' | 'store' | 'view'> {
  /** When activation began. */
  readonly activated: number;
}

function serverHost(
  platform: Platform,
  context: vscode.ExtensionContext,
  { log, store, view, activated }: ServerParts,
): ServerHost {
  const output = (text: string): void => log.info(`Language server: ${text}`);
  const refreshed = (what: Promise<void>): void =>
    void what.catch((error: unknown) => log.warn(`The plan could not be refreshed: ${String(error)}`));
  let isFirst = true;
  return {
    launch() {
      // It starts while the client library loads.
      const connect = platform.startServer(context, output);
      if (isFirst)
        log.info(`Language server started ${(performance.now() - activated).toFixed(1)} ms after activation began`);
      isFirst = false;
      return (events) => connect(log, events);
    },
    planChanged(params) {
      view.outdate(params.applications);
      refreshed(store.planChanged(params));
    },
    connected(server) {
      if (session) {
        session.server = server;
        void followContext(session);
      }
      refreshed(store.connect(server).then(() => lookBack(context)));
    },
    failed() {
      refreshed(store.connect(undefined, true));
      void tellFailed(log);
    },
    warn: (message) => log.warn(message),
    now: () => Date.now(),
  };
}

/** Shows what was cut off, once the applications are known. Nothing is loaded where no sync was ever started. */
async function lookBack({ globalStorageUri }: vscode.ExtensionContext): Promise<void> {
  if (!session?.platform.operations) return;
  const folder = vscode.Uri.joinPath(globalStorageUri, 'operations');
  const kept = await vscode.workspace.fs.readDirectory(folder).then(
    (files) => files.length > 0,
    () => false,
  );
  if (kept) await (await import('./sync/operations.ts')).showInterrupted(session);
}

/** Only where a context was selected: otherwise no kubeconfig is read before a sync is asked for. */
async function followContext(from: Session): Promise<void> {
  if (!vscode.workspace.isTrusted || from.context.workspaceState.get(SELECTED_CONTEXT, '') === '') return;
  (await import('./sync/active-context.ts')).activeContext(from);
}

async function tellFailed(log: vscode.LogOutputChannel): Promise<void> {
  const [restart, show] = ['Restart', 'Show Log'];
  const text =
    'Argo CD Hooks: the language server ended several times within minutes and is not started again, so there is no help in files and no plan. The log says why.';
  const answer = await vscode.window.showErrorMessage(text, restart, show);
  if (answer === restart) await session?.restart();
  if (answer === show) log.show();
}

/** Before the extension host ends: what runs is terminated properly. */
export async function end(): Promise<void> {
  session?.endRuns?.();
  await life?.end();
  session = undefined;
}
