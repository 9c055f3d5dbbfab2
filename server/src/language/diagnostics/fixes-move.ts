import { isObject, type Json } from '../../core/object.ts';
import { addAnnotations, removeAnnotation, type Edit } from '../../manifest/edit.ts';
import type { Path } from '../../manifest/locate.ts';
import type { AnnotationEntry, Manifest, YamlDocument } from '../../manifest/model.ts';
import type { Fix } from './model.ts';
import { keyInDocument, valueInDocument } from './where.ts';

/**
 * Moves entries of any map of a manifest among its annotations.
 * @param path from the document's root to the map that holds them
 */
export function moveAnnotations(fix: {
  document: YamlDocument;
  manifest: Manifest;
  path: Path;
  keys: readonly string[];
}): Fix[] {
  const { document, manifest, path, keys } = fix;
  const map = valueOf(document.value, path);
  if (!isObject(map) || path.length === 0) return [];
  const values = keys.map((key) => ({ key, value: map[key] }));
  const texts = values.flatMap(({ key, value }) => (isPlain(value) ? [{ key, value: String(value) }] : []));
  const added = texts.length === keys.length ? addAnnotations(document, manifest, texts) : undefined;
  const removed = removals(document, path, Object.keys(map), keys);
  if (!added || !removed) return [];
  const edits = inOneGo([added, ...removed]);
  const title = `Move ${keys.length === 1 ? (keys[0] ?? '') : 'them'} to the annotations of the object`;
  return edits ? [{ title, edits, preferred: true, safe: false }] : [];
}

/** Edits that can be applied together, what is added where something goes as one; undefined where they overlap. */
function inOneGo(edits: readonly Edit[]): Edit[] | undefined {
  const taken: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = taken.at(-1);
    if (last && edit.start < last.end) return undefined;
    if (last?.end === edit.start) taken.pop();
    taken.push(last?.end === edit.start ? { ...edit, start: last.start, newText: last.newText + edit.newText } : edit);
  }
  return taken;
}

const isPlain = (value: Json | undefined): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Takes entries out of a map as annotations are taken out, with the map where nothing is left in it. */
function removals(document: YamlDocument, path: Path, all: readonly string[], keys: readonly string[]) {
  const entries = all.map((key): AnnotationEntry | undefined => {
    const keySpan = keyInDocument(document, [...path, key]);
    const valueSpan = valueInDocument(document, [...path, key]);
    return keySpan && valueSpan && { key, keySpan, value: '', valueSpan, style: 'plain', templated: false };
  });
  const known = entries.filter((entry) => entry !== undefined);
  const annotationsSpan = valueInDocument(document, path);
  const annotationsKeySpan = keyInDocument(document, path);
  const metadataSpan = valueInDocument(document, path.slice(0, -1));
  const [first] = known;
  const last = known.at(-1);
  if (known.length !== all.length || !annotationsSpan || !annotationsKeySpan || !first || !last) return undefined;
  const map: Manifest = {
    object: {},
    span: annotationsSpan,
    annotationsSpan,
    annotationsKeySpan,
    ...(metadataSpan ? { metadataSpan } : {}),
    annotations: known,
    templated: false,
  };
  // All of them go as one.
  const whole = { ...first, valueSpan: last.valueSpan };
  const edits =
    keys.length === all.length
      ? [removeAnnotation(document, { ...map, annotations: [whole] }, whole)]
      : known.filter(({ key }) => keys.includes(key)).map((entry) => removeAnnotation(document, map, entry));
  return edits.every((edit): edit is Edit => edit !== undefined) ? edits : undefined;
}

const valueOf = (root: Json, path: Path): Json | undefined =>
  path.reduce<Json | undefined>((value, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
    return isObject(value) ? value[String(step)] : undefined;
  }, root);
