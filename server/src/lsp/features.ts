import type { CodeAction, CodeLens, Command, CompletionList, Hover } from 'vscode-languageserver';
import { codeActions } from '../language/code-actions.ts';
import { complete } from '../language/completion/completion.ts';
import { diagnosticOf } from '../language/diagnostics/report.ts';
import type { PlaceFacts } from '../language/here.ts';
import { hover } from '../language/hover.ts';
import { lensCommand, lenses, type LensTarget } from '../language/lens.ts';
import type { WaveUse } from '../language/completion/values.ts';
import { taskLabel } from '../language/place.ts';
import type { PlanPlace } from '../core/plan/query.ts';
import type { DocumentPlan } from './document-plan.ts';
import type { Manifest, PlacedDocument } from '../manifest/model.ts';
import { offsetInDocument, rangeOf } from '../manifest/source-file.ts';
import type { OpenDocument } from './documents.ts';
import { invalidParams, isRecord, numberIn, positionOf, rangeOfParams, stringIn, uriOf } from './params.ts';
import type { Session } from './session.ts';
import { codeActionAnswer, codeLens, completionList, hoverAnswer, lensCommandAnswer } from './shape.ts';

/** The open document of a request; undefined where it is not open or its folder is switched off. */
export function documentOf(session: Session, params: unknown): OpenDocument | undefined {
  const uri = uriOf(params);
  const document = session.documents.get(uri);
  return document && session.settingsOf(uri).enable ? document : undefined;
}

/** 1-based line under which the plan keeps a manifest: that of its first key. */
export const planLine = (placed: PlacedDocument, { span }: Manifest): number => rangeOf(placed, span).start.line + 1;

/** Where the manifests of an open document stand in the plan of its application; undefined where no plan is known. */
export function placeFacts(session: Session, uri: string): ((placed: PlacedDocument) => PlaceFacts) | undefined {
  const plan = session.plans.planOf(uri);
  return (
    plan &&
    ((placed) => ({
      view: plan.view,
      at: (manifest) => ({ file: plan.file, line: planLine(placed, manifest) }),
    }))
  );
}

export function onCompletion(session: Session, params: unknown): CompletionList | null {
  const position = positionOf(params);
  const document = documentOf(session, params);
  if (!document) return null;
  const placed = document.file.documentAt(position);
  const found = complete(placed.document, offsetInDocument(placed, position), {
    argocdVersion: session.settingsOf(document.uri).argocdVersion,
    waves: () => wavesOf(session.plans.planOf(document.uri), placed),
    now: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  });
  return found ? completionList(placed, found, session.client) : null;
}

/** What else the application's sync does, wave by wave: not what stands in the document itself. */
function wavesOf(plan: DocumentPlan | undefined, { document, line }: PlacedDocument): WaveUse[] {
  if (!plan) return [];
  const end = line + document.lineStarts.length;
  const isOwn = ({ task }: PlanPlace): boolean =>
    task.file === plan.file && task.line !== undefined && task.line > line && task.line <= end;
  const alone = document.manifests.length <= 1;
  return plan.view.sync
    .filter((place) => !(alone && isOwn(place)))
    .map((place) => ({ phase: place.phase, wave: place.wave.wave, label: taskLabel(place) }));
}

export function onHover(session: Session, params: unknown): Hover | null {
  const position = positionOf(params);
  const document = documentOf(session, params);
  if (!document) return null;
  const placed = document.file.documentAt(position);
  const found = hover(placed.document, offsetInDocument(placed, position), {
    argocdVersion: session.settingsOf(document.uri).argocdVersion,
    place: placeFacts(session, document.uri)?.(placed),
    patch: session.plans.kustomized.isPatch(document.uri),
  });
  return found ? hoverAnswer(placed, found, session.client) : null;
}

export function onCodeLens(session: Session, params: unknown): CodeLens[] {
  const document = documentOf(session, params);
  if (!document) return [];
  const plan = session.plans.planOf(document.uri);
  return lenses({
    uri: document.uri,
    file: plan?.file ?? '',
    documents: document.file.documents,
    view: plan?.view,
  }).map(codeLens);
}

/** Answers `codeLens/resolve`: the lens came into sight. */
export function onCodeLensResolve(session: Session, params: unknown): CodeLens {
  const target = isRecord(params) ? lensTarget(params['data']) : undefined;
  const range = isRecord(params) ? rangeOfParams(params) : undefined;
  if (!target || !range) throw invalidParams('data of a code lens');
  const plan = session.plans.planOf(target.uri);
  return { range, command: lensCommandAnswer(lensCommand(target, plan?.file ?? '', plan?.view)) };
}

function lensTarget(data: unknown): LensTarget | undefined {
  const uri = stringIn(data, 'uri');
  const line = numberIn(data, 'line');
  const nth = numberIn(data, 'nth');
  const about = stringIn(data, 'about');
  if (uri === undefined || line === undefined || nth === undefined) return undefined;
  return about === 'place' || about === 'left-out' ? { uri, line, nth, about } : undefined;
}

export function onCodeAction(session: Session, params: unknown): (CodeAction | Command)[] {
  const range = rangeOfParams(params);
  const document = documentOf(session, params);
  if (!document || !session.client.codeActionLiterals) return [];
  const { file, uri } = document;
  const judged = (index: number) => (placed: PlacedDocument, i: number) => ({
    placed,
    findings: session.findingsOf(document, index + i, placed),
  });
  const first = file.indexAtLine(Math.min(range.start.line, range.end.line));
  const last = file.indexAtLine(Math.max(range.start.line, range.end.line));
  const actions = codeActions({
    uri,
    range,
    only: kindsOf(params),
    documents: () => file.documents.map(judged(0)),
    touched: file.documents.slice(first, last + 1).map(judged(first)),
    diagnosticOf: (placed, finding) => diagnosticOf(placed, finding, session.namingOf(uri), session.client),
    pages: session.client.showDocument,
  });
  return codeActionAnswer(actions, session.client);
}

function kindsOf(params: unknown): string[] | undefined {
  const context = isRecord(params) ? params['context'] : undefined;
  const only = isRecord(context) ? context['only'] : undefined;
  return Array.isArray(only) ? only.filter((kind) => typeof kind === 'string') : undefined;
}
