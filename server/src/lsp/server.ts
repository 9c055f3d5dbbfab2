import type {
  CancellationToken,
  CodeAction,
  CodeLens,
  Command,
  CompletionList,
  Connection,
  DocumentDiagnosticReport,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  SymbolInformation,
} from 'vscode-languageserver';
import { initializeResult } from './capabilities.ts';
import { clientFiles } from './client-files.ts';
import { clientFeatures } from './client-features.ts';
import { onExecuteCommand } from './commands.ts';
import { followApplications, onDiagnostic, publish, refreshAll, refreshPlaces, retract } from './diagnostics.ts';
import { onCodeAction, onCodeLens, onCodeLensResolve, onCompletion, onHover } from './features.ts';
import { onInlayHint } from './inlay-hints.ts';
import { onDocumentLink, onDocumentLinkResolve } from './links.ts';
import { onDefinition, onDocumentHighlight, onReferences } from './navigation.ts';
import { changedFolders, foldersOf, isRecord, replacesAll, uriIn } from './params.ts';
import {
  APPLICATION_OF,
  APPLICATIONS,
  COMPARE_PLAN,
  FINDINGS,
  GONE_APPLICATIONS,
  MOVE_TO_WAVE,
  PLAN,
  RENUMBER_WAVES,
  REVISIONS,
  RENDER_AGAIN,
  TRUSTED,
  UNREAD,
  type ApplicationRef,
  type ApplicationSummary,
  type ComparePlanResult,
  type FoundProblem,
  type GoneApplicationsResult,
  type PlanAnswer,
  type RevisionsResult,
  type UnreadPlace,
  type WaveChangeResult,
} from './protocol.ts';
import { register } from './registrations.ts';
import { answer, listen, report } from './run-safe.ts';
import { Session } from './session.ts';
import { Settings } from './settings.ts';
import { onDocumentSymbol } from './symbols.ts';
import { onFindings } from './findings.ts';
import { onMoveToWave, onRenumberWaves } from './waves.ts';
import { onWorkspaceSymbol } from './workspace-symbols.ts';
import type { Platform } from './platform.ts';
import { WorkspacePlans } from './workspace.ts';

export type { Platform } from './platform.ts';

/** Serves one client over a connection, until it ends. Everything that a platform differs in comes through `platform`. */
export function startServer(connection: Connection, platform: Platform): void {
  let session: Session | undefined;
  let hasBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));

  connection.onInitialize((params) => {
    const client = clientFeatures(params.capabilities, params.initializationOptions);
    session = newSession(connection, client.files ? withClientFiles(connection, platform, begun) : platform, client);
    session.setFolders(foldersOf(params));
    folderChanges(connection, session);
    return initializeResult(client, platform.version);
  });
  connection.onShutdown(() => session?.end());
  listen(connection, 'initialized', () => {
    hasBegun();
    return session ? begin(session) : undefined;
  });
  requests(connection, () => session);
  notifications(connection, () => session);
}

/** What the platform cannot reach itself is read through the client. */
const withClientFiles = (connection: Connection, platform: Platform, begun: Promise<void>): Platform => ({
  ...platform,
  filesOf: (folder, maxFileSize) => platform.filesOf(folder, maxFileSize) ?? clientFiles(connection, folder, begun),
});

function newSession(connection: Connection, platform: Platform, client: Session['client']): Session {
  const settings = new Settings(connection, client.configuration);
  const plans: WorkspacePlans = new WorkspacePlans(connection, platform, {
    reportsChanged: () => {
      session.forget();
      void refreshAll(session).catch((error: unknown) => report(connection, 'Refreshing diagnostics', error));
    },
    lensesChanged: () => refreshPlaces(session),
    paused: () => {
      void followApplications(session).catch((error: unknown) => report(connection, 'Judging applications', error));
    },
    settingsOf: (folder) => settings.of(folder),
    settingsKnown: settings.known,
    renderSettings: (folder) => session.renderSettings(folder),
    renderHint: (folder) => session.renderHint(folder),
  });
  if (client.trusted) plans.comparer.trust();
  const session: Session = new Session(connection, client, plans, settings);
  void settings.known.then(() => session.takeSettings());
  return session;
}

/** The client is ready to be asked: for its settings, and to watch files. */
async function begin(session: Session): Promise<void> {
  const settings = session.settings.fetch(session.folders);
  await register(session);
  const changed = await settings;
  session.takeSettings();
  if (changed) {
    session.forget();
    refreshPlaces(session);
    // Where the answer came late, folders were read without it.
    await session.plans.configured();
    await refreshAll(session);
  }
}

const NOT_COMPARED = { problem: 'The comparison failed: the output channel of Argo CD Hooks says why.' };

/** Has to follow the client's `initialize`: there the library takes these notifications for itself. */
function folderChanges(connection: Connection, session: Session): void {
  listen(connection, 'workspace/didChangeWorkspaceFolders', async (params) => {
    session.setFolders(changedFolders(session.folders, params));
    if (await session.settings.fetch(session.folders)) await session.plans.configured();
    session.takeSettings();
    await refreshAll(session);
  });
}

type Current = () => Session | undefined;

function requests(connection: Connection, current: Current): void {
  const request = <Result extends object | null>(
    method: string,
    nothing: Result,
    handler: (session: Session, params: unknown, token: CancellationToken) => Result | Promise<Result>,
  ): void =>
    answer(connection, method, nothing, (params, token) => {
      const session = current();
      return session ? handler(session, params, token) : nothing;
    });
  request<CompletionList | null>('textDocument/completion', null, onCompletion);
  request<Hover | null>('textDocument/hover', null, onHover);
  request<DocumentSymbol[] | SymbolInformation[]>('textDocument/documentSymbol', [], onDocumentSymbol);
  request<CodeLens[]>('textDocument/codeLens', [], onCodeLens);
  request<CodeLens | null>('codeLens/resolve', null, onCodeLensResolve);
  request<InlayHint[]>('textDocument/inlayHint', [], onInlayHint);
  request<SymbolInformation[]>('workspace/symbol', [], onWorkspaceSymbol);
  request<DocumentLink[]>('textDocument/documentLink', [], onDocumentLink);
  request<DocumentLink | null>('documentLink/resolve', null, onDocumentLinkResolve);
  request<Location[]>('textDocument/references', [], onReferences);
  request<Location[]>('textDocument/definition', [], onDefinition);
  request<DocumentHighlight[] | null>('textDocument/documentHighlight', null, onDocumentHighlight);
  request<(CodeAction | Command)[]>('textDocument/codeAction', [], onCodeAction);
  request<null>('workspace/executeCommand', null, onExecuteCommand);
  request<DocumentDiagnosticReport>('textDocument/diagnostic', { kind: 'full', items: [] }, onDiagnostic);
  request<UnreadPlace[]>(UNREAD, [], ({ plans }) => plans.applications.unread());
  request<ApplicationSummary[]>(APPLICATIONS, [], ({ plans }, params) => plans.applications.summaries(params));
  request<PlanAnswer | null>(PLAN, null, ({ plans }, params) => plans.applications.planAnswer(params));
  request<ComparePlanResult>(COMPARE_PLAN, NOT_COMPARED, ({ plans }, params) => plans.comparer.compare(params));
  request<GoneApplicationsResult>(GONE_APPLICATIONS, NOT_COMPARED, ({ plans }, params) => plans.comparer.gone(params));
  request<RevisionsResult>(REVISIONS, NOT_COMPARED, ({ plans }, params) => plans.comparer.revisions(params));
  request<WaveChangeResult | null>(MOVE_TO_WAVE, null, ({ plans }, params) => onMoveToWave(plans, params));
  request<WaveChangeResult | null>(RENUMBER_WAVES, null, ({ plans }, params) => onRenumberWaves(plans, params));
  request<FoundProblem[]>(FINDINGS, [], onFindings);
  request<ApplicationRef | null>(APPLICATION_OF, null, ({ plans }, params) => plans.applications.applicationOf(params));
}

function notifications(connection: Connection, current: Current): void {
  const notification = (method: string, handler: (session: Session, params: unknown) => void | Promise<void>): void =>
    listen(connection, method, (params) => {
      const session = current();
      return session ? handler(session, params) : undefined;
    });
  notification('textDocument/didOpen', (session, params) => {
    const document = session.documents.open(params);
    if (!document) return undefined;
    session.forgetDocument(document.uri);
    session.plans.changed(document);
    // What is being read is read as it is now.
    if (!session.client.watchFiles && session.plans.located(document.uri))
      void session.plans.mayHaveChanged(document.uri).catch(() => undefined);
    return publish(session, document);
  });
  notification('textDocument/didChange', (session, params) => {
    const before = session.documents.get(uriIn(params) ?? '')?.file.documentCount ?? 0;
    const document = session.documents.change(params);
    if (!document) return undefined;
    // Much is new: it is judged in slices, as when it was opened.
    if (Math.abs(document.file.documentCount - before) > 20 || replacesAll(params)) session.forgetParts(document.uri);
    session.plans.changed(document);
    return publish(session, document);
  });
  notification('textDocument/didClose', async (session, params) => {
    const document = session.documents.close(params);
    if (!document) return;
    session.forgetDocument(document.uri);
    await session.plans.closed(document.uri);
    await retract(session, document.uri);
  });
  notification('workspace/didChangeConfiguration', async (session, params) => {
    session.settings.take(isRecord(params) ? params['settings'] : undefined);
    await session.settings.fetch(session.folders);
    session.takeSettings();
    session.forget();
    refreshPlaces(session);
    await session.plans.configured();
    await refreshAll(session);
  });
  notification('textDocument/didSave', (session, params) => session.plans.mayHaveChanged(uriIn(params) ?? ''));
  notification(TRUSTED, (session) => session.trust());
  notification(RENDER_AGAIN, (session) => session.plans.renderAgain());
  notification('workspace/didChangeWatchedFiles', (session, params) => session.plans.watched(params));
}
