import { isApplicationKind } from '../../core/annotations/catalogue.ts';
import { gvkOf } from '../../core/object.ts';
import type { AnnotationEntry, Manifest, PartKind, Span, YamlDocument } from '../../manifest/model.ts';
import type { KeyContext, MetadataContext, ValueContext } from './context-model.ts';
import type { MapPlace } from './map-places.ts';
import { quoteAt, type Quote } from './quote.ts';

/** Keys and values of annotations in flow maps and JSON, and the annotations themselves: the parsed document tells. */
export function flowContext(
  document: YamlDocument,
  offset: number,
): KeyContext | ValueContext | MetadataContext | undefined {
  const { text } = document;
  // Without a brace nothing is parsed.
  if (!text.includes('{')) return undefined;
  const holders = holdersIn(document);
  for (const holder of holders) {
    const map = holder.manifest.annotationsSpan;
    if (!map || offset < map.start || offset > map.end || text[map.start] !== '{') continue;
    return inAnnotations(text, holder, map, offset);
  }
  return flowMetadata(text, holders, offset);
}

/** What has annotations, and whose these are. */
interface Holder {
  readonly manifest: Manifest;
  readonly place: MapPlace;
}

const PLACES: Readonly<Record<PartKind, Partial<MapPlace>>> = {
  patch: { patched: true },
  'json-patch': { patched: true },
  common: { byKustomize: true },
  generator: { byKustomize: true },
  values: { inValues: true },
  template: { generated: true },
};

function holdersIn({ manifests, parts }: YamlDocument): Holder[] {
  const placeOf = ({ object }: Manifest): MapPlace => ({ onApplication: isApplicationKind(gvkOf(object)) });
  return [
    // Parts stand within a manifest, or in a document without one.
    ...parts.map(({ kind, manifest }) => ({ manifest, place: { ...placeOf(manifest), ...PLACES[kind] } })),
    ...manifests.map((manifest) => ({ manifest, place: placeOf(manifest) })),
  ];
}

function inAnnotations(
  text: string,
  { manifest, place }: Holder,
  map: Span,
  offset: number,
): KeyContext | ValueContext | undefined {
  const json = isJson(text, manifest.annotationsKeySpan);
  const existing = new Set(manifest.annotations.map((entry) => entry.key));
  for (const entry of manifest.annotations) {
    const key = flowKey(text, entry, offset);
    if (key) {
      existing.delete(entry.key);
      return { kind: 'key', ...key, existing, ...place, json };
    }
    const value = flowValue(text, entry, offset, json);
    if (value) return { ...value, ...place, beside: () => valuesOf(manifest) };
  }
  return newKey(text, manifest, map, offset, json) ? { ...emptyKey(offset, json), existing, ...place } : undefined;
}

const valuesOf = ({ annotations }: Manifest): ReadonlyMap<string, string> =>
  new Map(annotations.flatMap(({ key, value }) => (typeof value === 'string' ? [[key, value]] : [])));

const isJson = (text: string, key: Span | undefined): boolean => key !== undefined && text[key.start] === '"';

/** How far the start of `metadata` is looked for. */
const MAX_METADATA = 4_000;

/** A key of `metadata: { … }` without annotations. */
function flowMetadata(text: string, holders: readonly Holder[], offset: number): MetadataContext | undefined {
  const holder = holders.find(({ manifest: { metadataSpan: span, metadataKeySpan } }) => {
    return span && metadataKeySpan && span.start < offset && offset <= span.end && text[span.start] === '{';
  });
  const manifest = holder?.manifest;
  const start = manifest?.metadataSpan?.start;
  if (!holder || !manifest || start === undefined || manifest.annotationsKeySpan || offset - start > MAX_METADATA)
    return undefined;
  const before = text.slice(start, offset);
  const typed = /[{,]\s*("?)([A-Za-z]*)$/.exec(before);
  if (!typed || depthOf(before) !== 1) return undefined;
  const json = isJson(text, manifest.metadataKeySpan);
  const [, quote = '', word = ''] = typed;
  const behind = /^[A-Za-z]*("?)/.exec(text.slice(offset, offset + 200));
  const end = offset + (quote === '' ? (behind?.[0].replace('"', '') ?? '') : (behind?.[0] ?? '')).length;
  // A key that has its value already is not replaced.
  if (/^\s*:/.test(text.slice(end, end + 20))) return undefined;
  const key = json ? '"annotations"' : 'annotations';
  return {
    kind: 'metadata',
    replace: { start: offset - word.length - quote.length, end },
    prefix: '',
    suffix: '',
    map: { open: `${key}: {`, close: '}' },
    json,
    ...holder.place,
  };
}

/** How many brackets are open at the end of a text that begins with one; quoted texts do not count. */
function depthOf(text: string): number {
  let depth = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"?|'[^']*'?|[[\]{}]/g)) {
    if (part === '{' || part === '[') depth++;
    else if (part === '}' || part === ']') depth--;
  }
  return depth;
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
  json,
});

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

type FlowValue = Omit<ValueContext, 'onApplication' | 'beside'>;

function flowValue(
  text: string,
  { key, keySpan, valueSpan }: AnnotationEntry,
  offset: number,
  json: boolean,
): FlowValue | undefined {
  if (offset <= keySpan.end || offset > valueSpan.end) return undefined;
  const value = (at: { from: number; to: number; quote: Quote; closed: boolean }): FlowValue => ({
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
