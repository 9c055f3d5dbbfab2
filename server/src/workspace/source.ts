import { isObject, type Json, type JsonObject } from '../core/object.ts';
import { readJson } from '../core/json.ts';
import { locate, type Path } from '../manifest/locate.ts';
import type { PlacedDocument, Span } from '../manifest/model.ts';
import { rangeOf, type SourceFile } from '../manifest/source-file.ts';
import { difference, readForSync } from '../manifest/values.ts';
import { isSkippedFile } from './facts.ts';
import type { WorkspaceIndex } from './index.ts';
import type { Application, SyncObject, SyncSource } from './model.ts';
import { cutOff, firstContentLine, isCutOff, looksLikeManifests, objectsOfDocument, sentence } from './objects.ts';
import { refusalOf, shownTemplate, templateMessage, withoutSecrets } from './refusals.ts';
import {
  originsOf,
  sourceOf,
  type ChartPlace,
  type FileLookup,
  type OriginOf,
  type RenderedSource,
} from './render/rendered.ts';
import { chartPlace, partsOf } from './renderings.ts';

type Refusal = SyncSource['refused'][number];

/**
 * The objects of an application as a sync sends them: each document read twice. `refused` names everything that keeps
 * the application from being synced: what is not rendered, cannot be read for certain, or would fail in Argo CD.
 */
export function syncSource(index: WorkspaceIndex, application: Application): SyncSource {
  const { files, rendered, problems } = partsOf(application, index.renderings);
  const objects: SyncObject[] = [];
  const refused: Refusal[] = [...problems, ...index.unreadableOf(application)].map(({ file, line, message }) => ({
    file: file ?? application.path,
    line: line ?? 1,
    message,
  }));
  const take = (read: FileReading): void => {
    objects.push(...read.objects);
    refused.push(...read.refused);
  };
  const fileOf: FileLookup = (path) => index.file(path);
  for (const source of rendered) {
    const chart = chartPlace(application, index.renderings, source, fileOf);
    take(readRendered(source, originsOf(source, fileOf, chart), chart));
  }
  for (const path of files) {
    const file = index.file(path);
    if (file === undefined) {
      refused.push({ file: path, line: 1, message: 'The file is gone: load the workspace again.' });
    } else if (!isSkippedFile(file)) {
      take(path.endsWith('.json') ? readJsonFile(file, path) : readYamlFile(file, path));
    }
  }
  return { objects, refused };
}

/** The objects of one file, read as those of an application are. Nothing of a file that was not read. */
export function fileSource(index: WorkspaceIndex, path: string): SyncSource {
  const file = index.file(path);
  if (file === undefined) return { objects: [], refused: [] };
  return path.endsWith('.json') ? readJsonFile(file, path) : readYamlFile(file, path);
}

/** What was rendered: each document read twice, as any other, and led back to the file that it comes from. */
function readRendered(rendered: RenderedSource, originOf: OriginOf, chart: ChartPlace | undefined): FileReading {
  const reading: FileReading = { objects: [], refused: [] };
  rendered.output.documents.forEach((placed, document) => {
    const found: SyncObject[] = [];
    const failed = readDocument(placed, '', found, false);
    for (const { object } of found) {
      const { file, line } = originOf(object, document, reading.objects.length);
      reading.objects.push({ object, file, line });
    }
    if (failed) {
      const place = sourceOf(rendered, document, chart);
      reading.refused.push({ ...place, message: `As rendered: ${failed.message}` });
    }
  });
  return reading;
}

interface FileReading {
  readonly objects: SyncObject[];
  readonly refused: Refusal[];
}

/** Source: reposerver/repository/repository.go `getObjsFromYAMLOrJson`, `splitYAMLOrJSON`. */
function readYamlFile(file: SourceFile, path: string): FileReading {
  const reading: FileReading = { objects: [], refused: [] };
  const strict = looksLikeManifests(file.documents);
  file.documents.forEach((placed, i) => {
    const before = file.documents[i - 1];
    const failed = isCutOff(before, placed)
      ? { file: path, ...cutOff(placed) }
      : readDocument(placed, path, reading.objects);
    if (failed && (strict || reading.objects.length > 0)) reading.refused.push(failed);
  });
  return reading;
}

/** Reads one document into the list; gives the reason where it cannot be. */
function readDocument(
  placed: PlacedDocument,
  file: string,
  objects: SyncObject[],
  templates = true,
): Refusal | undefined {
  const { document } = placed;
  const reading = readForSync(document.text);
  if ('refused' in reading) {
    const template = document.masked[0];
    if (!template) {
      const message = withoutSecrets(document.text, sentence(reading.refused));
      return { file, line: lineOf(placed, reading.span), message };
    }
    const shown = shownTemplate(document.text, textAt(placed, template));
    return { file, line: lineOf(placed, template), message: templateMessage(shown) };
  }
  return takeValue({ placed, file, value: reading.value, templates }, objects);
}

function readJsonFile(file: SourceFile, path: string): FileReading {
  const reading: FileReading = { objects: [], refused: [] };
  const [placed] = file.documents;
  if (!placed) return reading;
  const failed = readJsonDocument(file, placed, path, reading.objects);
  if (failed) reading.refused.push(failed);
  return reading;
}

function readJsonDocument(
  file: SourceFile,
  placed: PlacedDocument,
  path: string,
  objects: SyncObject[],
): Refusal | undefined {
  let value: Json;
  try {
    value = readJson(file.text.replace(/^\ufeff/, ''));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : String(error);
    return {
      file: path,
      line: 1,
      message: withoutSecrets(
        file.text,
        `It is not one JSON object, which is all that Argo CD reads in a .json file: ${why}`,
      ),
    };
  }
  const second = readForSync(placed.document.text);
  if ('refused' in second) {
    const message = withoutSecrets(file.text, sentence(second.refused));
    return { file: path, line: lineOf(placed, second.span), message };
  }
  const path1 = difference(value, second.value);
  if (path1) {
    const span = locate(placed.document.text, path1);
    return {
      file: path,
      line: lineOf(placed, span),
      message: `Two readers disagree about the value of \`${path1.join('.')}\`.`,
    };
  }
  return takeValue({ placed, file: path, value, templates: true }, objects);
}

interface DocumentValue {
  readonly placed: PlacedDocument;
  readonly file: string;
  readonly value: Json;
  /** What looks like a template may be one. */
  readonly templates: boolean;
}

function takeValue({ placed, file, value, templates }: DocumentValue, objects: SyncObject[]): Refusal | undefined {
  const start = placed.line + firstContentLine(placed.document) + 1;
  if (value === null) return undefined;
  if (!isObject(value))
    return { file, line: start, message: 'This document is no object, so that Argo CD cannot read the file.' };
  const items = value['items'];
  if (items === null && value['spec'] === undefined && value['status'] === undefined) return undefined;
  if (!Array.isArray(items)) return takeObject(value, [], { placed, file, line: start, templates }, objects);
  const lines = objectsOfDocument(placed.document).map(({ line }) => placed.line + line + 1);
  for (const [i, item] of items.entries()) {
    const line = lines[i] ?? start;
    if (!isObject(item)) return { file, line, message: `Item ${i + 1} of the list is no object.` };
    const failed = takeObject(item, ['items', i], { placed, file, line, templates }, objects);
    if (failed) return failed;
  }
  return undefined;
}

interface ObjectPlace {
  readonly placed: PlacedDocument;
  readonly file: string;
  readonly line: number;
  readonly templates: boolean;
}

function takeObject(
  object: JsonObject,
  at: Path,
  { placed, file, line, templates }: ObjectPlace,
  objects: SyncObject[],
): Refusal | undefined {
  const refusal = refusalOf(object, templates);
  if (refusal?.path.length === 0) return { file, line, message: refusal.message };
  if (refusal) {
    const place = locate(placed.document.text, [...at, ...refusal.path]);
    return { file, line: lineOf(placed, place), message: refusal.message };
  }
  objects.push({ object, file, line });
  return undefined;
}

const textAt = ({ document }: PlacedDocument, { start, end }: Span): string => document.text.slice(start, end);

/** The 1-based line of a place, not beyond the last line with something on it. */
function lineOf(placed: PlacedDocument, span: Span): number {
  const end = Math.max(0, placed.document.text.trimEnd().length - 1);
  return rangeOf(placed, { start: Math.min(span.start, end), end: span.end }).start.line + 1;
}
