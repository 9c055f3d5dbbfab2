import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { isObject, type JsonObject } from '../core/object.ts';
import { annotationEntries, emptyValueSpan, styleOf, valueNode, type ManifestSource } from './entries.ts';
import type { AnnotationEntry, Manifest, Span } from './model.ts';
import { ANNOTATIONS_POINTER, keyOfPointer } from './pointer.ts';
import { setKey } from '../core/json.ts';
import { spanOf } from './read-yaml.ts';

/** Operations that write a value; `test`, `remove` and the others write none. */
export const WRITING_OPERATIONS: readonly string[] = ['add', 'replace'];

/** The annotations that the operations of a JSON patch write, as those of a manifest; undefined where they write none. */
export function jsonPatchManifest(source: ManifestSource, node: unknown): Manifest | undefined {
  if (!isSeq(node)) return undefined;
  const writes = node.items.flatMap((item) => (isMap(item) ? writesOf(source, item) : []));
  const annotations = writes.flatMap(({ entries }) => entries);
  const maps = writes.flatMap(({ map }) => map ?? []);
  if (annotations.length + maps.length === 0) return undefined;
  const values: JsonObject = {};
  for (const { key, value } of annotations) setKey(values, key, value);
  const [map] = maps;
  const span = spanOf(node);
  return {
    object: { metadata: { annotations: values } },
    span,
    ...(map && maps.length === 1 && writes.length === 1
      ? { annotationsSpan: map.span, annotationsKeySpan: map.key }
      : {}),
    annotations,
    templated: source.templated(span),
  };
}

interface Write {
  readonly entries: readonly AnnotationEntry[];
  /** The operation writes all annotations at once: its value, and the key of that. */
  readonly map?: { readonly span: Span; readonly key: Span };
}

function writesOf(source: ManifestSource, operation: YAMLMap): Write[] {
  const op = source.reader.peek(valueNode(operation, 'op'));
  const path = valueNode(operation, 'path');
  const pointer = source.reader.peek(path);
  if (typeof op !== 'string' || !WRITING_OPERATIONS.includes(op) || typeof pointer !== 'string') return [];
  const pair = operation.items.findLast(({ key }) => isScalar(key) && key.value === 'value');
  if (!pair || !isScalar(path)) return [];
  if (pointer === ANNOTATIONS_POINTER) {
    const map = source.reader.target(pair.value);
    if (!isMap(map) || !isObject(source.reader.peek(map))) return [];
    return [{ entries: annotationEntries(source, map), map: { span: spanOf(pair.value), key: spanOf(pair.key) } }];
  }
  const part = pointer.startsWith(`${ANNOTATIONS_POINTER}/`) ? pointer.slice(ANNOTATIONS_POINTER.length + 1) : '';
  if (part === '' || part.includes('/')) return [];
  const written = spanOf(pair.value);
  const empty = written.start === written.end;
  const valueSpan = empty ? emptyValueSpan(source.text, spanOf(pair.key).end) : written;
  const keySpan = partSpan(source.text, spanOf(path), part);
  const entry: AnnotationEntry = {
    key: keyOfPointer(part),
    keySpan,
    value: source.reader.peek(pair.value),
    valueSpan,
    style: styleOf(source.reader.target(pair.value), empty),
    templated: source.templated(keySpan) || source.templated(valueSpan),
    pointer: true,
  };
  return [{ entries: [entry] }];
}

/** The last part of a pointer within the path that is written; the whole path where it is written another way. */
function partSpan(text: string, path: Span, part: string): Span {
  const at = text.slice(path.start, path.end).lastIndexOf(`/${part}`);
  return at < 0 ? path : { start: path.start + at + 1, end: path.start + at + 1 + part.length };
}
