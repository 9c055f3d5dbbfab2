import { isObject, kindOf, type Json, type KubeObject } from '../core/object.ts';
import type { PlacedObject, PlanProblem } from '../core/plan/model.ts';
import type { PlacedDocument, YamlDocument } from '../manifest/model.ts';
import { nextLineStart, positionIn } from '../manifest/lines.ts';
import { readWithJsYaml } from '../manifest/read-js-yaml.ts';
import type { SourceFile } from '../manifest/source-file.ts';

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
  readonly problem?: { readonly line: number; readonly message: string; readonly template?: boolean };
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
    const reading = readWithJsYaml(document.text);
    const value = 'value' in reading ? reading.value : undefined;
    const plain = value !== undefined && !(isObject(value) && Array.isArray(value['items']));
    read = plain ? fromValue(document, value) : fromManifests(document);
    known.set(document, read);
  }
  return read;
}

function fromValue(document: YamlDocument, value: Json): DocumentObjects {
  if (value === null) return { objects: [], rest: 'empty' };
  if (!isObject(value) || kindOf(value) === '') return { objects: [], rest: 'other' };
  return { objects: [{ object: value, line: firstContentLine(document) }], rest: 'none', byValue: true };
}

function fromManifests(document: YamlDocument): DocumentObjects {
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
      problem: { line: lineOf(problem.span.start), message: `It cannot be read: ${problem.message}` },
    };
  }
  const [template] = document.masked;
  if (!template) return { objects, rest };
  const message = 'It holds templates that are not rendered: the plan takes them as they are written.';
  return { objects, rest, problem: { line: lineOf(template.start), message, template: true } };
}

/** The line on which the value of a document begins: below separator, comments, blank lines and directives. */
export function firstContentLine({ text }: YamlDocument): number {
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
 * The objects of a file in their order, with their places, and what stands in the way of reading the rest. Where the
 * source is a chart, templates are what its files are made of, and no problem of their own.
 */
export function objectsOfFile(file: SourceFile, path: string, chart = false): FileObjects {
  const objects: PlacedObject[] = [];
  const problems: PlanProblem[] = [];
  const strict = looksLikeManifests(file.documents) || path.endsWith('.json');
  for (const placed of file.documents) {
    const { objects: found, rest, problem } = readDocument(placed.document);
    for (const { object, line } of found) objects.push({ object, file: path, line: placed.line + line + 1 });
    if ((!strict && objects.length === 0) || (chart && problem?.template === true)) continue;
    if (problem) problems.push({ file: path, line: placed.line + problem.line + 1, message: problem.message });
    else if (rest === 'other') problems.push(withoutKind(placed, path));
  }
  return { objects, problems };
}

const withoutKind = (placed: PlacedDocument, path: string): PlanProblem => ({
  file: path,
  line: placed.line + firstContentLine(placed.document) + 1,
  message: 'This document has no kind, so that Argo CD cannot read the file: give it one, or take it out.',
});
