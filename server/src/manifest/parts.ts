import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { objectAt } from '../core/fields.ts';
import {
  apiVersionOf,
  groupOf,
  isKustomization,
  isObject,
  kindOf,
  nameOf,
  type Json,
  type JsonObject,
} from '../core/object.ts';
import type { Parsed } from './parsed.ts';
import { annotationEntries, pairOf, valueNode, type ManifestSource } from './entries.ts';
import { jsonPatchManifest } from './json-patch.ts';
import { lastAtMost, lineStarts } from './lines.ts';
import type { AnnotationsPart, Manifest, PartKind, Silence } from './model.ts';
import { manifestOf } from './manifests.ts';
import { nestedTexts, parsedWithin } from './nested.ts';
import { setKey } from '../core/json.ts';
import { spanOf } from './read-yaml.ts';

/** Without one of these words a text has no annotations of ours and no place for them. */
const WORDS = /nnotations|argoproj|helm\.sh/;

/** What a document holds beside its manifests. */
export interface Apart {
  readonly parts: readonly AnnotationsPart[];
  /** Those of texts within the document. */
  readonly silences: readonly Silence[];
}

const NOTHING: Apart = { parts: [], silences: [] };
const NOBODY = { kind: '', name: '' };

type Target = AnnotationsPart['target'];

/**
 * The annotations of a document that stand apart from the objects that get them: in a kustomization, in a JSON patch,
 * in values of a chart, and in what an Application gives to kustomize and Helm. See `settledParts`.
 * @param parse reads a text that stands within the document; absent: these are left alone
 */
export function apartIn(source: ManifestSource, parse?: (text: string) => Parsed): Apart {
  const { root, value, text } = source;
  if (!WORDS.test(text)) return NOTHING;
  const found = new Finder(source, parse);
  if (isSeq(root)) found.jsonPatch(root, NOBODY);
  else if (isMap(root) && isObject(value)) {
    if (isKind(value, 'Application')) found.application(found.at(root, ['spec']));
    else if (isKind(value, 'ApplicationSet')) found.template(root, value);
    else if (mayHoldParts(value)) found.root(root);
  }
  return found;
}

const isKind = (value: JsonObject, kind: string): boolean => kindOf(value) === kind && groupOf(value) === 'argoproj.io';

/** Whether the annotations of a document, by its value, may stand apart from their objects. */
export function mayHoldParts(value: Json): boolean {
  if (Array.isArray(value)) return true;
  if (!isObject(value)) return false;
  if (isKind(value, 'Application') || isKind(value, 'ApplicationSet') || isKustomization(value)) return true;
  return !Object.hasOwn(value, 'kind') && !Object.hasOwn(value, 'apiVersion');
}

/** Lists of a kustomization; one without a kind is told by them. */
const LISTS: readonly string[] = [
  ...['resources', 'bases', 'components', 'patches', 'patchesStrategicMerge', 'patchesJson6902'],
  ...['configMapGenerator', 'secretGenerator'],
];

const isLikeKustomization = (value: JsonObject): boolean =>
  isKustomization(value) || LISTS.some((key) => Array.isArray(value[key]));

/**
 * What is left of the parts of a document when all of it is known: an object has none, one that is still without a kind
 * included; and what looks like common annotations of a kustomization are values of a chart where nothing else does.
 */
export function settledParts(parts: readonly AnnotationsPart[], value: Json): readonly AnnotationsPart[] {
  if (parts.length === 0 || !isObject(value) || isKind(value, 'Application') || isKind(value, 'ApplicationSet'))
    return parts;
  if (isKustomization(value)) return parts;
  if (!mayHoldParts(value) || Object.hasOwn(value, 'metadata')) return [];
  if (isLikeKustomization(value)) return parts;
  return parts.map((part): AnnotationsPart => (part.kind === 'common' ? { ...part, kind: 'values' } : part));
}

/** Keys of annotations that say something about a sync. */
const KEY = /^(?:argocd\.argoproj\.io|argoproj\.io|helm\.sh)\//;
/** Names of maps whose entries are annotations, and of those whose are none. */
const ANNOTATIONS = /^annotations$|Annotations$/;
const LABELS = /labels$/i;

const GENERATORS: Readonly<Record<string, string>> = { configMapGenerator: 'ConfigMap', secretGenerator: 'Secret' };

class Finder {
  readonly parts: AnnotationsPart[] = [];
  readonly silences: Silence[] = [];
  readonly #source: ManifestSource;
  readonly #parse: ((text: string) => Parsed) | undefined;

  constructor(source: ManifestSource, parse: ((text: string) => Parsed) | undefined) {
    this.#source = source;
    this.#parse = parse;
  }

  /** A kustomization or a file of values; which of them may not be known yet. */
  root(map: YAMLMap): void {
    for (const pair of map.items) {
      const key = keyOf(pair);
      const { value } = pair;
      if (key === 'commonAnnotations') this.#annotations('common', pair, map);
      else if (key === 'generatorOptions' && isMap(value))
        this.#annotations('generator', pairOf(value, 'annotations'), value);
      else if (Object.hasOwn(GENERATORS, key) && isSeq(value)) this.#generators(value.items, GENERATORS[key] ?? '');
      else if (/^patches(?:Json6902)?$/.test(key) && isSeq(value)) this.patches(value.items);
      else if (key === 'patchesStrategicMerge' && isSeq(value))
        for (const item of value.items) this.#nestedPatch(item, NOBODY);
      else if (key !== 'metadata') this.#value(pair, map);
    }
  }

  /** The template of an ApplicationSet, which is an Application but for its kind. */
  template(root: YAMLMap, value: JsonObject): void {
    const node = this.at(root, ['spec', 'template']);
    const object = { ...objectAt(value, 'spec', 'template'), apiVersion: apiVersionOf(value), kind: 'Application' };
    for (const manifest of manifestOf(this.#source, node, object))
      this.parts.push({ kind: 'template', target: { kind: 'ApplicationSet', name: nameOf(value) }, manifest });
    this.application(this.at(node, ['spec']));
  }

  /** What the spec of an Application gives to kustomize and Helm. */
  application(spec: unknown): void {
    if (!isMap(spec)) return;
    const { value: several } = pairOf(spec, 'sources') ?? {};
    const sources = [valueNode(spec, 'source'), ...(isSeq(several) ? several.items : [])];
    for (const source of sources) {
      const kustomize = this.at(source, ['kustomize']);
      if (isMap(kustomize)) {
        this.#annotations('common', pairOf(kustomize, 'commonAnnotations'), kustomize);
        const patches = valueNode(kustomize, 'patches');
        if (isSeq(patches)) this.patches(patches.items);
      }
      this.values(this.at(source, ['helm', 'valuesObject']));
      this.#nestedValues(this.at(source, ['helm', 'values']));
    }
  }

  /** The value at a path of keys as it is written. */
  at(node: unknown, path: readonly string[]): unknown {
    return path.reduce((at, key) => (isMap(at) ? valueNode(at, key) : undefined), node);
  }

  patches(items: readonly unknown[]): void {
    for (const item of items) {
      if (!isMap(item)) continue;
      const target = { kind: this.#text(item, ['target', 'kind']), name: this.#text(item, ['target', 'name']) };
      this.#nestedPatch(valueNode(item, 'patch'), target);
    }
  }

  jsonPatch(node: unknown, target: Target): void {
    const manifest = jsonPatchManifest(this.#source, node);
    if (manifest) this.parts.push({ kind: 'json-patch', target, manifest });
  }

  /** Maps of annotations anywhere within values of a chart. */
  values(node: unknown): void {
    if (isSeq(node)) for (const item of node.items) this.values(item);
    if (isMap(node)) for (const pair of node.items) this.#value(pair, node);
  }

  #value(pair: Pair, outer: YAMLMap): void {
    const name = keyOf(pair);
    if (LABELS.test(name)) return;
    const { value } = pair;
    const areAnnotations =
      isMap(value) && (ANNOTATIONS.test(name) || value.items.some((entry) => KEY.test(keyOf(entry))));
    if (areAnnotations) this.#annotations('values', pair, outer);
    else this.values(value);
  }

  #generators(items: readonly unknown[], kind: string): void {
    for (const item of items) {
      const options = this.at(item, ['options']);
      if (!isMap(item) || !isMap(options)) continue;
      this.#annotations('generator', pairOf(options, 'annotations'), options, {
        kind,
        name: this.#text(item, ['name']),
      });
    }
  }

  #text(node: unknown, path: readonly string[]): string {
    const found = this.at(node, path);
    return isScalar(found) && typeof found.value === 'string' ? found.value : '';
  }

  /** The map that a pair holds, as the annotations of something. */
  #annotations(kind: PartKind, pair: Pair | undefined, outer: YAMLMap, target: Target = NOBODY): void {
    if (!pair || !isMap(pair.value)) return;
    const span = spanOf(pair.value);
    const annotations = annotationEntries(this.#source, pair.value);
    const values: JsonObject = {};
    for (const { key, value } of annotations) setKey(values, key, value);
    const manifest: Manifest = {
      object: { metadata: { annotations: values } },
      span,
      // The root is no map that anything is taken out of with its entries, but between braces.
      ...(outer === this.#source.root && outer.flow !== true ? {} : { metadataSpan: spanOf(outer) }),
      annotationsSpan: span,
      annotationsKeySpan: spanOf(pair.key),
      annotations,
      templated: this.#source.templated(span),
    };
    this.parts.push({ kind, target, manifest });
  }

  /** A patch that stands within a text: a strategic one, or a JSON patch. */
  #nestedPatch(node: unknown, target: Target): void {
    for (const { manifests, parts } of this.#nested(node)) {
      for (const manifest of manifests) this.parts.push({ kind: 'patch', target, manifest });
      for (const part of parts) if (part.kind === 'json-patch') this.parts.push({ ...part, target });
    }
  }

  #nestedValues(node: unknown): void {
    for (const { parts } of this.#nested(node)) {
      for (const part of parts) if (part.kind === 'values') this.parts.push(part);
    }
  }

  #nested(node: unknown): Parsed[] {
    const parse = this.#parse;
    if (!parse) return [];
    const { text } = this.#source;
    return nestedTexts(text, node)
      .filter((nested) => WORDS.test(nested.text))
      .map((nested) => {
        const parsed = parsedWithin(nested, parse);
        if (parsed.silences.length > 0) {
          const first = lastAtMost(lineStarts(text), nested.start);
          this.silences.push(...parsed.silences.map(({ rule, line = 0 }) => ({ rule, line: line + first })));
        }
        return parsed;
      });
  }
}

const keyOf = ({ key }: Pair): string => (isScalar(key) && typeof key.value === 'string' ? key.value : '');

/** By the value of a document alone: whether annotations that say something about a sync may stand apart in it. */
export function holdsAnnotationsApart(value: Json): boolean {
  if (!mayHoldParts(value)) return false;
  if (Array.isArray(value)) return value.some((item) => isObject(item) && Object.hasOwn(item, 'path'));
  if (isObject(value) && (kindOf(value) !== '' || isLikeKustomization(value))) return true;
  return holdsKeys(value);
}

const holdsKeys = (value: Json): boolean => {
  if (Array.isArray(value)) return value.some(holdsKeys);
  return isObject(value) && Object.entries(value).some(([key, entry]) => KEY.test(key) || holdsKeys(entry));
};
