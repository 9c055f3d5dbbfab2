import type { CancellationToken, DocumentDiagnosticReport } from 'vscode-languageserver';
import type { OpenDocument } from './documents.ts';
import { stringIn, uriOf } from './params.ts';
import type { Session } from './session.ts';
import { Slices } from './turns.ts';

const EMPTY: DocumentDiagnosticReport = { kind: 'full', items: [] };

/** Answers `textDocument/diagnostic`; "unchanged" where the client's last report still holds. */
export function onDiagnostic(
  session: Session,
  params: unknown,
  token: CancellationToken,
): DocumentDiagnosticReport | Promise<DocumentDiagnosticReport> {
  const uri = uriOf(params);
  const { pending } = session.settings;
  if (!pending && session.isJudged(uri)) return reportOf(session, uri, params);
  return (async () => {
    await pending;
    await judge(session, uri, token);
    const document = session.documents.get(uri);
    if (document) await session.applications.ensure(document);
    return reportOf(session, uri, params);
  })();
}

/** Judges a file that was opened, in slices: thousands of documents must not keep a keystroke waiting. */
async function judge(session: Session, uri: string, token?: CancellationToken): Promise<void> {
  await session.plans.kustomized.look(uri);
  const slices = new Slices();
  let index = 0;
  for (;;) {
    const document = session.documents.get(uri);
    const placed = document?.file.document(index++);
    if (!placed || token?.isCancellationRequested === true) break;
    session.keeperOf(uri).findings(placed.document);
    const rest = slices.rest();
    if (rest) await rest;
  }
  if (token?.isCancellationRequested !== true) session.markJudged(uri);
}

function reportOf(session: Session, uri: string, params: unknown): DocumentDiagnosticReport {
  const document = session.documents.get(uri);
  if (!document) return EMPTY;
  const { listed, patch } = session.plans.kustomized.of(uri);
  const kustomized = `${listed ? 'k' : ''}${patch ? 'p' : ''}`;
  const resultId = `${session.epoch}.${document.revision}${kustomized}.${session.applications.revisionOf(uri)}`;
  if (stringIn(params, 'previousResultId') === resultId) return { kind: 'unchanged', resultId };
  return { kind: 'full', resultId, items: session.diagnosticsOf(document) };
}

/** Publishes to a client that does not pull: at once what the document says, and after the pause the rest. */
export async function publish(session: Session, document: OpenDocument): Promise<void> {
  if (session.client.pullDiagnostics) return;
  const { pending } = session.settings;
  if (pending) await pending;
  if (!session.isJudged(document.uri)) await judge(session, document.uri);
  // What was waited for may have been overtaken.
  const current = session.documents.get(document.uri);
  if (current !== document) return;
  const version = session.client.versionedDiagnostics ? { version: document.file.version } : {};
  await session.connection.sendDiagnostics({
    uri: document.uri,
    ...version,
    diagnostics: session.diagnosticsOf(document),
  });
}

/** A closed document has no diagnostics any more. */
export async function retract(session: Session, uri: string): Promise<void> {
  if (!session.client.pullDiagnostics) await session.connection.sendDiagnostics({ uri, diagnostics: [] });
}

/** The typist paused: the client learns of the reports that are others now because of their application. */
export async function followApplications(session: Session): Promise<void> {
  const changed = await session.applications.update([...session.documents.all()]);
  if (changed.length === 0) return;
  if (session.client.pullDiagnostics) {
    if (session.client.refreshDiagnostics) await session.connection.sendRequest('workspace/diagnostic/refresh');
    return;
  }
  for (const uri of changed) {
    const document = session.documents.get(uri);
    if (document) await publish(session, document);
  }
}

/** Settings changed, or what a report depends on beside its document: the client asks again, or gets them again. */
export async function refreshAll(session: Session): Promise<void> {
  if (session.client.pullDiagnostics) {
    if (session.client.refreshDiagnostics) await session.connection.sendRequest('workspace/diagnostic/refresh');
    return;
  }
  for (const document of session.documents.all()) await publish(session, document);
}

/** Lenses and hints may differ: the client asks for them again. */
export function refreshPlaces({ client, connection }: Session): void {
  const refresh = (wanted: boolean, method: string): void => {
    // A client that cannot do it any more keeps the old ones.
    if (wanted) connection.sendRequest(method).catch(() => undefined);
  };
  refresh(client.refreshCodeLenses, 'workspace/codeLens/refresh');
  refresh(client.refreshInlayHints, 'workspace/inlayHint/refresh');
}
