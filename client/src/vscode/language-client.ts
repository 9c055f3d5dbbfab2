import * as vscode from 'vscode';
import {
  CloseAction,
  LanguageClient,
  State,
  TransportKind,
  type LanguageClientOptions,
  type ServerOptions,
} from 'vscode-languageclient/node';
import {
  APPLICATION_OF,
  APPLICATIONS,
  PLAN,
  PLAN_CHANGED,
  type ApplicationRef,
  type ApplicationSummary,
  type PlanChangedParams,
  type PlanParams,
  type PlanResult,
} from '#protocol';
import type { PlanSource } from './plan/store.ts';

/** The language server as the rest of the extension sees it. */
export interface Server extends PlanSource {
  /** The application that a document belongs to; null where it belongs to none. */
  applicationOf(uri: vscode.Uri): Promise<ApplicationRef | null>;
  /** Name and version that the server gave when it started. */
  readonly info: string;
  stop(): Promise<void>;
}

export interface ServerEvents {
  planChanged(applications: readonly ApplicationRef[]): void;
  /** It ended without having been asked to; with `forGood` it is not being started again. */
  stopped(forGood: boolean): void;
  /** It was started again after an end that nobody asked for. */
  back(): void;
}

/** Starts the language server as a process of its own and connects to it. Rejects where it does not start. */
export async function startServer(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  events: ServerEvents,
): Promise<Server> {
  const module = context.asAbsolutePath('dist/server.mjs');
  const options: ServerOptions = {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
  };
  const clientOptions: LanguageClientOptions = {
    documentSelector: [{ language: 'yaml' }, { language: 'helm' }],
    outputChannel: log,
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml,json,tpl}') },
    errorHandler: {
      error: (error, message, count) => restarts.error(error, message, count),
      closed: async () => {
        const answer = await restarts.closed();
        if (answer.action === CloseAction.DoNotRestart) events.stopped(true);
        return answer;
      },
    },
  };
  const client = new LanguageClient('argocdHooks', 'Argo CD Hooks', options, clientOptions);
  const restarts = client.createDefaultErrorHandler();
  client.onNotification(PLAN_CHANGED, (params: PlanChangedParams) => events.planChanged(params.applications));
  await client.start();
  let wanted = true;
  client.onDidChangeState(({ newState }) => {
    if (!wanted) return;
    if (newState === State.Stopped) events.stopped(false);
    if (newState === State.Running) events.back();
  });
  const { name = 'argocd-hooks', version = '' } = client.initializeResult?.serverInfo ?? {};
  return {
    applications: () => client.sendRequest<readonly ApplicationSummary[]>(APPLICATIONS),
    plan: (application) => client.sendRequest<PlanResult | null>(PLAN, { application } satisfies PlanParams),
    applicationOf: (uri) => client.sendRequest<ApplicationRef | null>(APPLICATION_OF, { uri: uri.toString() }),
    info: `${name} ${version}`.trim(),
    stop: async () => {
      wanted = false;
      await client.dispose();
    },
  };
}
