import type { ChildProcess } from 'node:child_process';
import type * as vscode from 'vscode';
import {
  CloseAction,
  IPCMessageReader,
  IPCMessageWriter,
  LanguageClient,
  State,
  type LanguageClientOptions,
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

/** How long a server that was asked to end may take, in milliseconds. */
const GRACE = 2000;

/**
 * Connects to the language server. Rejects where it does not answer.
 * @param spawn starts the server's process; called again after each crash
 */
export async function connectServer(
  spawn: () => ChildProcess,
  log: vscode.LogOutputChannel,
  events: ServerEvents,
): Promise<Server> {
  let process_: ChildProcess | undefined;
  const options: LanguageClientOptions = {
    documentSelector: [{ language: 'yaml' }, { language: 'helm' }],
    outputChannel: log,
    errorHandler: {
      error: (error, message, count) => restarts.error(error, message, count),
      closed: async () => {
        const answer = await restarts.closed();
        if (answer.action === CloseAction.DoNotRestart) events.stopped(true);
        return answer;
      },
    },
  };
  const connect = async () => {
    const child = (process_ = spawn());
    return { reader: new IPCMessageReader(child), writer: new IPCMessageWriter(child) };
  };
  const client = new LanguageClient('argocdHooks', 'Argo CD Hooks', connect, options);
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
      const last = process_;
      const timer = setTimeout(() => last?.kill(), GRACE);
      last?.once('exit', () => clearTimeout(timer));
      await client
        .dispose(GRACE)
        .catch((error: unknown) => log.debug(`The language server ended late: ${String(error)}`));
    },
  };
}
