import { isAlias, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { isObject, type Json } from '../core/object.ts';
import { annotationEntries, pairOf, styleOf, valueNode, type ManifestSource } from './entries.ts';
import type { ListEntry, Manifest } from './model.ts';
import { spanOf } from './read-yaml.ts';

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

/** The manifest that a node is, with this value; none where it can be none. */
export function manifestOf(source: ManifestSource, written: unknown, value: Json | undefined): Manifest[] {
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
