import { endOfPlain, opensBlock, parseBlockLine, type BlockLine } from '../block-lines.ts';
import { lineAbove, type TextLine } from '../line-reader.ts';
import { blockLineAt, blockPath, childColumn, siblings, type BlockPath } from './block-path.ts';
import type { KeyContext, MetadataContext, ValueContext } from './context-model.ts';
import { annotationsPlace, metadataPlace, valuesPlace, type MapPlace } from './map-places.ts';
import type { Quote } from './quote.ts';

/** Keys and values of annotations in block YAML; undefined where none is written. */
export function blockContext(text: string, offset: number): KeyContext | ValueContext | MetadataContext | undefined {
  const { line, raw, column } = blockLineAt(text, offset);
  const parsed = parseBlockLine(raw);
  const continued = continuedValue(text, line, parsed, column);
  if (continued) return continued;
  if (!parsed) return raw.trim() === '' ? blankContext(text, line, column) : undefined;
  if (column < parsed.keyStart || inComment(raw, parsed, column)) return undefined;
  if (parsed.colon < 0 || column <= parsed.colon) return typedContext(text, line, column, parsed);
  const path = blockPath(text, line, parsed.keyStart, parsed.dashes);
  const place = path && placeOf(text, path, () => [parsed.key]);
  const value = place && blockValue(line.start, raw, parsed, column);
  return value && { ...value, ...place, beside: () => siblings(text, line, parsed.keyStart) };
}

/** Whose annotations those are among which a key stands: `keys`, as far as they are known. */
const placeOf = (text: string, path: BlockPath, keys: () => Iterable<string>): MapPlace | undefined =>
  annotationsPlace(text, path) ?? valuesPlace(text, path, keys());

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

/** How a key that stands on its line already is replaced. */
type Typed = Pick<KeyContext, 'replace' | 'prefix' | 'suffix'>;

function typedKey(text: string, { start }: TextLine, column: number, parsed: BlockLine): Typed | undefined {
  const { keyStart, keyEnd } = parsed;
  const colon = parsed.colon < 0 ? ': ' : '';
  const first = text[start + keyStart] ?? '';
  if (first !== '"' && first !== "'")
    return column > keyEnd
      ? undefined
      : { replace: { start: start + keyStart, end: start + keyEnd }, prefix: '', suffix: colon };
  const close = text.slice(0, start + keyEnd).indexOf(first, start + keyStart + 1);
  if (column <= keyStart || (close >= 0 && start + column > close)) return undefined;
  if (close >= 0 && colon === '')
    return { replace: { start: start + keyStart + 1, end: close }, prefix: '', suffix: '' };
  return { replace: { start: start + keyStart + 1, end: start + keyEnd }, prefix: '', suffix: `${first}: ` };
}

function typedContext(
  text: string,
  line: TextLine,
  column: number,
  parsed: BlockLine,
): KeyContext | MetadataContext | undefined {
  const typed = parsed.dashes.length > 0 ? undefined : typedKey(text, line, column, parsed);
  return typed && keyContext(text, line, parsed.keyStart, { ...typed, hasColon: parsed.colon >= 0, key: parsed.key });
}

/** A line without anything: the key goes where its neighbors stand, also when the cursor is further left or right. */
function blankContext(text: string, line: TextLine, column: number): KeyContext | MetadataContext | undefined {
  const at = (want: number): Typed => ({
    replace: { start: line.start + Math.min(want, column), end: line.end },
    prefix: ' '.repeat(Math.max(0, want - column)),
    suffix: ': ',
  });
  const path = blockPath(text, line, column, []);
  const parent = path?.parents[0];
  const want = (parent && childColumn(text, parent)) ?? column;
  return (
    keyContext(text, line, want, { ...at(want), hasColon: false, key: '' }) ?? belowEmptyMap(text, line, column, at)
  );
}

function keyContext(
  text: string,
  line: TextLine,
  column: number,
  { hasColon, key, ...typed }: Typed & { readonly hasColon: boolean; readonly key: string },
): KeyContext | MetadataContext | undefined {
  const path = blockPath(text, line, column, []);
  const parent = path?.parents[0];
  if (!path || !parent || (childColumn(text, parent) ?? column) !== column) return undefined;
  const beside = keysBeside(text, line, column);
  const annotations = placeOf(text, path, () => [...beside, key]);
  if (annotations) return { kind: 'key', ...typed, existing: beside, ...annotations };
  const metadata = hasColon ? undefined : metadataPlace(text, path);
  if (!metadata || beside.has('annotations')) return undefined;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = ' '.repeat(column + Math.max(1, column - parent.column));
  const map = { open: `annotations:${lineEnd}${indent}`, close: '' };
  return { kind: 'metadata', ...typed, suffix: '', map, ...metadata };
}

const keysBeside = (text: string, line: TextLine, column: number): Set<string> =>
  new Set(siblings(text, line, column).keys());

/** How many blank lines are passed over: nobody leaves more between a key and its value. */
const MAX_BLANK = 1_000;

/** The nearest line above with something on it. */
function contentAbove(text: string, line: TextLine): TextLine | undefined {
  let above = lineAbove(text, line);
  for (let i = 0; i < MAX_BLANK && above && text.slice(above.start, above.end).trim() === ''; i++)
    above = lineAbove(text, above);
  return above;
}

/** Right below `annotations:` that holds nothing, with the cursor not yet further in: the key is moved in. */
function belowEmptyMap(
  text: string,
  line: TextLine,
  column: number,
  at: (want: number) => Typed,
): KeyContext | undefined {
  const above = contentAbove(text, line);
  const raw = above ? text.slice(above.start, above.end) : '';
  const parsed = parseBlockLine(raw);
  if (!above || !parsed || !/^annotations$|Annotations$/.test(parsed.key)) return undefined;
  if (parsed.keyStart < column || !opensBlock(raw, parsed)) return undefined;
  const path = parsed.colon < 0 ? undefined : blockPath(text, above, parsed.keyStart, parsed.dashes);
  if (!path) return undefined;
  const map = { key: parsed.key, line: above, column: parsed.keyStart };
  const place = placeOf(text, { parents: [map, ...path.parents] }, () => []);
  if (!place || childColumn(text, map) !== undefined) return undefined;
  const parent = path.parents[0];
  const want = parsed.keyStart + Math.max(1, parent ? parsed.keyStart - parent.column : 2);
  return { kind: 'key', ...at(want), existing: new Set(), ...place };
}

/** Behind the colon: nothing, or the header of a block scalar, each with a tag or an anchor in front or not. */
const HEADER = /^(?:[&!]\S*(?:[ \t]+|$))*([|>][-+0-9]*)?$/;

/** The first line of a value that begins below its key: the text itself, or the content of a block scalar. */
function continuedValue(
  text: string,
  line: TextLine,
  own: BlockLine | undefined,
  column: number,
): ValueContext | undefined {
  const raw = text.slice(line.start, line.end);
  if (own ? own.colon >= 0 || own.dashes.length > 0 || column < own.keyStart : raw.trim() !== '') return undefined;
  const above = contentAbove(text, line);
  const head = above ? text.slice(above.start, above.end) : '';
  const parsed = parseBlockLine(head);
  const valueStart = own?.keyStart ?? column;
  if (!above || !parsed || parsed.colon < 0 || parsed.keyStart >= valueStart) return undefined;
  const header = HEADER.exec(head.slice(parsed.valueStart, endOfPlain(head, parsed.valueStart)));
  const path = header ? blockPath(text, above, parsed.keyStart, parsed.dashes) : undefined;
  const place = path && placeOf(text, path, () => [parsed.key]);
  if (!header || !place) return undefined;
  const inBlock = header[1] !== undefined;
  if (own && inComment(raw, own, column) && !inBlock) return undefined;
  // The colon stands on another line: no space is needed behind it.
  const value = blockValue(line.start, raw, { ...parsed, valueStart, colon: -2 }, column);
  if (!value) return undefined;
  const beside = (): ReadonlyMap<string, string> => siblings(text, above, parsed.keyStart);
  return { ...value, ...(inBlock ? { block: true } : {}), ...place, beside };
}

/** A value that begins behind the colon of its line. */
export type BlockValue = Omit<ValueContext, 'onApplication' | 'beside'>;

export function blockValue(start: number, raw: string, parsed: BlockLine, column: number): BlockValue | undefined {
  // An anchor or a tag in front of the value stays.
  const valueStart = parsed.valueStart + (/^(?:[&!]\S*[ \t]+)+/.exec(raw.slice(parsed.valueStart))?.[0].length ?? 0);
  const value = (at: { from: number; to: number; quote: Quote; closed: boolean }, needsSpace = false): BlockValue => ({
    kind: 'value',
    key: parsed.key,
    text: raw.slice(at.from, at.to),
    cursor: column - at.from,
    replace: { start: start + at.from, end: start + at.to },
    quote: at.quote,
    closed: at.closed,
    needsSpace,
    json: false,
  });
  const first = raw[valueStart];
  const quote: Quote = first === '"' || first === "'" ? first : '';
  if (quote !== '' && column > valueStart) {
    const close = raw.indexOf(quote, valueStart + 1);
    if (close >= 0 && column > close) return undefined;
    return value({ from: valueStart + 1, to: close < 0 ? raw.length : close, quote, closed: close >= 0 });
  }
  if (column > parsed.valueStart && column < valueStart) return undefined;
  const from = Math.min(valueStart, column);
  const to = Math.max(endOfPlain(raw, valueStart), column);
  return value({ from, to, quote: '', closed: true }, column === parsed.colon + 1);
}
