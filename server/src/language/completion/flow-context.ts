import { isApplicationKind } from '../../core/annotations/catalogue.ts';
import { gvkOf } from '../../core/object.ts';
import type { AnnotationEntry, Manifest, Span, YamlDocument } from '../../manifest/model.ts';
import type { KeyContext, Quote, ValueContext } from './context.ts';

/** Keys and values of annotations in flow maps and JSON: the parsed document tells. */
export function flowContext({ text, manifests }: YamlDocument, offset: number): KeyContext | ValueContext | undefined {
  for (const manifest of manifests) {
    const map = manifest.annotationsSpan;
    if (!map || offset < map.start || offset > map.end || text[map.start] !== '{') continue;
    const onApplication = isApplicationKind(gvkOf(manifest.object));
    const json = manifest.annotationsKeySpan !== undefined && text[manifest.annotationsKeySpan.start] === '"';
    const existing = new Set(manifest.annotations.map((entry) => entry.key));
    for (const entry of manifest.annotations) {
      const key = flowKey(text, entry, offset);
      if (key) {
        existing.delete(entry.key);
        return { kind: 'key', ...key, existing, onApplication };
      }
      const value = flowValue(text, entry, offset, json);
      if (value) return { ...value, onApplication };
    }
    return newKey(text, manifest, map, offset, json)
      ? { ...emptyKey(offset, json), existing, onApplication }
      : undefined;
  }
  return undefined;
}

/** Whether a key may begin at an offset that no entry covers. */
function newKey(text: string, { annotations }: Manifest, map: Span, offset: number, json: boolean): boolean {
  const before = text.slice(map.start, offset).trimEnd().at(-1);
  return (before === '{' || before === ',') && !(json && annotations.some((entry) => holds(entry.valueSpan, offset)));
}

const holds = ({ start, end }: Span, offset: number): boolean => start < offset && offset < end;

const emptyKey = (offset: number, json: boolean): Omit<KeyContext, 'existing' | 'onApplication'> => ({
  kind: 'key',
  replace: { start: offset, end: offset },
  prefix: json ? '"' : '',
  suffix: json ? '": ' : ': ',
});

const quoteAt = (text: string, at: number): Quote => {
  const first = text[at];
  return first === '"' || first === "'" ? first : '';
};

/** Where a quote that opens at the start of a stretch closes on its line; undefined where it does not. */
function closingQuote(text: string, { start, end }: Span): number | undefined {
  const raw = text.slice(start, end);
  return raw.length > 1 && raw.endsWith(raw[0] ?? '') && !/[\r\n]/.test(raw) ? end - 1 : undefined;
}

/** An open quote takes the rest of the document with it: what belongs to it ends at the line's end or at a bracket. */
function endOfOpen(text: string, from: number, offset: number): number {
  const rest = /^[^\r\n\]}"']*/.exec(text.slice(offset, offset + 2_000))?.[0] ?? '';
  return Math.max(from, offset + rest.trimEnd().length);
}

function flowKey(
  text: string,
  { keySpan }: AnnotationEntry,
  offset: number,
): Pick<KeyContext, 'replace' | 'prefix' | 'suffix'> | undefined {
  const quote = quoteAt(text, keySpan.start);
  if (offset < keySpan.start + quote.length || offset > keySpan.end) return undefined;
  const colonFollows = /^\s*:/.test(text.slice(keySpan.end, keySpan.end + 20));
  if (quote === '') return { replace: keySpan, prefix: '', suffix: colonFollows ? '' : ': ' };
  const start = keySpan.start + 1;
  const close = closingQuote(text, keySpan);
  if (close === undefined) {
    const end = endOfOpen(text, start, offset);
    return /[\r\n]/.test(text.slice(start, offset))
      ? undefined
      : { replace: { start, end }, prefix: '', suffix: `${quote}: ` };
  }
  if (offset > close) return undefined;
  return colonFollows
    ? { replace: { start, end: close }, prefix: '', suffix: '' }
    : { replace: { start, end: close + 1 }, prefix: '', suffix: `${quote}: ` };
}

function flowValue(
  text: string,
  { key, keySpan, valueSpan }: AnnotationEntry,
  offset: number,
  json: boolean,
): Omit<ValueContext, 'onApplication'> | undefined {
  if (offset <= keySpan.end || offset > valueSpan.end) return undefined;
  const value = (at: {
    from: number;
    to: number;
    quote: Quote;
    closed: boolean;
  }): Omit<ValueContext, 'onApplication'> => ({
    kind: 'value',
    key,
    text: text.slice(at.from, at.to),
    cursor: offset - at.from,
    replace: { start: at.from, end: at.to },
    quote: at.quote,
    closed: at.closed,
    needsSpace: text[offset - 1] === ':' && offset <= valueSpan.start,
    json,
  });
  const quote = quoteAt(text, valueSpan.start);
  if (quote === '') {
    const from = Math.min(valueSpan.start, offset);
    if (/[\r\n]/.test(text.slice(from, valueSpan.end))) return undefined;
    return value({ from, to: Math.max(valueSpan.end, offset), quote, closed: true });
  }
  const from = valueSpan.start + 1;
  const close = closingQuote(text, valueSpan);
  if (offset < from || (close !== undefined && offset > close) || /[\r\n]/.test(text.slice(from, offset)))
    return undefined;
  const to = close ?? endOfOpen(text, from, offset);
  return value({ from, to, quote, closed: close !== undefined });
}
