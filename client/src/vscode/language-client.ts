import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type BaseLanguageClient,
  type LanguageClientOptions,
  type MessageTransports,
} from 'vscode-languageclient';
import {
  APPLICATION_OF,
  APPLICATIONS,
  COMPARE_PLAN,
  FINDINGS,
  GONE_APPLICATIONS,
  MOVE_TO_WAVE,
  PLAN,
  PLAN_CHANGED,
  RENUMBER_WAVES,
  REVISIONS,
  RENDER_AGAIN,
  TRUSTED,
  UNREAD,
  type ApplicationRef,
  type ApplicationSummary,
  type ClientOptions,
  type PlanChangedParams,
  type ApplicationsParams,
  type PlanAnswer,
  type PlanParams,
  type ComparePlanParams,
  type ComparePlanResult,
  type FindingsParams,
  type FoundProblem,
  type GoneApplicationsParams,
  type GoneApplicationsResult,
  type MoveToWaveParams,
  type RenumberWavesParams,
  type RevisionsParams,
  type RevisionsResult,
  type UnreadPlace,
  type WaveChangeResult,
} from '#protocol';
import { editableDocuments } from './documents.ts';
import { serveFiles } from './files.ts';
import { planIn } from './plan/plan-answer.ts';
import type { PlanSource } from './plan/store.ts';

/** The language server as the rest of the extension sees it. */
export interface Server extends PlanSource {
  /** Errors and warnings in all files of an application. */
  findings(application: ApplicationRef): Promise<readonly FoundProblem[]>;
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
  planChanged(params: PlanChangedParams): void;
  /** It ended without having been asked to. */
  stopped(): void;
}

/** A language server that runs, and the channel to it. */
export interface ServerLink extends MessageTransports {
  /** It was asked to end; after so many milliseconds it has to. */
  end(grace: number): void;
}

/** How the platform talks to the server: its client, and the server that was started. */
export interface ServerAccess {
  create(
    id: string,
    name: string,
    transports: () => Promise<MessageTransports>,
    options: LanguageClientOptions,
  ): BaseLanguageClient;
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
  let runs = false;
  const options: LanguageClientOptions = {
    documentSelector: editableDocuments(),
    outputChannel: log,
    // Asked again whenever the server is started anew.
    initializationOptions: (): ClientOptions => ({
      files: true,
      trusted: vscode.workspace.isTrusted,
      yamlValidation: yamlIsValidated(),
    }),
    errorHandler: {
      // A message that cannot be read or sent costs an answer; a server that is gone closes the connection.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        if (runs) events.stopped();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    // Whoever started it hears of it, and knows what to do.
    initializationFailedHandler: () => false,
  };
  const client = access.create('argocdHooks', 'Argo CD Hooks', async () => (link = await access.link()), options);
  client.onNotification(PLAN_CHANGED, (params: PlanChangedParams) => events.planChanged(params));
  serveFiles(client);
  const trusting = vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(TRUSTED));
  const stop = async (): Promise<void> => {
    runs = false;
    trusting.dispose();
    link?.end(GRACE);
    await client
      .dispose(GRACE)
      .catch((error: unknown) => log.debug(`The language server ended late: ${String(error)}`));
  };
  try {
    await client.start();
  } catch (error) {
    await stop();
    throw error;
  }
  runs = true;
  const { name = 'argocd-hooks', version = '' } = client.initializeResult?.serverInfo ?? {};
  return {
    applications: (only) =>
      client.sendRequest<readonly ApplicationSummary[]>(
        APPLICATIONS,
        (only ? { only } : {}) satisfies ApplicationsParams,
      ),
    plan: async (application, known) => {
      const params: PlanParams = { application, ...(known ? { since: known.version } : {}) };
      return planIn(await client.sendRequest<PlanAnswer | null>(PLAN, params), known);
    },
    unread: () => client.sendRequest<readonly UnreadPlace[]>(UNREAD),
    renderAgain: () => client.sendNotification(RENDER_AGAIN),
    applicationOf: (uri) => client.sendRequest<ApplicationRef | null>(APPLICATION_OF, { uri }),
    findings: (application) =>
      client.sendRequest<readonly FoundProblem[]>(FINDINGS, { application } satisfies FindingsParams),
    moveToWave: (params) => client.sendRequest<WaveChangeResult | null>(MOVE_TO_WAVE, params),
    renumberWaves: (params) => client.sendRequest<WaveChangeResult | null>(RENUMBER_WAVES, params),
    comparePlan: (params) => client.sendRequest<ComparePlanResult>(COMPARE_PLAN, params),
    goneApplications: (params) => client.sendRequest<GoneApplicationsResult>(GONE_APPLICATIONS, params),
    revisions: (folder) => client.sendRequest<RevisionsResult>(REVISIONS, { folder } satisfies RevisionsParams),
    info: `${name} ${version}`.trim(),
    stop,
  };
}
