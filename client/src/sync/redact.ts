import { groupOf, isObject, kindOf, type Json, type KubeObject } from '#core/object';
import { HIDDEN } from './diff.ts';

/** Shorter values are words like `true` or `admin`: hiding them would garble messages and hide nothing. */
const SHORTEST = 6;

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
    return this.#sorted.reduce((hidden, value) => hidden.replaceAll(value, HIDDEN), text);
  }

  #learnAll(values: Json | undefined, encoded: boolean): void {
    if (!isObject(values)) return;
    for (const value of Object.values(values)) {
      if (typeof value !== 'string') continue;
      this.#learn(value);
      if (encoded) this.#learn(decodeBase64(value));
    }
  }

  #learn(value: string): void {
    for (const line of [value.trim(), ...value.split('\n').map((part) => part.trim())]) {
      if (line.length < SHORTEST) continue;
      this.#values.add(line);
      this.#sorted = undefined;
    }
  }
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
