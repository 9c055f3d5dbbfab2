import type { Json } from '../core/object.ts';

/**
 * Scalars as `sigs.k8s.io/yaml` v1.6.0 reads them (a YAML 1.1 dialect of its own, the reader of Argo CD and kubectl).
 * Source: goyaml.v2/resolve.go `resolve`, goyaml.v2/decode.go `scalar`, yaml.go `convertToJSONableObject`.
 */

/** What a scalar means. `merge` is the plain `<<`: a merge where it is a key, the text `<<` elsewhere. */
export type Scalar =
  | { readonly kind: 'null'; readonly value: null }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text' | 'merge'; readonly value: string };

/** A text that Argo CD refuses to read. The message says what is wrong with it. */
export class DialectError extends Error {
  override readonly name = 'DialectError';
}

const TRUE = ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'];
const FALSE = ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'];
const NULL = ['', '~', 'null', 'Null', 'NULL'];

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...TRUE.map((word): [string, Scalar] => [word, { kind: 'bool', value: true }]),
  ...FALSE.map((word): [string, Scalar] => [word, { kind: 'bool', value: false }]),
  ...NULL.map((word): [string, Scalar] => [word, { kind: 'null', value: null }]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Scalar] => [word, { kind: 'float', value: NaN }]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, Scalar] => [
    word,
    { kind: 'float', value: Infinity },
  ]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, Scalar] => [word, { kind: 'float', value: -Infinity }]),
  ['<<', { kind: 'merge', value: '<<' }],
]);

/** Longest text that can be a word of the table above. */
const LONGEST_WORD = 5;

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Go's ParseFloat takes underscores between digits; only a text that starts with a dot comes to it untouched. */
const DOT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/** What a plain (unquoted, untagged) scalar means. */
export function resolvePlain(text: string): Scalar {
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  const first = text.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  if (digit || first === 43 || first === 45) return numberOf(text.replaceAll('_', '')) ?? { kind: 'text', value: text };
  if (first === 46 && DOT_FLOAT.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    if (Number.isFinite(value)) return { kind: 'float', value };
  }
  return { kind: 'text', value: text };
}

function numberOf(text: string): Scalar | undefined {
  const match = INTEGER.exec(text);
  if (match) {
    const sign = match[1] ?? '';
    const value = integerOf(match);
    const signed = sign === '-' ? -value : value;
    if (signed >= MIN_INT64 && signed <= MAX_INT64) return { kind: 'int', value: shrink(signed) };
    if (sign === '' && value <= MAX_UINT64) return { kind: 'int', value: shrink(value) };
  }
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  // Go's ParseFloat fails beyond the range of a double; a text is what remains.
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

function integerOf(match: RegExpExecArray): bigint {
  const [, , hex, binary, octal, zeroOctal, decimal] = match;
  if (hex !== undefined) return BigInt(`0x${hex}`);
  if (binary !== undefined) return BigInt(`0b${binary}`);
  const octalDigits = octal ?? zeroOctal;
  if (octalDigits !== undefined) return BigInt(`0o${octalDigits}`);
  return BigInt(decimal ?? '0');
}

const shrink = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

const CORE_TAG = 'tag:yaml.org,2002:';

/**
 * What a scalar with a tag means, however it is quoted. Tags that are none of YAML's own leave a text.
 * @throws DialectError where the text does not fit the tag.
 */
export function resolveTagged(tag: string, text: string): Scalar {
  const name = tag.startsWith(CORE_TAG) ? tag.slice(CORE_TAG.length) : '';
  switch (name) {
    case 'binary':
      return { kind: 'text', value: decodeBase64(text) };
    case 'null':
    case 'bool':
    case 'int':
    case 'float':
      return fitTag(name, text);
    case 'merge':
      return { kind: text === '<<' ? 'merge' : 'text', value: text };
    default:
      return { kind: 'text', value: text };
  }
}

function fitTag(tag: 'null' | 'bool' | 'int' | 'float', text: string): Scalar {
  const scalar = resolvePlain(text);
  if (scalar.kind === tag) return scalar;
  if (tag === 'float' && scalar.kind === 'int' && BigInt(scalar.value) <= MAX_INT64) {
    return { kind: 'float', value: Number(scalar.value) };
  }
  throw new DialectError(`cannot read \`${text}\` as !!${tag}`);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodeBase64(text: string): string {
  const compact = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(compact)) throw new DialectError('!!binary value is no valid base64');
  const bytes: number[] = [];
  for (let i = 0; i < compact.length; i += 4) {
    const [a = 0, b = 0, c = 64, d = 64] = [0, 1, 2, 3].map((k) => BASE64_DIGITS.indexOf(compact[i + k] ?? '='));
    bytes.push((a << 2) | (b >> 4));
    if (c < 64) bytes.push(((b & 15) << 4) | (c >> 2));
    if (d < 64) bytes.push(((c & 3) << 6) | d);
  }
  return utf8(bytes);
}
const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';

/** Bytes as text; what is no UTF-8 becomes U+FFFD, a byte at a time, as Go's JSON encoder does. */
function utf8(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    if (length === 0) {
      text += '\ufffd';
      i += 1;
      continue;
    }
    let point = length === 1 ? (bytes[i] ?? 0) : (bytes[i] ?? 0) & (0xff >> (length + 1));
    for (let k = 1; k < length; k++) point = (point << 6) | ((bytes[i + k] ?? 0) & 0x3f);
    text += String.fromCodePoint(point);
    i += length;
  }
  return text;
}

/** Length of the valid UTF-8 sequence at an index; 0 where there is none. */
function sequenceLength(bytes: readonly number[], at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
  for (let k = 1; k < length; k++) if (((bytes[at + k] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  const tooSmall = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const tooBig = (lead === 0xed && second >= 0xa0) || (lead === 0xf4 && second >= 0x90);
  return tooSmall || tooBig ? 0 : length;
}

/**
 * A scalar as the key of a JSON object.
 * @throws DialectError for what may be no key: null, and integers beyond 64 bits with sign.
 */
export function keyText(scalar: Scalar): string {
  switch (scalar.kind) {
    case 'text':
    case 'merge':
      return scalar.value;
    case 'bool':
      return scalar.value ? 'true' : 'false';
    case 'int':
      if (BigInt(scalar.value) > MAX_INT64) throw new DialectError(`\`${scalar.value}\` is too large to be a key`);
      return String(scalar.value);
    case 'float':
      return floatKey(scalar.value);
    case 'null':
      throw new DialectError('null may not be a key');
  }
}

/** A float as Go's `strconv.FormatFloat(f, 'g', -1, 32)` writes it. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [mantissa = '', exponentText = '0'] = single.toExponential(precision - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(Number(`${mantissa}e${exponent}`));
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/**
 * The value that Argo CD sends for a scalar.
 * @throws DialectError for infinite numbers and NaN: JSON has none.
 */
export function jsonOf(scalar: Scalar): Json {
  if (scalar.kind === 'float' && !Number.isFinite(scalar.value)) {
    throw new DialectError(`${floatKey(scalar.value)} is no value that JSON can hold`);
  }
  if (scalar.kind === 'float' && Math.abs(scalar.value) > Number.MAX_SAFE_INTEGER) return largeFloat(scalar.value);
  return scalar.value;
}

/** A whole float is written without exponent below 1e21, and reads as an integer from then on. */
const largeFloat = (value: number): Json => (Math.abs(value) < 1e21 ? BigInt(String(value)) : value);

const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|(?<!^)\ufeff/u;

/**
 * Offset of the first character that YAML forbids, even within quotes; undefined where there is none. A byte-order
 * mark may stand at the very start. Source: goyaml.v2/readerc.go.
 */
export function firstUnprintable(text: string): number | undefined {
  const at = text.search(UNPRINTABLE);
  return at < 0 ? undefined : at;
}
