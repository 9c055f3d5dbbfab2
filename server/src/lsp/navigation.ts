import type { CancellationToken, DocumentHighlight, Location } from 'vscode-languageserver';
import { madeBy } from '../core/plan/references.ts';
import {
  inSamePhase,
  inSameWave,
  makersOf,
  unique,
  usersOf,
  waiting,
  type Referable,
  type Target,
} from '../language/navigation.ts';
import { pathTo, subjectAt, type Subject } from '../language/subject.ts';
import { Locator } from '../manifest/locate.ts';
import type { Range } from '../manifest/lines.ts';
import type { Manifest, PlacedDocument } from '../manifest/model.ts';
import { offsetInDocument, rangeOf } from '../manifest/source-file.ts';
import type { DocumentPlan } from './document-plan.ts';
import { documentOf, planLine } from './features.ts';
import { isRecord, positionOf } from './params.ts';
import type { Session } from './session.ts';
import { Slices } from './turns.ts';

/** How many places an answer holds, and in how many of them the very name is looked for: each costs a parse. */
const MAX_TARGETS = 2_000;
const MAX_EXACT = 200;
/** Highlights are asked for with each move of the cursor. */
const MAX_HIGHLIGHTS = 100;

/** What the cursor of a request stands on, and the plan that it is part of. */
interface Found {
  readonly subject: Subject;
  readonly placed: PlacedDocument;
  readonly plan: DocumentPlan;
}

function find(session: Session, params: unknown): Found | undefined {
  const position = positionOf(params);
  const document = documentOf(session, params);
  if (!document) return undefined;
  const placed = document.file.documentAt(position);
  const subject = subjectAt(placed.document, offsetInDocument(placed, position));
  const plan = subject && session.plans.planOf(document.uri);
  return plan && { subject, placed, plan };
}

const referable = ({ folder, application }: DocumentPlan): Referable => ({
  objects: folder.index.objects(application).objects,
  namespace: application.namespace,
});

const ownPlace = (plan: DocumentPlan, placed: PlacedDocument, manifest: Manifest): Target => ({
  file: plan.file,
  line: planLine(placed, manifest),
});

/**
 * Answers `textDocument/references`: on a wave everything in it, on a phase everything of it, on the name of an object
 * who uses it, what waits for it and what it waits for, on a reference everybody who has it too.
 */
export async function onReferences(session: Session, params: unknown, token: CancellationToken): Promise<Location[]> {
  const found = find(session, params);
  if (!found) return [];
  const context = isRecord(params) ? params['context'] : undefined;
  const declaration = isRecord(context) && context['includeDeclaration'] === true;
  return locations(found.plan, referencesTo(found, declaration), token);
}

function referencesTo({ subject, placed, plan }: Found, declaration: boolean): Target[] {
  const { manifest } = subject;
  const { view } = plan;
  const own = ownPlace(plan, placed, manifest);
  const places = view.placesAt(own.file, own.line);
  switch (subject.about) {
    case 'wave':
      return inSameWave(places, view);
    case 'phase':
      return inSamePhase(places, view);
    case 'manifest': {
      const { before, after } = waiting(places, view);
      const users = usersOf(madeBy(manifest.object), manifest.object, referable(plan));
      return unique([...(declaration ? [own] : []), ...users, ...after, ...before]);
    }
    case 'reference': {
      const all = referable(plan);
      const makers = declaration ? makersOf(subject.reference, manifest.object, all) : [];
      return unique([...makers, ...usersOf(subject.reference, manifest.object, all)]);
    }
  }
}

/** Answers `textDocument/definition`: on a reference the object that it names, where the application makes it. */
export async function onDefinition(session: Session, params: unknown, token: CancellationToken): Promise<Location[]> {
  const found = find(session, params);
  if (found?.subject.about !== 'reference') return [];
  const { subject, plan } = found;
  return locations(plan, makersOf(subject.reference, subject.manifest.object, referable(plan)), token);
}

/**
 * Answers `textDocument/documentHighlight`: of what references gives, the places in the same file. Null where there is
 * nothing, so that the editor looks for the same word.
 */
export function onDocumentHighlight(session: Session, params: unknown): DocumentHighlight[] | null {
  const found = find(session, params);
  if (!found) return null;
  const { plan, subject } = found;
  const targets =
    subject.about === 'manifest'
      ? usersOf(madeBy(subject.manifest.object), subject.manifest.object, referable(plan))
      : referencesTo(found, true);
  const here = targets.filter(({ file }) => file === plan.file).slice(0, MAX_HIGHLIGHTS);
  const ranges = here.flatMap((target) => rangeAt(plan, target) ?? []);
  if (ranges.length === 0) return null;
  return [{ range: rangeOf(found.placed, subject.span) }, ...ranges.map((range) => ({ range }))];
}

/** Where targets stand in their files. Many are read in slices; of very many only the lines are told. */
async function locations(plan: DocumentPlan, targets: Target[], token: CancellationToken): Promise<Location[]> {
  const found: Location[] = [];
  const slices = new Slices();
  for (const target of targets.slice(0, MAX_TARGETS)) {
    if (token.isCancellationRequested) return [];
    const start = { line: target.line - 1, character: 0 };
    const exact = found.length < MAX_EXACT ? rangeAt(plan, target) : undefined;
    found.push({ uri: plan.folder.uriOf(target.file), range: exact ?? { start, end: start } });
    const rest = slices.rest();
    if (rest) await rest;
  }
  return found;
}

/** The name of a manifest, or the place within it; undefined where the file is not what the plan was made from. */
function rangeAt({ folder }: DocumentPlan, { file, line, path }: Target): Range | undefined {
  const placed = folder.index.file(file)?.documentAt({ line: line - 1, character: 0 });
  const manifest = placed?.document.manifests.find((candidate) => planLine(placed, candidate) === line);
  if (!placed || !manifest) return undefined;
  if (!path)
    return rangeOf(placed, manifest.nameSpan ?? manifest.kindSpan ?? { ...manifest.span, end: manifest.span.start });
  const span = new Locator(placed.document.text).value([...pathTo(placed.document, manifest), ...path]);
  return span && rangeOf(placed, span);
}
