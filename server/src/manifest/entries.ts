import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar as ScalarNode, type YAMLMap } from 'yaml';
import type { Json } from '../core/object.ts';
import type { AnnotationEntry, ScalarStyle, Span } from './model.ts';
import { spanOf, type TreeReader } from './read-yaml.ts';

/** The parts of a parsed document that its manifests are made from. `text` is the document as written. */
export interface ManifestSource {
  readonly text: string;
  readonly root: Node | null;
  readonly value: Json;
  readonly reader: TreeReader;
  /** Tells whether a stretch of the text holds a template. */
  readonly templated: (span: Span) => boolean;
}

/** The entry of a key in a map as written: the last one where the key comes twice. */
export const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.findLast((item) => isScalar(item.key) && item.key.value === key);

export const valueNode = (map: YAMLMap, key: string): unknown => pairOf(map, key)?.value;

/** The entries of a map of annotations, those that merge keys bring among them. */
export function annotationEntries(source: ManifestSource, node: unknown): AnnotationEntry[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => {
    if (!isScalar(pair.key)) return [];
    if (isMergeKey(pair.key)) return mergedEntries(source, pair.value);
    return [annotationEntry(source, pair.key, pair)];
  });
}

const isMergeKey = (key: ScalarNode): boolean => key.value === '<<' && key.type === 'PLAIN';

/** Entries that a merge key brings stand where the map that it names is written. Of several maps the first one wins. */
function mergedEntries(source: ManifestSource, node: unknown): AnnotationEntry[] {
  const sources: readonly unknown[] = isSeq(node) ? node.items.toReversed() : [node];
  return sources.flatMap((from) =>
    annotationEntries(source, source.reader.target(from)).map((entry) => ({ ...entry, merged: true })),
  );
}

function annotationEntry(source: ManifestSource, key: ScalarNode, pair: Pair): AnnotationEntry {
  const keySpan = spanOf(key);
  const written = spanOf(pair.value);
  const empty = !isAlias(pair.value) && written.start === written.end;
  const valueSpan = empty ? emptyValueSpan(source.text, keySpan.end) : written;
  return {
    key: source.reader.keyName(key),
    keySpan,
    value: source.reader.peek(pair.value),
    valueSpan,
    style: styleOf(source.reader.target(pair.value), empty),
    templated: source.templated(keySpan) || source.templated(valueSpan),
  };
}

/** Where a value would stand that is not written: after the colon and the space behind it. */
export function emptyValueSpan(text: string, keyEnd: number): Span {
  const colon = /^[ \t]*:[ ]?/.exec(text.slice(keyEnd, keyEnd + 64));
  const at = keyEnd + (colon?.[0].length ?? 0);
  return { start: at, end: at };
}

/** How a node is written that stands for a scalar. */
export function styleOf(node: unknown, empty: boolean): ScalarStyle {
  if (empty || !isScalar(node)) return 'none';
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      return 'block';
    default:
      return 'plain';
  }
}
