import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Span } from './model.ts';
import { readBest } from './mask-structure.ts';
import { parseTree, spanOf, TreeReader } from './read-yaml.ts';
import { templatesIn } from './template.ts';

/** Keys and indices from the root of a document to a value. */
export type Path = readonly (string | number)[];

/**
 * Where the value at a path of a document is written; where the path leads nowhere, the innermost value on the way.
 * Parses the text: for a place now and then, not for every keystroke.
 */
export function locate(text: string, path: Path): Span {
  return new Locator(text).value(path) ?? { start: 0, end: 0 };
}

/** Finds several places of one document, parsed once. */
export class Locator {
  readonly #root: Node | null;
  readonly #reader: TreeReader;

  constructor(text: string) {
    let tree = parseTree(text);
    if (tree.problems.length > 0) tree = readBest(text, templatesIn(text), parseTree);
    this.#root = tree.root;
    this.#reader = new TreeReader();
    this.#reader.value(tree.root);
  }

  /** The value at a path, or the innermost one on the way; undefined for an empty document. */
  value(path: Path): Span | undefined {
    let node: unknown = this.#root;
    if (node === null) return undefined;
    for (const step of path) {
      const next = this.#child(node, step);
      if (next === undefined || next === null) break;
      node = next;
    }
    return spanOf(node);
  }

  /** The key at the end of a path; undefined where there is none. */
  key(path: Path): Span | undefined {
    let node: unknown = this.#root;
    for (const step of path.slice(0, -1)) node = this.#child(node, step);
    const map = this.#reader.target(node);
    const last = path.at(-1);
    const pair = isMap(map) && typeof last === 'string' ? this.#pair(map, last) : undefined;
    return pair && spanOf(pair.key);
  }

  /** The map at a path as it is written, where it is written: entries in a block or between braces. */
  map(path: Path): { readonly span: Span; readonly flow: boolean; readonly keys: readonly Span[] } | undefined {
    let node: unknown = this.#root;
    for (const step of path) node = this.#child(node, step);
    if (!isMap(node)) return undefined;
    return { span: spanOf(node), flow: node.flow === true, keys: node.items.map((pair) => spanOf(pair.key)) };
  }

  #child(node: unknown, step: string | number): unknown {
    const target = this.#reader.target(node);
    if (isSeq(target) && typeof step === 'number') return target.items[step];
    return isMap(target) ? this.#pair(target, String(step))?.value : undefined;
  }

  #pair(map: YAMLMap, key: string) {
    return map.items.findLast((item) => isScalar(item.key) && this.#reader.keyName(item.key) === key);
  }
}
