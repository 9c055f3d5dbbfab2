import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Position, Range } from '../manifest/lines.ts';
import type { TextChange } from '../manifest/source-file.ts';

/** What a client sends is looked at before it is used: anybody may connect. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const invalidParams = (what: string): ResponseError<void> =>
  new ResponseError(ErrorCodes.InvalidParams, `The request lacks ${what}, or has a wrong one.`);

/** URI of `textDocument`. Throws InvalidParams where there is none. */
export function uriOf(params: unknown): string {
  const uri = uriIn(params);
  if (uri === undefined) throw invalidParams('textDocument.uri');
  return uri;
}

/** The same for notifications, which nobody answers: undefined where there is none. */
export function uriIn(params: unknown): string | undefined {
  const document = isRecord(params) ? params['textDocument'] : undefined;
  const uri = isRecord(document) ? document['uri'] : undefined;
  return typeof uri === 'string' ? uri : undefined;
}

/** The request's `position`, with whole numbers that are not negative. Throws InvalidParams where there is none. */
export function positionOf(params: unknown): Position {
  const position = toPosition(isRecord(params) ? params['position'] : undefined);
  if (!position) throw invalidParams('position');
  return position;
}

/** The request's `range`. Throws InvalidParams where there is none. */
export function rangeOfParams(params: unknown): Range {
  const range = toRange(isRecord(params) ? params['range'] : undefined);
  if (!range) throw invalidParams('range');
  return range;
}

function toPosition(value: unknown): Position | undefined {
  if (!isRecord(value)) return undefined;
  const line = value['line'];
  const character = value['character'];
  if (typeof line !== 'number' || typeof character !== 'number') return undefined;
  if (!Number.isFinite(line) || !Number.isFinite(character)) return undefined;
  return { line: Math.max(0, Math.floor(line)), character: Math.max(0, Math.floor(character)) };
}

function toRange(value: unknown): Range | undefined {
  if (!isRecord(value)) return undefined;
  const start = toPosition(value['start']);
  const end = toPosition(value['end']);
  return start && end ? { start, end } : undefined;
}

/** A change of a text: of a range, or of the whole. */
export type ContentChange = TextChange | { readonly text: string };

/** The changes of a `didChange`; those that cannot be read are left out. */
export function changesOf(params: unknown): ContentChange[] {
  const changes = isRecord(params) ? params['contentChanges'] : undefined;
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((change: unknown): ContentChange[] => {
    if (!isRecord(change) || typeof change['text'] !== 'string') return [];
    const { text } = change;
    if (change['range'] === undefined || change['range'] === null) return [{ text }];
    const range = toRange(change['range']);
    return range ? [{ range, text }] : [];
  });
}

/** Tells whether a `didChange` sends the whole text anew. */
export const replacesAll = (params: unknown): boolean => changesOf(params).some((change) => !('range' in change));

/** A number that a client sent, such as the version of a document. */
export const numberIn = (value: unknown, key: string): number | undefined => {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'number' ? found : undefined;
};

/** A text that a client sent. */
export const stringIn = (value: unknown, key: string): string | undefined => {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
};

/** URI of a folder without a slash at the end, but for the root of a file system (`memfs:/`), whose path it is. */
export const withoutSlash = (uri: string): string =>
  /^[\w+.-]+:(?:\/\/[^/]*)?\/$/.test(uri) ? uri : uri.replace(/\/$/, '');

/** What follows a folder's URI in that of something below it, still encoded; undefined where it lies elsewhere. */
export function below(folder: string, uri: string): string | undefined {
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  return uri.startsWith(start) ? uri.slice(start.length) : undefined;
}

const uriOfFolder = (folder: unknown): string[] => {
  const uri = stringIn(folder, 'uri');
  return uri === undefined ? [] : [uri];
};

/** Workspace folders of an `initialize`, or the root where the client knows no folders. */
export function foldersOf(params: unknown): string[] {
  const folders = isRecord(params) ? params['workspaceFolders'] : undefined;
  if (Array.isArray(folders)) return folders.flatMap(uriOfFolder);
  const root = stringIn(params, 'rootUri');
  return root === undefined ? [] : [root];
}

/** The folders after a `didChangeWorkspaceFolders`. */
export function changedFolders(folders: readonly string[], params: unknown): string[] {
  const event = isRecord(params) ? params['event'] : undefined;
  const list = (key: string): string[] => {
    const found = isRecord(event) ? event[key] : undefined;
    return Array.isArray(found) ? found.flatMap(uriOfFolder).map(withoutSlash) : [];
  };
  const removed = new Set(list('removed'));
  return [...new Set([...folders.filter((uri) => !removed.has(uri)), ...list('added')])];
}
