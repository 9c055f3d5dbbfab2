import { apiVersionOf, isObject, kindOf, type Json, type KubeObject } from '../core/object.ts';
import type { ApplicationPlan, PlacedObject, PlanProblem } from '../core/plan/model.ts';
import type { PlacedDocument, YamlDocument } from '../manifest/model.ts';
import { nextLineStart, positionIn } from '../manifest/lines.ts';
import { locate, type Path } from '../manifest/locate.ts';
import { readMasked, readValue, type MaskedReading } from '../manifest/read-value.ts';
import type { SourceFile } from '../manifest/source-file.ts';
import { readOtherwise } from '../manifest/values.ts';
import { notText, templateIn, withoutSecrets } from './refusals.ts';

/** One object of a document and the line (0-based, within the document) on which it begins. */
export interface DocumentObject {
  readonly object: KubeObject;
  readonly line: number;
}

interface DocumentObjects {
  readonly objects: readonly DocumentObject[];
  /** What stands there is no object at all: nothing, or something without a kind. */
  readonly rest: 'none' | 'empty' | 'other';
  /** Read for its values alone: the document is one map, or holds nothing. */
  readonly byValue?: boolean;
  readonly problem?: DocumentProblem;
  /** What keeps single objects, or the text as it is written, from being synced although it can be read. */
  readonly refused: readonly DocumentProblem[];
}

/** Lines are 0-based, within the document. */
interface DocumentProblem {
  readonly line: number;
  readonly message: string;
  /** It is about a template: a chart's files are made of them. */
  readonly template?: boolean;
}

const known = new WeakMap<YamlDocument, DocumentObjects>();

/** The objects of a document with their first lines. Kept with the document. */
export const objectsOfDocument = (document: YamlDocument): readonly DocumentObject[] => readDocument(document).objects;

/** The object of a document that is one map and was read by its values alone; undefined for any other. */
export function objectReadByValue(document: YamlDocument): DocumentObject | undefined {
  const { byValue, objects } = readDocument(document);
  return byValue === true ? objects[0] : undefined;
}

/** Forgets the objects of a document that nobody looks at: they are read again where somebody asks. */
export const forgetObjects = (document: YamlDocument): void => void known.delete(document);

/**
 * Read for its values first, which is several times faster than with all places; with places where that fails, and
 * for lists, whose items begin somewhere. Both readings give the same values.
 */
function readDocument(document: YamlDocument): DocumentObjects {
  let read = known.get(document);
  if (!read) {
    const reading = readValue(document.text);
    const masked = 'value' in reading ? undefined : readMasked(document.text);
    const value = 'value' in reading ? reading.value : masked?.value;
    const plain = value !== undefined && !(isObject(value) && Array.isArray(value['items']));
    const found = !plain ? fromManifests(document) : masked ? fromMasked(document, masked) : fromValue(document, value);
    read = { ...found, refused: found.problem ? [] : refusedIn(document, found) };
    known.set(document, read);
  }
  return read;
}

function fromValue(document: YamlDocument, value: Json): Omit<DocumentObjects, 'refused'> {
  if (value === null) return { objects: [], rest: 'empty' };
  if (!isObject(value) || kindOf(value) === '') return { objects: [], rest: 'other' };
  return { objects: [{ object: value, line: firstContentLine(document) }], rest: 'none', byValue: true };
}

const TEMPLATED = 'It holds templates that are not rendered: the plan takes them as they are written.';

function fromMasked(
  document: YamlDocument,
  { value, masked, templates }: MaskedReading,
): Omit<DocumentObjects, 'refused'> {
  const object = isObject(value) && kindOf(value) !== '' ? value : undefined;
  return {
    objects: object ? [{ object, line: firstContentLine({ text: masked }) }] : [],
    rest: value === null ? 'empty' : object ? 'none' : 'other',
    problem: { line: lineIn(document, templates[0]?.start ?? 0), message: TEMPLATED, template: true },
  };
}

function fromManifests(document: YamlDocument): Omit<DocumentObjects, 'refused'> {
  // What is missing at the end of the document is told on its last line, not on the first one of the next document.
  const end = Math.max(0, document.text.trimEnd().length - 1);
  const lineOf = (offset: number): number => positionIn(document.text, document.lineStarts, Math.min(offset, end)).line;
  const objects = document.manifests
    .filter(({ object }) => kindOf(object) !== '')
    .map(({ object, span }): DocumentObject => ({ object, line: lineOf(span.start) }));
  const [problem] = document.problems;
  const rest = document.value === null && !problem ? 'empty' : objects.length > 0 ? 'none' : 'other';
  if (problem) {
    return {
      objects,
      rest,
      problem: {
        line: lineOf(problem.span.start),
        message: withoutSecrets(document.text, `It cannot be read: ${problem.message}`),
      },
    };
  }
  const [template] = document.masked;
  if (!template) return { objects, rest };
  return { objects, rest, problem: { line: lineOf(template.start), message: TEMPLATED, template: true } };
}

/** Looks at what was read, and parses for the place only where something is wrong. */
function refusedIn(document: YamlDocument, found: Omit<DocumentObjects, 'refused'>): DocumentProblem[] {
  const otherwise = readOtherwise(document.text);
  const refused: DocumentProblem[] = [];
  if (otherwise) refused.push({ line: lineIn(document, otherwise.span.start), message: sentence(otherwise.refused) });
  const templates = /\{\{|\$[{(]/.test(document.text);
  for (const { object, line } of found.objects) {
    const template = templates ? templateIn(object) : undefined;
    const wrong = template ?? notText(object);
    if (wrong) {
      const at = locate(document.text, [...(found.byValue ? [] : pathTo(document, object)), ...wrong.path]);
      const about = template ? { template: true } : {};
      refused.push({ line: lineIn(document, at.start), message: wrong.message, ...about });
    } else if (apiVersionOf(object) === '') {
      refused.push({ line, message: 'This object has no apiVersion, so that Argo CD cannot apply it: give it one.' });
    }
  }
  return refused;
}

/** An item of a list is one of its items; any other object is the root. */
function pathTo(document: YamlDocument, object: KubeObject): Path {
  const items = isObject(document.value) ? document.value['items'] : undefined;
  const at = Array.isArray(items) ? items.indexOf(object) : -1;
  return at < 0 ? [] : ['items', at];
}

const lineIn = (document: YamlDocument, offset: number): number =>
  positionIn(document.text, document.lineStarts, offset).line;

/** Does the document follow a `...` without a separator of its own? Then Argo CD never reads it. */
export const isCutOff = (before: PlacedDocument | undefined, { document }: PlacedDocument): boolean =>
  before !== undefined && !/^---(?=\s|$)/m.test(document.text) && readDocument(document).rest !== 'empty';

export const cutOff = (placed: PlacedDocument): { line: number; message: string } => ({
  line: placed.line + firstContentLine(placed.document) + 1,
  message: 'Argo CD reads nothing behind a `...`: begin the document with `---`.',
});

/** A reason as a sentence. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The line on which the value of a document begins: below separator, comments, blank lines and directives. */
export function firstContentLine({ text }: Pick<YamlDocument, 'text'>): number {
  for (let line = 0, start = 0; start < text.length; line++) {
    const end = nextLineStart(text, start);
    const content = text.slice(start, end).replace('\ufeff', '').trim();
    start = end;
    if (content !== '' && !content.startsWith('#') && !content.startsWith('%') && !/^---(?:\s*#.*)?$/.test(content)) {
      return line;
    }
  }
  return 0;
}

/**
 * Tells whether Argo CD takes a file for manifests, so that what it cannot read there fails the application; it passes
 * over any other file. Source: repository.go `getObjsFromYAMLOrJson`.
 */
export const looksLikeManifests = (documents: readonly PlacedDocument[]): boolean =>
  ['apiVersion:', 'kind:', 'metadata:'].every((word) => documents.some(({ document }) => document.text.includes(word)));

export interface FileObjects {
  readonly objects: readonly PlacedObject[];
  readonly problems: readonly PlanProblem[];
}

/**
 * The objects of a file in their order, with their places, and what stands in the way of reading the rest, or of
 * syncing them. Argo CD never reads the files of a chart or a kustomization itself: templates are what a chart's files
 * are made of, and no problem of their own, and kustomize may write as texts what is none. What is rendered holds no
 * template any more: what looks like one is meant for somebody else.
 */
export function objectsOfFile(
  file: SourceFile,
  path: string,
  source: ApplicationPlan['source']['kind'] | 'rendered',
): FileObjects {
  const objects: PlacedObject[] = [];
  const problems: PlanProblem[] = [];
  const strict = source === 'rendered' || looksLikeManifests(file.documents) || path.endsWith('.json');
  const add = (message: string, line: number): void => void problems.push({ file: path, line: line + 1, message });
  file.documents.forEach((placed, i) => {
    const { objects: found, rest, problem, refused } = readDocument(placed.document);
    for (const { object, line } of found) objects.push({ object, file: path, line: placed.line + line + 1 });
    if (!strict && objects.length === 0) return;
    if (problem) {
      if (source !== 'helm' || problem.template !== true) add(problem.message, placed.line + problem.line);
    } else if (rest === 'other' && refused.length === 0) problems.push(withoutKind(placed, path));
    if (source === 'helm') return;
    for (const { line, message, template } of refused) {
      if (source === 'rendered' ? template !== true : source !== 'kustomize' || template === true)
        add(message, placed.line + line);
    }
    if (source !== 'kustomize' && isCutOff(file.documents[i - 1], placed))
      problems.push({ file: path, ...cutOff(placed) });
  });
  return { objects, problems };
}

const withoutKind = (placed: PlacedDocument, path: string): PlanProblem => ({
  file: path,
  line: placed.line + firstContentLine(placed.document) + 1,
  message: 'This document has no kind, so that Argo CD cannot read the file: give it one, or take it out.',
});
