import * as vscode from 'vscode';
import {
  CloseAction,
  State,
  type BaseLanguageClient,
  type LanguageClientOptions,
  type MessageTransports,
} from 'vscode-languageclient';
import {
  APPLICATION_OF,
  APPLICATIONS,
  COMPARE_PLAN,
  GONE_APPLICATIONS,
  MOVE_TO_WAVE,
  PLAN,
  PLAN_CHANGED,
  RENUMBER_WAVES,
  REVISIONS,
  TRUSTED,
  UNREAD,
  type ApplicationRef,
  type ApplicationSummary,
  type ClientOptions,
  type PlanChangedParams,
  type PlanParams,
  type PlanResult,
  type ComparePlanParams,
  type ComparePlanResult,
  type GoneApplicationsParams,
  type GoneApplicationsResult,
  type MoveToWaveParams,
  type RenumberWavesParams,
  type RevisionsParams,
  type RevisionsResult,
  type UnreadPlace,
  type WaveChangeResult,
} from '#protocol';
import { serveFiles } from './files.ts';
import type { PlanSource } from './plan/store.ts';

/** The language server as the rest of the extension sees it. */
export interface Server extends PlanSource {
  /** Null where the application is not there any more. */
  moveToWave(params: MoveToWaveParams): Promise<WaveChangeResult | null>;
  renumberWaves(params: RenumberWavesParams): Promise<WaveChangeResult | null>;
  comparePlan(params: ComparePlanParams): Promise<ComparePlanResult>;
  goneApplications(params: GoneApplicationsParams): Promise<GoneApplicationsResult>;
  /** @param folder URI of a workspace folder */
  revisions(folder: string): Promise<RevisionsResult>;
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

/** A language server that runs, and the channel to it. */
export interface ServerLink extends MessageTransports {
  /** It was asked to end; after so many milliseconds it has to. */
  end(grace: number): void;
}

/** How the platform talks to the server: its client, and how one that runs is had. */
export interface ServerAccess {
  create(
    id: string,
    name: string,
    transports: () => Promise<MessageTransports>,
    options: LanguageClientOptions,
  ): BaseLanguageClient;
  /** Starts the server, or takes the one that was started already; called again after each crash. */
  link(): ServerLink | Promise<ServerLink>;
}

/** Whether Red Hat's extension for YAML is there and tells of errors in it. */
const yamlIsValidated = (): boolean =>
  vscode.extensions.getExtension('redhat.vscode-yaml') !== undefined &&
  vscode.workspace.getConfiguration('yaml').get('validate', true);

/** How long a server that was asked to end may take, in milliseconds. */
const GRACE = 2000;

/** Connects to the language server. Rejects where it does not answer. */
export async function connectServer(
  access: ServerAccess,
  log: vscode.LogOutputChannel,
  events: ServerEvents,
): Promise<Server> {
  let link: ServerLink | undefined;
  const options: LanguageClientOptions = {
    documentSelector: [{ language: 'yaml' }, { language: 'helm' }, { language: 'json' }],
    outputChannel: log,
    // Asked again whenever the server is started anew.
    initializationOptions: (): ClientOptions => ({
      files: true,
      trusted: vscode.workspace.isTrusted,
      yamlValidation: yamlIsValidated(),
    }),
    errorHandler: {
      error: (error, message, count) => restarts.error(error, message, count),
      closed: async () => {
        const answer = await restarts.closed();
        if (answer.action === CloseAction.DoNotRestart) events.stopped(true);
        return answer;
      },
    },
  };
  const client = access.create('argocdHooks', 'Argo CD Hooks', async () => (link = await access.link()), options);
  const restarts = client.createDefaultErrorHandler();
  client.onNotification(PLAN_CHANGED, (params: PlanChangedParams) => events.planChanged(params.applications));
  serveFiles(client);
  await client.start();
  const trusting = vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(TRUSTED));
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
    unread: () => client.sendRequest<readonly UnreadPlace[]>(UNREAD),
    applicationOf: (uri) => client.sendRequest<ApplicationRef | null>(APPLICATION_OF, { uri }),
    moveToWave: (params) => client.sendRequest<WaveChangeResult | null>(MOVE_TO_WAVE, params),
    renumberWaves: (params) => client.sendRequest<WaveChangeResult | null>(RENUMBER_WAVES, params),
    comparePlan: (params) => client.sendRequest<ComparePlanResult>(COMPARE_PLAN, params),
    goneApplications: (params) => client.sendRequest<GoneApplicationsResult>(GONE_APPLICATIONS, params),
    revisions: (folder) => client.sendRequest<RevisionsResult>(REVISIONS, { folder } satisfies RevisionsParams),
    info: `${name} ${version}`.trim(),
    stop: async () => {
      wanted = false;
      trusting.dispose();
      link?.end(GRACE);
      await client
        .dispose(GRACE)
        .catch((error: unknown) => log.debug(`The language server ended late: ${String(error)}`));
    },
  };
}
