import { setKey } from '../core/json.ts';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type Scalar as ScalarNode,
} from 'yaml';
import { isObject, type Json, type JsonObject } from '../core/object.ts';
import { AliasCount, EXCESSIVE_ALIASING } from './aliasing.ts';
import { DialectError, jsonOf, keyText, resolvePlain, resolveTagged, type Scalar } from './dialect.ts';
import { foldLines, joinQuotedLines } from './dedented-quotes.ts';
import { isMasked, templatesWithin, unmask } from './template.ts';
import type { Span } from './model.ts';

/**
 * The first reader: package `yaml`, whose tree knows where everything stands. The package reads structure and texts
 * only (its failsafe schema); what the scalars mean is said by `dialect.ts`.
 */

/** A place that cannot be read as Argo CD would, and why. */
export interface ReadProblem {
  readonly span: Span;
  readonly message: string;
}

const OPTIONS = {
  version: '1.1',
  schema: 'failsafe',
  strict: false,
  uniqueKeys: false,
  keepSourceTokens: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

export interface YamlTree {
  readonly root: Node | null;
  readonly problems: readonly ReadProblem[];
}

/**
 * The package makes an Error for each mistake that it finds, hundreds in a template: without their stacks, which nobody
 * reads, these cost a third.
 */
function withoutStacks<T>(read: () => T): T {
  const errors = Error as ErrorConstructor & { stackTraceLimit?: number };
  const { stackTraceLimit = 10 } = errors;
  errors.stackTraceLimit = 0;
  try {
    return read();
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
  }
}

/** Where a text that goes on no deeper has a quote at the end of a line, the package takes that for its end. */
const QUOTE_AT_END = /''[ \t]*\r?\n/;

/** Parses the first YAML document of a text into the package's tree. Never throws. */
export function parseTree(text: string): YamlTree {
  const tree = parseWithPackage(text);
  if (tree.problems.length === 0 && !QUOTE_AT_END.test(text)) return tree;
  const joined = joinQuotedLines(text);
  const second = joined === undefined ? undefined : parseWithPackage(joined);
  return second && (second.problems.length === 0 || second.problems.length < tree.problems.length) ? second : tree;
}

function parseWithPackage(text: string): YamlTree {
  let document: Document.Parsed;
  try {
    document = withoutStacks(() => parseDocument(text, OPTIONS));
  } catch (error) {
    // The package recurses: nesting of many thousand levels exhausts the stack.
    const message = error instanceof RangeError ? 'the document is nested too deeply to be read' : String(error);
    return { root: null, problems: [{ span: { start: 0, end: text.length }, message }] };
  }
  const problems = document.errors
    .filter((error) => error.code !== 'MULTIPLE_DOCS')
    .map(({ pos, message }): ReadProblem => {
      // An error at the end of the text is told one unit behind it.
      const start = Math.min(pos[0], text.length);
      return { span: { start, end: Math.max(start, Math.min(pos[1], text.length)) }, message };
    });
  const { yaml } = document.directives;
  if (yaml.explicit === true && yaml.version !== '1.1') {
    problems.push({ span: { start: 0, end: 0 }, message: 'the document asks for another version of YAML than 1.1' });
  }
  return { root: document.contents, problems };
}

/** A template of the text that was masked before parsing, with what it was. */
export interface MaskedTemplate extends Span {
  readonly source: string;
}

const MERGE = Symbol('<<');

interface Anchored {
  readonly node: Node;
  readonly value: Json;
  /** How many nodes an alias of it stands for. */
  readonly nodes: number;
}

/** Turns the package's tree into values, and remembers what stands behind each alias on the way. */
export class TreeReader {
  readonly problems: ReadProblem[] = [];
  readonly #anchors = new Map<string, Anchored | 'open'>();
  readonly #targets = new Map<unknown, Node>();
  /** What was read for each scalar, list and map. */
  readonly #values = new Map<unknown, Json>();
  readonly #templates: readonly MaskedTemplate[];
  readonly #count = new AliasCount();
  #excessive = false;

  constructor(templates: readonly MaskedTemplate[] = []) {
    this.#templates = templates;
  }

  /** The value of a node; what cannot be read is null, and a problem. Nodes are to be read in the order of the text. */
  value(node: unknown): Json {
    if (isAlias(node)) return this.#aliasValue(node);
    const before = this.#count.decoded;
    this.#count.add();
    if (isScalar(node)) {
      const value = this.#guard(node, () => jsonOf(this.scalar(node))) ?? null;
      this.#remember(node, value, 1);
      return value;
    }
    if (!isMap(node) && !isSeq(node)) return null;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, 'open');
    const value = isMap(node) ? this.#mapValue(node.items) : node.items.map((item) => this.value(item));
    this.#remember(node, value, this.#count.decoded - before);
    return value;
  }

  #remember(node: Exclude<Node, Alias>, value: Json, nodes: number): void {
    this.#values.set(node, value);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { node, value, nodes });
  }

  /** What a scalar means, with its templates put back. */
  scalar(node: { value: unknown; type?: string; tag?: string; range?: readonly number[] | null }): Scalar {
    const text = typeof node.value === 'string' ? foldLines(node.value) : '';
    if (this.#templates.length > 0 && isMasked(text)) {
      const [start = 0, end = 0] = node.range ?? [];
      const originals = templatesWithin(this.#templates, { start, end }).map((template) => template.source);
      return { kind: 'text', value: unmask(text, originals) };
    }
    if (node.tag !== undefined && node.tag !== '!') return resolveTagged(node.tag, text);
    if (node.type === 'PLAIN' && node.tag === undefined) return resolvePlain(text);
    return { kind: 'text', value: text };
  }

  /** The node that an alias stood for when it was read; other nodes stand for themselves. */
  target(node: unknown): unknown {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  /** The name of a key that was read before, as a text whatever it is. */
  keyName(node: ScalarNode): string {
    try {
      return keyText(this.scalar(node));
    } catch {
      return String(node.value);
    }
  }

  /** The value of a node that was read before, without a second report of its problems. */
  peek(node: unknown): Json {
    const target = this.target(node);
    if (target !== undefined && this.#values.has(target)) return this.#values.get(target) ?? null;
    return null;
  }

  #mapValue(pairs: readonly Pair[]): JsonObject {
    const object: JsonObject = {};
    for (const { key, value } of pairs) {
      const name = this.#keyOf(key);
      if (name === MERGE) this.#merge(object, value, spanOf(key));
      else {
        const read = this.value(value);
        if (name !== undefined) setKey(object, name, read);
      }
    }
    return object;
  }

  /** The name of a key; undefined for what may be none. */
  #keyOf(node: unknown): string | typeof MERGE | undefined {
    if (isAlias(node)) this.#aliasValue(node);
    else this.#count.add();
    const target = this.target(node);
    if (!isScalar(target)) {
      const told = isAlias(node) && target === undefined;
      if (!told) this.problems.push({ span: spanOf(node), message: 'a key must be a single value' });
      return undefined;
    }
    return this.#guard(node, () => {
      const scalar = this.scalar(target);
      const name = keyText(scalar);
      if (target.anchor !== undefined)
        this.#anchors.set(target.anchor, { node: target, value: scalar.value, nodes: 1 });
      return scalar.kind === 'merge' && target === node ? MERGE : name;
    });
  }

  /** Source: goyaml.v2/decode.go `merge`: keys are overwritten in the order of the text, whoever wrote them before. */
  #merge(object: JsonObject, node: unknown, place: Span): void {
    const sources = isSeq(node) ? node.items : [node];
    const values = isSeq(node) ? (this.value(node) as Json[]) : [this.value(node)];
    for (let i = sources.length - 1; i >= 0; i--) {
      const value = values[i];
      if (isMap(this.target(sources[i])) && isObject(value)) {
        for (const [name, entry] of Object.entries(value)) setKey(object, name, entry);
      } else if (!this.#excessive) {
        this.problems.push({
          span: place,
          message: 'a merge key (<<) takes a map, an alias of one, or a list of these',
        });
      }
    }
  }

  #aliasValue(alias: Alias): Json {
    const target = this.#anchors.get(alias.source);
    if (target === undefined || target === 'open') {
      const why = target === 'open' ? 'is used within its own value' : 'is not defined above';
      this.problems.push({ span: spanOf(alias), message: `the anchor "${alias.source}" ${why}` });
      return null;
    }
    if (this.#excessive || !this.#count.addAlias(target.nodes)) {
      if (!this.#excessive) this.problems.push({ span: spanOf(alias), message: EXCESSIVE_ALIASING });
      this.#excessive = true;
      return null;
    }
    this.#targets.set(alias, target.node);
    return copyOf(target.value);
  }

  #guard<T>(node: unknown, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DialectError)) throw error;
      this.problems.push({ span: spanOf(node), message: error.message });
      return undefined;
    }
  }
}

/** A copy, so that no two places of the value share an object. */
function copyOf(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const object: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) setKey(object, key, copyOf(entry));
  return object;
}

/** Where a node of the tree is written, without the white space and comments after it. */
export function spanOf(node: unknown): Span {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? range?.[0] ?? 0 };
}
