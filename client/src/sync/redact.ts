import { groupOf, isObject, kindOf, type Json, type KubeObject } from '#core/object';
import { HIDDEN } from './diff.ts';

/** From this length on a value is hidden wherever it stands. */
const LONG = 6;
/** Shorter ones, down to this length, are hidden where they stand alone: inside of other words they would garble them. */
const SHORTEST = 4;
/** Values that say nothing and stand everywhere: hiding them would garble messages and hide nothing. */
const COMMON: ReadonlySet<string> = new Set(
  'true false null none auto info warn error debug admin root user test http https main prod data'.split(' '),
);
/** What a short value may not touch: letters, digits, and what joins them to names. */
const JOINED = '[\\p{L}\\p{N}_-]';

/** Hides the values of the Secrets that it was shown, wherever they turn up in a text: errors, logs, messages. */
export class Redactor {
  readonly #values = new Set<string>();
  #sorted: readonly string[] | undefined;

  /** Remembers the values of an object, if it is a Secret. */
  learn(object: KubeObject): void {
    if (kindOf(object) !== 'Secret' || groupOf(object) !== '') return;
    this.#learnAll(object['stringData'], false);
    this.#learnAll(object['data'], true);
  }

  /** The text without any of the values. */
  hide(text: string): string {
    this.#sorted ??= [...this.#values].sort((a, b) => b.length - a.length);
    return this.#sorted.reduce((hidden, value) => hideValue(hidden, value), text);
  }

  #learnAll(values: Json | undefined, encoded: boolean): void {
    if (!isObject(values)) return;
    for (const value of Object.values(values)) {
      if (typeof value !== 'string') continue;
      this.#learn(value);
      if (encoded) this.#learn(decodeBase64(value));
      else for (const sent of new Set([value, value.trim()])) this.#learn(encodeBase64(sent));
    }
  }

  #learn(value: string): void {
    for (const line of [value.trim(), ...value.split('\n').map((part) => part.trim())]) {
      if (line.length < LONG && (line.length < SHORTEST || isCommon(line))) continue;
      this.#values.add(line);
      this.#sorted = undefined;
    }
  }
}

/** A number of so few digits is a port or a count. */
const isCommon = (value: string): boolean => COMMON.has(value.toLowerCase()) || /^\d+$/.test(value);

function hideValue(text: string, value: string): string {
  if (!text.includes(value)) return text;
  if (value.length >= LONG) return text.replaceAll(value, HIDDEN);
  const literal = value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return text.replace(new RegExp(`(?<!${JOINED})${literal}(?!${JOINED})`, 'gu'), HIDDEN);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text behind base64; empty where it is none, or no UTF-8. */
function decodeBase64(encoded: string): string {
  let bits = 0;
  let size = 0;
  let percent = '';
  for (const letter of encoded.replace(/[\s=]/g, '')) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return '';
    bits = ((bits << 6) | value) & 0xffff;
    size += 6;
    if (size >= 8) {
      size -= 8;
      percent += `%${((bits >> size) & 0xff).toString(16).padStart(2, '0')}`;
    }
  }
  try {
    return decodeURIComponent(percent);
  } catch {
    return '';
  }
}

/** Base64 of a text's UTF-8, as a Secret's `data` hold it; empty where the text is no Unicode. */
export function encodeBase64(text: string): string {
  const bytes = utf8(text);
  let encoded = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const letters = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63];
    const used = Math.min(3, bytes.length - i) + 1;
    encoded += letters.map((letter, at) => (at < used ? (ALPHABET[letter] ?? '') : '=')).join('');
  }
  return encoded;
}

function utf8(text: string): number[] {
  try {
    const percent = encodeURIComponent(text);
    return [...percent.matchAll(/%([0-9A-F]{2})|(.)/g)].map(([, hex, letter = '']) =>
      hex === undefined ? letter.charCodeAt(0) : Number.parseInt(hex, 16),
    );
  } catch {
    return [];
  }
}
