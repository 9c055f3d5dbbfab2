import { isApplicationKind } from '../../core/annotations/catalogue.ts';
import { gvkOf, splitApiVersion } from '../../core/object.ts';
import type { Span, YamlDocument } from '../../manifest/model.ts';
import { endOfPlain, parseBlockLine, type BlockLine } from '../block-lines.ts';
import type { TextLine } from '../line-reader.ts';
import { blockLineAt, blockPath, siblings, type BlockPath } from './block-path.ts';

/** The quote that a value stands in; empty where it is plain. */
export type Quote = '"' | "'" | '';

interface Inside {
  /** What will be replaced. */
  readonly replace: Span;
  /** The object is an Argo CD Application. */
  readonly onApplication: boolean;
}

/** A key of `metadata.annotations` is written here. */
export interface KeyContext extends Inside {
  readonly kind: 'key';
  /** Keys that are there already. */
  readonly existing: ReadonlySet<string>;
  /** A colon follows: the key alone is wanted. */
  readonly colonFollows: boolean;
  /** Keys and values stand in double quotes; the quote of the key is open (`inside`), or has to be written (`needed`). */
  readonly json: 'no' | 'inside' | 'needed';
}

/** The value of an annotation is written here. */
export interface ValueContext extends Inside {
  readonly kind: 'value';
  readonly key: string;
  /** The value as far as it is written, without quotes. */
  readonly text: string;
  /** Where the cursor stands in `text`. */
  readonly cursor: number;
  readonly quote: Quote;
  /** The quote is closed behind the value. */
  readonly closed: boolean;
  /** A space has to come between the colon and the value. */
  readonly needsSpace: boolean;
}

/** A key of `metadata` is written here, and there are no annotations yet. */
export interface MetadataContext extends Inside {
  readonly kind: 'metadata';
  /** Column at which the keys of `metadata` begin. */
  readonly column: number;
  /** Indentation of one level in this document. */
  readonly step: number;
}

export type CompletionContext = KeyContext | ValueContext | MetadataContext;

/**
 * What is being written at an offset of a document, found from lines and indentation alone, so that it works where the
 * line is half typed and the YAML broken; flow maps and JSON are found from the parsed document.
 */
export function completionContext(document: YamlDocument, offset: number): CompletionContext | undefined {
  return blockContext(document.text, offset) ?? flowContext(document, offset);
}

function blockContext(text: string, offset: number): CompletionContext | undefined {
  const { line, raw, column } = blockLineAt(text, offset);
  const parsed = parseBlockLine(raw);
  if (!parsed) return raw.trim() === '' ? keyContext(text, line, column, blankLine(raw, column)) : undefined;
  if (column < parsed.keyStart || inComment(raw, parsed, column)) return undefined;
  if (parsed.colon < 0 || column <= parsed.colon) return keyContext(text, line, column, parsed);
  const path = blockPath(text, line, parsed.keyStart, parsed.dashes);
  const object = path && objectOf(text, path, ['annotations']);
  return object && { ...blockValue(line.start, raw, parsed, column), onApplication: object.onApplication };
}

const blankLine = (raw: string, column: number): BlockLine => ({
  dashes: [],
  keyStart: column,
  keyEnd: column,
  key: '',
  colon: -1,
  valueStart: raw.length,
});

const inComment = (raw: string, parsed: BlockLine, column: number): boolean => {
  const from = parsed.colon < 0 ? parsed.keyStart : parsed.valueStart;
  const quote = raw[from];
  if (quote === '"' || quote === "'") {
    const close = raw.indexOf(quote, from + 1);
    return close >= 0 && column > close + 1;
  }
  const end = endOfPlain(raw, from);
  return column > end && raw.slice(end, column).includes('#');
};

function keyContext(text: string, line: TextLine, column: number, parsed: BlockLine): CompletionContext | undefined {
  if (parsed.dashes.length > 0 || column > parsed.keyEnd || /["']/.test(text[line.start + parsed.keyStart] ?? ''))
    return undefined;
  const path = blockPath(text, line, parsed.keyStart, []);
  if (!path) return undefined;
  const replace = { start: line.start + parsed.keyStart, end: line.start + parsed.keyEnd };
  const annotations = objectOf(text, path, ['annotations']);
  if (annotations) {
    const existing = new Set(siblings(text, line, parsed.keyStart).keys());
    return { kind: 'key', replace, existing, colonFollows: parsed.colon >= 0, json: 'no', ...annotations };
  }
  const metadata = parsed.colon < 0 ? objectOf(text, path, []) : undefined;
  const parent = path.parents[0];
  if (!metadata || !parent || siblings(text, line, parsed.keyStart).has('annotations')) return undefined;
  return { kind: 'metadata', replace, column: parsed.keyStart, step: parsed.keyStart - parent.column, ...metadata };
}

/** The object whose `metadata`, or whose `metadata` and the keys below it, are the parents; undefined where it is none. */
function objectOf(
  text: string,
  { parents }: BlockPath,
  below: readonly string[],
): { onApplication: boolean } | undefined {
  const expected = [...below, 'metadata'];
  if (expected.some((key, i) => parents[i]?.key !== key)) return undefined;
  const outer = parents.slice(expected.length);
  if (outer.some(({ key }, i) => key !== (i % 2 === 0 ? '-' : 'items')) || outer.length % 2 === 1) return undefined;
  const metadata = parents[expected.length - 1];
  if (!metadata) return undefined;
  const beside = siblings(text, metadata.line, metadata.column);
  const apiVersion = beside.get('apiVersion');
  const kind = beside.get('kind');
  if (apiVersion === undefined && kind === undefined) return undefined;
  return { onApplication: isApplicationKind({ ...splitApiVersion(apiVersion ?? ''), kind: kind ?? '' }) };
}

function blockValue(
  start: number,
  raw: string,
  parsed: BlockLine,
  column: number,
): Omit<ValueContext, 'onApplication'> {
  const first = raw[parsed.valueStart];
  const quote: Quote = first === '"' || first === "'" ? first : '';
  if (quote !== '' && column > parsed.valueStart) {
    const close = raw.indexOf(quote, parsed.valueStart + 1);
    const from = parsed.valueStart + 1;
    return valueContext(parsed.key, raw, start, {
      from,
      to: close < 0 ? raw.length : close,
      column,
      quote,
      closed: close >= 0,
    });
  }
  const from = Math.min(parsed.valueStart, column);
  const to = Math.max(endOfPlain(raw, parsed.valueStart), column);
  const needsSpace = column === parsed.colon + 1;
  return { ...valueContext(parsed.key, raw, start, { from, to, column, quote: '', closed: true }), needsSpace };
}

function valueContext(
  key: string,
  text: string,
  start: number,
  at: { from: number; to: number; column: number; quote: Quote; closed: boolean },
): Omit<ValueContext, 'onApplication'> {
  return {
    kind: 'value',
    key,
    text: text.slice(at.from, at.to),
    cursor: at.column - at.from,
    replace: { start: start + at.from, end: start + at.to },
    quote: at.quote,
    closed: at.closed,
    needsSpace: false,
  };
}

/** Flow maps and JSON: the parsed document tells. */
function flowContext(document: YamlDocument, offset: number): CompletionContext | undefined {
  const { text } = document;
  for (const manifest of document.manifests) {
    const map = manifest.annotationsSpan;
    if (!map || offset < map.start || offset > map.end || text[map.start] !== '{') continue;
    const onApplication = isApplicationKind(gvkOf(manifest.object));
    const existing = new Set(manifest.annotations.map((entry) => entry.key));
    for (const { key, keySpan, valueSpan } of manifest.annotations) {
      const quote = text[keySpan.start] === '"';
      if (offset >= keySpan.start + (quote ? 1 : 0) && offset <= keySpan.end - (quote ? 1 : 0)) {
        existing.delete(key);
        const replace = quote ? { start: keySpan.start + 1, end: keySpan.end - 1 } : keySpan;
        const colonFollows = /^\s*:/.test(text.slice(keySpan.end, keySpan.end + 20));
        return { kind: 'key', replace, existing, colonFollows, json: quote ? 'inside' : 'no', onApplication };
      }
      const value = offset > keySpan.end && offset <= valueSpan.end && flowValue(text, key, valueSpan, offset);
      if (value) return { ...value, onApplication };
    }
    const before = text.slice(map.start, offset).trimEnd().at(-1);
    if (before !== '{' && before !== ',') return undefined;
    const json = document.text.trimStart().startsWith('{') ? 'needed' : 'no';
    return { kind: 'key', replace: { start: offset, end: offset }, existing, colonFollows: false, json, onApplication };
  }
  return undefined;
}

function flowValue(
  text: string,
  key: string,
  span: Span,
  offset: number,
): Omit<ValueContext, 'onApplication'> | undefined {
  const first = text[span.start];
  const quote: Quote = first === '"' || first === "'" ? first : '';
  const raw = text.slice(span.start, span.end);
  if (/[\r\n]/.test(raw)) return undefined;
  if (quote === '') {
    const from = Math.min(span.start, offset);
    return valueContext(key, text, 0, { from, to: Math.max(span.end, offset), column: offset, quote, closed: true });
  }
  const closed = raw.length > 1 && raw.endsWith(quote);
  if (offset <= span.start || (closed && offset >= span.end)) return undefined;
  return valueContext(key, text, 0, {
    from: span.start + 1,
    to: span.end - (closed ? 1 : 0),
    column: offset,
    quote,
    closed,
  });
}
