import {
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  EVENT_ID,
  NOT_RESOLVED,
  parseEvents,
  Schema,
  YAMLException,
  type Event,
} from 'js-yaml';
import { isObject, type Json, type JsonObject } from '../core/object.ts';
import { EXCESSIVE_ALIASING, excessiveAlias } from './aliasing.ts';
import { foldLines, joinQuotedLines } from './dedented-quotes.ts';
import { DialectError, jsonOf, keyText, resolvePlain, resolveTagged, type Scalar } from './dialect.ts';
import { setKey } from '../core/json.ts';

/**
 * The second reader: package `js-yaml`, with a schema of ours. It reads structure and texts on its own; what the
 * scalars mean is said by `dialect.ts`.
 */

export type JsYamlReading =
  | { readonly value: Json }
  /** `offset` in UTF-16 units, where the package tells it. */
  | { readonly error: string; readonly offset?: number };

/** Scalars stay as they are until it is known whether they are keys or values. */
class Held {
  readonly scalar: Scalar;
  constructor(scalar: Scalar) {
    this.scalar = scalar;
  }
}

const settle = (value: unknown): Json => (value instanceof Held ? jsonOf(value.scalar) : (value as Json));

const STRING = 'tag:yaml.org,2002:str';

const plain = defineScalarTag('tag:yaml.org,2002:plain', {
  implicit: true,
  resolve: (source) => {
    const scalar = resolvePlain(source);
    return scalar.kind === 'text' ? NOT_RESOLVED : new Held(scalar);
  },
  identify: () => false,
});

const text = defineScalarTag(STRING, { resolve: (source) => source, identify: () => false });

const tagged = ['!', 'tag:'].map((prefix) =>
  defineScalarTag(prefix, {
    matchByTagPrefix: true,
    resolve: (source, _explicit, tag) => new Held(resolveTagged(tag, source)),
    identify: () => false,
  }),
);

const sequence = (tag: string, matchByTagPrefix: boolean) =>
  defineSequenceTag<Json[]>(tag, {
    matchByTagPrefix,
    create: () => [],
    addItem: (list, item) => {
      list.push(settle(item));
    },
    identify: () => false,
  });

/** Keys that come again: the last one stays, or they are an error. */
export type Repeats = 'last' | 'refused';

const mapping = (tag: string, matchByTagPrefix: boolean, repeats: Repeats) =>
  defineMappingTag<JsonObject>(tag, {
    matchByTagPrefix,
    create: () => ({}),
    addPair,
    has: repeats === 'last' ? () => false : hasKey,
    keys: (object) => Object.keys(object),
    get: (object, key) => object[String(key)],
    identify: () => false,
  });

function addPair(object: JsonObject, key: unknown, value: unknown): string {
  if (key instanceof Held && key.scalar.kind === 'merge') return merge(object, value);
  if (key instanceof Held) setKey(object, keyText(key.scalar), settle(value));
  else if (typeof key === 'string') setKey(object, key, settle(value));
  else return 'a key must be a single value';
  return '';
}

function merge(object: JsonObject, value: unknown): string {
  const settled = settle(value);
  const sources = Array.isArray(settled) ? settled.toReversed() : [settled];
  for (const source of sources) {
    if (!isObject(source)) return 'a merge key (<<) takes a map, an alias of one, or a list of these';
    for (const [name, entry] of Object.entries(source)) setKey(object, name, entry);
  }
  return '';
}

const hasKey = (object: JsonObject, key: unknown): boolean =>
  Object.hasOwn(object, key instanceof Held ? keyText(key.scalar) : String(key));

const schema = (repeats: Repeats): Schema =>
  new Schema([
    plain,
    text,
    ...tagged,
    sequence('tag:yaml.org,2002:seq', false),
    sequence('!', true),
    sequence('tag:', true),
    mapping('tag:yaml.org,2002:map', false, repeats),
    mapping('!', true, repeats),
    mapping('tag:', true, repeats),
  ]);

const SCHEMAS = { last: schema('last'), refused: schema('refused') };

/** Nesting that the reader follows; Argo CD's reader stops at 10,000. */
const MAX_DEPTH = 2000;

/** Reads the first YAML document of a text; an empty one is null. Never throws. */
export function readWithJsYaml(source: string, repeats: Repeats = 'last'): JsYamlReading {
  const reading = readWithPackage(source, repeats);
  if (!('error' in reading) || reading.error !== DEDENTED) return reading;
  const joined = joinQuotedLines(source);
  const second = joined === undefined ? reading : readWithPackage(joined, repeats);
  return 'value' in second ? { value: foldAllLines(second.value) } : reading;
}

/** How the package names a line within quotes (or brackets) that stands no deeper than its key. */
const DEDENTED = 'deficient indentation';

/** Every text of a value, and every key, with its line breaks folded. */
function foldAllLines(value: Json): Json {
  if (typeof value === 'string') return foldLines(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(foldAllLines);
  const object: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) setKey(object, foldLines(key), foldAllLines(entry));
  return object;
}

function readWithPackage(source: string, repeats: Repeats): JsYamlReading {
  try {
    const events = firstDocument(parseEvents(source, { maxDepth: MAX_DEPTH }));
    const wrong = events.find((event) => event.type === EVENT_ID.DOCUMENT && event.directives.some(isOtherVersion));
    if (wrong) return { error: 'the document asks for another version of YAML than 1.1', offset: 0 };
    const aliased = events.some((event) => event.type === EVENT_ID.ALIAS);
    const excessive = aliased ? excessiveAlias(events, source) : undefined;
    if (excessive !== undefined) return { error: EXCESSIVE_ALIASING, offset: excessive };
    const [value = null] = constructFromEvents(events, { source, schema: SCHEMAS[repeats] });
    const settled = settle(value);
    return !aliased || isTree(settled) ? { value: settled } : { error: 'an anchor is used within its own value' };
  } catch (error) {
    if (error instanceof YAMLException) {
      return error.mark === undefined ? { error: error.reason } : { error: error.reason, offset: error.mark.position };
    }
    if (error instanceof DialectError || error instanceof RangeError) return { error: error.message };
    throw error;
  }
}

const isOtherVersion = (directive: { kind: string; version?: string }): boolean =>
  directive.kind === 'yaml' && directive.version !== '1.1';

/** The events of the first document: Argo CD splits a text into its documents before it reads them. */
function firstDocument(events: readonly Event[]): Event[] {
  let depth = 0;
  for (let i = 0; i < events.length; i++) {
    const type = events[i]?.type;
    if (type === EVENT_ID.POP) depth--;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) depth++;
    if (depth === 0) return events.slice(0, i + 1);
  }
  return [...events];
}

/** Tells whether a value holds itself nowhere. What several places share is looked through once. */
function isTree(value: Json, above = new Set<Json>(), below = new Set<Json>()): boolean {
  if (typeof value !== 'object' || value === null || below.has(value)) return true;
  if (above.has(value)) return false;
  above.add(value);
  const tree = Object.values(value).every((entry) => isTree(entry, above, below));
  above.delete(value);
  below.add(value);
  return tree;
}
