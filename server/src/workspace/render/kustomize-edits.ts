import { writeJson } from '../../core/json.ts';
import { isObject, type Json, type JsonObject } from '../../core/object.ts';
import type { KustomizeEdits } from './model.ts';

/** The text, where anything is changed; or why Argo CD could not change it. */
export type EditedKustomization =
  { readonly text?: string; readonly refused?: never } | { readonly refused: string; readonly text?: never };

/**
 * A kustomization as Argo CD writes it before the build: what an Application says of names, images, labels and so on,
 * put into a copy. As JSON, which is YAML.
 * Source: argo-cd util/kustomize/kustomize.go `Build`; kustomize/commands/edit.
 */
export function editedKustomization(value: JsonObject, edits: KustomizeEdits): EditedKustomization {
  const clash = clashIn(value, edits);
  if (clash !== undefined) return { refused: clash };
  const edited: JsonObject = { ...value };
  if (edits.namePrefix !== '') edited['namePrefix'] = edits.namePrefix;
  if (edits.nameSuffix !== '') edited['nameSuffix'] = edits.nameSuffix;
  if (edits.images.length > 0) edited['images'] = mergedImages(listAt(value, 'images'), edits.images.map(imageOf));
  if (edits.replicas.length > 0) {
    const replicas = edits.replicas.map(({ name, count }): JsonObject => ({ name, count: Number(count) }));
    edited['replicas'] = mergedByName(listAt(value, 'replicas'), replicas);
  }
  addLabels(edited, edits);
  if (Object.keys(edits.commonAnnotations).length > 0)
    edited['commonAnnotations'] = { ...mapAt(value, 'commonAnnotations'), ...edits.commonAnnotations };
  if (edits.namespace !== '') edited['namespace'] = edits.namespace;
  if (edits.patches.length > 0) edited['patches'] = [...listAt(value, 'patches'), ...edits.patches];
  const components = edits.components.filter((component) => !listAt(value, 'components').includes(component));
  if (components.length > 0) edited['components'] = [...listAt(value, 'components'), ...components];
  const before = writeJson(value);
  const after = writeJson(edited);
  return before === after ? {} : { text: after };
}

/** Without force Argo CD fails where the kustomization has the key already. Source: addmetadata.go `writeToMapEntry`. */
function clashIn(value: JsonObject, edits: KustomizeEdits): string | undefined {
  const annotation = edits.forceCommonAnnotations
    ? undefined
    : sameKey(edits.commonAnnotations, value, 'commonAnnotations');
  if (annotation !== undefined)
    return `The Application sets the common annotation ${annotation}, which the kustomization has already: Argo CD then fails, unless the Application says forceCommonAnnotations.`;
  const labels = edits.forceCommonLabels || edits.labelWithoutSelector;
  const label = labels ? undefined : sameKey(edits.commonLabels, value, 'commonLabels');
  return label === undefined
    ? undefined
    : `The Application sets the common label ${label}, which the kustomization has already: Argo CD then fails, unless the Application says forceCommonLabels.`;
}

const sameKey = (fresh: Readonly<Record<string, string>>, value: JsonObject, map: string): string | undefined =>
  Object.keys(fresh).find((key) => Object.hasOwn(mapAt(value, map), key));

/** Source: kustomize/commands/edit/add/addmetadata.go `addLabels`, `writeLabelsWithoutSelector`. */
function addLabels(edited: JsonObject, edits: KustomizeEdits): void {
  const { commonLabels } = edits;
  if (Object.keys(commonLabels).length === 0) return;
  if (!edits.labelWithoutSelector) {
    edited['commonLabels'] = { ...mapAt(edited, 'commonLabels'), ...commonLabels };
    return;
  }
  const pairs: JsonObject = { pairs: { ...commonLabels }, includeSelectors: false };
  if (edits.labelIncludeTemplates) pairs['includeTemplates'] = true;
  edited['labels'] = [...listAt(edited, 'labels'), pairs];
}

/** In place of a part of an image: what the kustomization says stays. */
const KEPT = '*';

/**
 * An image as `kustomize edit set image` takes it: `name`, then `=newName`, `:tag`, `@digest`, each where wanted.
 * Source: kustomize/commands/edit/set/setimage.go `parse`; api/internal/image `Split`.
 */
export function imageOf(argument: string): JsonObject {
  const equals = argument.indexOf('=');
  const name = equals < 0 ? undefined : argument.slice(0, equals);
  const image = equals < 0 ? argument : argument.slice(equals + 1);
  const at = image.indexOf('@');
  const rest = at < 0 ? image : image.slice(0, at);
  // A colon before the last slash belongs to a registry's port.
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const base = colon < 0 ? rest : rest.slice(0, colon);
  const entry: JsonObject = { name: name ?? base };
  if (name !== undefined) entry['newName'] = base;
  if (colon >= 0) entry['newTag'] = rest.slice(colon + 1);
  if (at >= 0) entry['digest'] = image.slice(at + 1);
  return entry;
}

/** Source: kustomize/commands/edit/set/setimage.go `RunSetImage`. */
function mergedImages(old: readonly Json[], fresh: readonly JsonObject[]): Json[] {
  const before = new Map(old.map((entry) => [nameOf(entry), entry]));
  const resolved = fresh.map((image): JsonObject => {
    const known = before.get(nameOf(image));
    const entries = Object.entries(image).flatMap(([key, value]): [string, Json][] => {
      if (value !== KEPT || key === 'name') return [[key, value]];
      const kept = isObject(known) ? known[key] : undefined;
      return kept === undefined ? [] : [[key, kept]];
    });
    return Object.fromEntries(entries);
  });
  return mergedByName(old, resolved);
}

const nameOf = (entry: Json): Json => (isObject(entry) ? (entry['name'] ?? null) : null);

/** Entries give way to new ones of the same name. */
function mergedByName(old: readonly Json[], fresh: readonly JsonObject[]): Json[] {
  const names = new Map(fresh.map((entry) => [nameOf(entry), entry]));
  const kept = old.map((entry): Json => {
    const replacement = names.get(nameOf(entry));
    names.delete(nameOf(entry));
    return replacement ?? entry;
  });
  return [...kept, ...names.values()];
}

function listAt(object: JsonObject, key: string): readonly Json[] {
  const value = object[key];
  return Array.isArray(value) ? value : [];
}

function mapAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}
