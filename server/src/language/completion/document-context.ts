import { lineAt } from '../line-reader.ts';
import type { DocumentContext } from './context-model.ts';

/** A document with more in it than this is no empty one: it is not looked through. */
const MAX_LENGTH = 4_000;

const EMPTY = /^\ufeff?(?:---(?=\s|$))?\s*(?:#.*)?$/;

/**
 * A place in a document that holds nothing but blank lines, comments and its separator: on a blank line, or in the one
 * word that was typed, at the first column. Undefined elsewhere.
 */
export function documentContext(text: string, offset: number): DocumentContext | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const line = lineAt(text, offset);
  const raw = text.slice(line.start, line.end);
  if (!/^\ufeff?[A-Za-z]*[ \t]*$/.test(raw)) return undefined;
  const rest = `${text.slice(0, line.start)}${text.slice(line.end)}`;
  if (!rest.split(/\r\n?|\n/).every((other) => EMPTY.test(other))) return undefined;
  const start = line.start + (raw.startsWith('\ufeff') ? 1 : 0);
  if (offset < start) return undefined;
  return { kind: 'document', replace: { start, end: line.end }, lineEnd: text.includes('\r\n') ? '\r\n' : '\n' };
}
