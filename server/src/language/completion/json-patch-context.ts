import { ANNOTATIONS_POINTER, keyOfPointer } from '../../manifest/pointer.ts';
import { parseBlockLine } from '../block-lines.ts';
import { blockValue } from './block-context.ts';
import { blockLineAt, siblings } from './block-path.ts';
import type { KeyContext, ValueContext } from './context-model.ts';
import type { Quote } from './quote.ts';

/** Keys and values of annotations in the operations of a JSON patch, in block YAML and in JSON. */
export const jsonPatchContext = (text: string, offset: number): KeyContext | ValueContext | undefined =>
  inBlock(text, offset) ?? inFlow(text, offset);

const PREFIX = `${ANNOTATIONS_POINTER}/`;
const OPERATIONS: ReadonlySet<string> = new Set(['add', 'replace', 'test', 'remove']);
const PLACE = { onApplication: false, patched: true } as const;
const NOTHING: ReadonlyMap<string, string> = new Map();

/** The key that a pointer to one annotation ends with; undefined for other pointers. */
function keyOf(pointer: string): string | undefined {
  const part = pointer.startsWith(PREFIX) ? pointer.slice(PREFIX.length) : '';
  return part === '' || part.includes('/') ? undefined : keyOfPointer(part);
}

/** How far around the cursor other operations are looked for. */
const REACH = 4_000;
const WRITTEN = new RegExp(`${PREFIX}([^\\s"',/{}\\[\\]]+)`, 'g');

/** The annotations that operations around write already; not the one at the cursor. */
function keysAround(text: string, { start, end }: KeyContext['replace']): Set<string> {
  const around = `${text.slice(Math.max(0, start - REACH), start)} ${text.slice(end, end + REACH)}`;
  return new Set([...around.matchAll(WRITTEN)].map(([, part = '']) => keyOfPointer(part)));
}

const keyContext = (text: string, replace: KeyContext['replace']): KeyContext => ({
  kind: 'key',
  replace,
  prefix: '',
  suffix: '',
  pointer: true,
  existing: keysAround(text, replace),
  ...PLACE,
});

function inBlock(text: string, offset: number): KeyContext | ValueContext | undefined {
  const { line, raw, column } = blockLineAt(text, offset);
  const parsed = parseBlockLine(raw);
  if (!parsed || parsed.colon < 0 || column <= parsed.colon) return undefined;
  if (parsed.key !== 'path' && parsed.key !== 'value') return undefined;
  const beside = siblings(text, line, parsed.keyStart);
  const value = OPERATIONS.has(beside.get('op') ?? '') ? blockValue(line.start, raw, parsed, column) : undefined;
  if (!value) return undefined;
  if (parsed.key === 'path') {
    if (!value.text.startsWith(PREFIX) || value.cursor < PREFIX.length) return undefined;
    return keyContext(text, { start: value.replace.start + PREFIX.length, end: value.replace.end });
  }
  const key = keyOf(beside.get('path') ?? '');
  return key === undefined ? undefined : { ...value, key, ...PLACE, beside: () => NOTHING };
}

/** How far the braces of an operation are looked for. */
const MAX_OPERATION = 1_000;

const OP = /(["']?)op\1\s*:\s*["']?(\w+)/;
const PATH = /(["']?)path\1\s*:\s*["']?(\/[^"'\s,{}]+)/;
const AT_PATH = new RegExp(`(["']?)path\\1\\s*:\\s*["']?${PREFIX}([^"'\\s,{}]*)$`);
const AT_VALUE = /(["']?)value\1\s*:(\s*)(?:(["'])([^"'{}[\]\r\n]*)|([^"',{}[\]\r\n]*))$/;

/** A quote that ends a value, and does not begin the next key. */
const CLOSES = /^["']\s*(?:[,\]"']|$)/;

/** `{"op": …, "path": …, "value": …}`, wherever it stands. */
function inFlow(text: string, offset: number): KeyContext | ValueContext | undefined {
  const before = /\{([^{}]*)$/.exec(text.slice(Math.max(0, offset - MAX_OPERATION), offset))?.[1];
  if (before === undefined) return undefined;
  const after = /^[^{}]*/.exec(text.slice(offset, offset + MAX_OPERATION))?.[0] ?? '';
  const operation = before + after;
  if (!OPERATIONS.has(OP.exec(operation)?.[2] ?? '')) return undefined;
  const path = AT_PATH.exec(before);
  if (path) {
    const rest = /^[^"'\s,]*/.exec(after)?.[0] ?? '';
    return keyContext(text, { start: offset - (path[2] ?? '').length, end: offset + rest.length });
  }
  const value = AT_VALUE.exec(before);
  const key = keyOf(PATH.exec(operation)?.[2] ?? '');
  return value && key !== undefined ? flowValue(key, value, after, offset) : undefined;
}

function flowValue(key: string, value: RegExpExecArray, after: string, offset: number): ValueContext {
  const [, mark = '', space = '', open = '', quoted = '', plain = ''] = value;
  const quote: Quote = open === '"' || open === "'" ? open : '';
  const rest = /^[^"'[\]\r\n]*/.exec(after)?.[0] ?? '';
  const end = after.slice(rest.length);
  const closed = quote === '' || (end.startsWith(quote) && CLOSES.test(end));
  // What is open ends before the next key of the operation, or with the line.
  const behind = quote !== '' && closed ? rest : (/^[^,]*/.exec(rest)?.[0] ?? '').trimEnd();
  const written = quote === '' ? plain : quoted;
  return {
    kind: 'value',
    key,
    text: written + behind,
    cursor: written.length,
    replace: { start: offset - written.length, end: offset + behind.length },
    quote,
    closed,
    needsSpace: space === '' && quote === '' && plain === '',
    json: mark === '"',
    ...PLACE,
    beside: () => NOTHING,
  };
}
