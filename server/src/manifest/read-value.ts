import type { Json, JsonObject } from '../core/object.ts';
import type { Span } from './model.ts';
import { readWithJsYaml, type JsYamlReading, type Repeats } from './read-js-yaml.ts';
import { readQuick } from './read-quick.ts';
import { setKey } from '../core/json.ts';
import { maskTemplates, templatesIn } from './template.ts';

/** The value of a text's first document, by the quickest reader that is certain of it. Never throws. */
export function readValue(text: string): JsYamlReading {
  const value = readQuick(text);
  return value === undefined ? readWithJsYaml(text) : { value };
}

/** What a text holds that could be read only with its templates masked; they stand in the value as text. */
export interface MaskedReading {
  readonly value: Json;
  /** The text as it was read, of equal length. */
  readonly masked: string;
  readonly templates: readonly Span[];
}

/** The mask of a template begins so; the two units behind say which one it is. */
const FIRST = 0xe000;
const NUMBERS = 0xe100;
const BASE = 4096;
const NUMBERED = /\ue000([\ue100-\uf0ff])([\ue100-\uf0ff])\ue001*/g;

/**
 * Reads a text with its templates masked; undefined where it holds none, or cannot be read so. The values are those
 * that the reader with places gives, for a fraction of its cost.
 * @param repeats what becomes of keys that come again
 */
export function readMasked(text: string, repeats: Repeats = 'last'): MaskedReading | undefined {
  const templates = templatesIn(text);
  if (templates.length === 0 || templates.length > BASE * BASE || /[\ue000-\uf0ff]/.test(text)) return undefined;
  const masked = maskTemplates(text, templates);
  const numbered = withNumbers(masked, templates);
  const reading = readWithJsYaml(numbered, repeats);
  if ('error' in reading) return undefined;
  const sources = templates.map(({ start, end }) => text.slice(start, end));
  return { value: unmasked(reading.value, sources), masked, templates };
}

/** No template is shorter than three units, so that there is room for its number. */
function withNumbers(masked: string, templates: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  templates.forEach(({ start }, i) => {
    if (masked.charCodeAt(start) !== FIRST) return;
    const number = String.fromCharCode(NUMBERS + Math.floor(i / BASE), NUMBERS + (i % BASE));
    parts.push(masked.slice(at, start + 1), number);
    at = start + 3;
  });
  parts.push(masked.slice(at));
  return parts.join('');
}

function unmasked(value: Json, sources: readonly string[]): Json {
  if (typeof value === 'string') return unmaskedText(value, sources);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => unmasked(item, sources));
  const object: JsonObject = {};
  for (const [key, entry] of Object.entries(value))
    setKey(object, unmaskedText(key, sources), unmasked(entry, sources));
  return object;
}

function unmaskedText(text: string, sources: readonly string[]): string {
  if (!text.includes('\ue000')) return text;
  return text.replace(NUMBERED, (mask, high: string, low: string) => {
    const number = (high.charCodeAt(0) - NUMBERS) * BASE + low.charCodeAt(0) - NUMBERS;
    return sources[number] ?? mask;
  });
}
