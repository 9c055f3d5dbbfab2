import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar as ScalarNode, type YAMLMap } from 'yaml';
import { isObject, type Json } from '../core/object.ts';
import type { AnnotationEntry, ListEntry, Manifest, ScalarStyle, Span } from './model.ts';
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

/**
 * The manifests of a document: its root, or the items of a list. A map is taken for one where it has a kind, an
 * apiVersion or metadata: it may be on its way to be one.
 * Source (lists): reposerver/repository/repository.go `GenerateManifests`, `obj.IsList()`.
 */
export function manifestsOf(source: ManifestSource): Manifest[] {
  const { root, value } = source;
  if (!isMap(root) || !isObject(value)) return [];
  const items = value['items'];
  if (Array.isArray(items) && typeof value['kind'] === 'string') {
    const nodes = source.reader.target(valueNode(root, 'items'));
    const itemNodes: readonly unknown[] = isSeq(nodes) ? nodes.items : [];
    return items.flatMap((item, i) => manifestOf(source, itemNodes[i], item));
  }
  return manifestOf(source, root, value);
}

function manifestOf(source: ManifestSource, written: unknown, value: Json | undefined): Manifest[] {
  const node = source.reader.target(written);
  if (!isMap(node) || !isObject(value)) return [];
  if (!['kind', 'apiVersion', 'metadata'].some((key) => Object.hasOwn(value, key))) return [];
  const span = spanOf(written);
  const kind = valueNode(node, 'kind');
  const metadataPair = pairOf(node, 'metadata');
  const metadata = source.reader.target(metadataPair?.value);
  const metadataMap = isMap(metadata) ? metadata : undefined;
  const name = metadataMap && (valueNode(metadataMap, 'name') ?? valueNode(metadataMap, 'generateName'));
  const annotationsPair = metadataMap && pairOf(metadataMap, 'annotations');
  const annotations = annotationsPair?.value;
  return [
    {
      object: value,
      span,
      ...(isScalar(kind) ? { kindSpan: spanOf(kind) } : {}),
      ...(isScalar(name) ? { nameSpan: spanOf(name) } : {}),
      ...(metadataMap ? { metadataSpan: spanOf(metadataMap) } : {}),
      ...(isMap(annotations) || isAlias(annotations) ? { annotationsSpan: spanOf(annotations) } : {}),
      ...(metadataPair ? { metadataKeySpan: spanOf(metadataPair.key) } : {}),
      ...(annotationsPair ? { annotationsKeySpan: spanOf(annotationsPair.key) } : {}),
      annotations: annotationEntries(source, source.reader.target(annotations)),
      ...(value['kind'] === 'Application' ? { syncOptions: syncOptionEntries(source, node) } : {}),
      templated: source.templated(span),
    },
  ];
}

/** Items of `spec.syncPolicy.syncOptions`, which only an Argo CD Application has. */
function syncOptionEntries(source: ManifestSource, manifest: YAMLMap): ListEntry[] {
  let node: unknown = manifest;
  for (const key of ['spec', 'syncPolicy', 'syncOptions']) {
    node = isMap(node) ? source.reader.target(valueNode(node, key)) : undefined;
  }
  if (!isSeq(node)) return [];
  return node.items.map((item): ListEntry => {
    const span = spanOf(item);
    const style = styleOf(source.reader.target(item), span.start === span.end);
    return { value: source.reader.peek(item), span, style, templated: source.templated(span) };
  });
}

/** The entry of a key in a map as written: the last one where the key comes twice. */
const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.findLast((item) => isScalar(item.key) && item.key.value === key);

const valueNode = (map: YAMLMap, key: string): unknown => pairOf(map, key)?.value;

function annotationEntries(source: ManifestSource, node: unknown): AnnotationEntry[] {
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
function emptyValueSpan(text: string, keyEnd: number): Span {
  const colon = /^[ \t]*:[ ]?/.exec(text.slice(keyEnd, keyEnd + 64));
  const at = keyEnd + (colon?.[0].length ?? 0);
  return { start: at, end: at };
}

function styleOf(node: unknown, empty: boolean): ScalarStyle {
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
