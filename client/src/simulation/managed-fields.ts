import { applyMergePatch } from '#core/apply/merge-patch';
import type { PatchSchema } from '#core/apply/patch';
import { applyStrategicPatch } from '#core/apply/strategic-apply';
import { isObject, metadataOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { union } from '#core/sync/migration';
import { withoutField } from '../sync/kubectl/fields.ts';
import { equal, objectsOf, textOf } from '../sync/json.ts';
import type { Refusal } from './causes.ts';
import {
  changedFields,
  fieldsOf,
  inBoth,
  minus,
  pathsOutside,
  pathTexts,
  within,
  withoutReplaced,
  type FieldSet,
} from './field-sets.ts';
import { withMetadata } from './store.ts';

/** Who writes, and when: the time as Kubernetes writes it. */
export interface Writer {
  readonly manager: string;
  readonly time: string;
}

type Entry = JsonObject;

const fieldsIn = (entry: Entry | undefined): FieldSet => {
  const fields = entry?.['fieldsV1'];
  return isObject(fields) ? fields : {};
};
const isEmpty = (fields: FieldSet): boolean => Object.keys(fields).length === 0;

/** What controllers have made says nothing of who owns it: all of it is theirs. */
function entriesOf(object: KubeObject, schema: PatchSchema | undefined): readonly Entry[] {
  const entries = metadataOf(object)['managedFields'];
  if (Array.isArray(entries)) return objectsOf(entries);
  const { apiVersion = '' } = object;
  const fieldsV1 = fieldsOf(object, schema);
  return [{ manager: 'kube-controller-manager', operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1 }];
}

const isOf = (entry: Entry, manager: string, operation: string): boolean =>
  entry['manager'] === manager && entry['operation'] === operation && textOf(entry['subresource']) === '';

/** The entries with the one of a manager set; its time stays where its fields do. */
function withEntry(
  others: readonly Entry[],
  before: Entry | undefined,
  operation: 'Apply' | 'Update',
  object: KubeObject,
  fieldsV1: FieldSet,
  { manager, time }: Writer,
): Entry[] {
  if (isEmpty(fieldsV1)) return [...others];
  if (before && equal(fieldsIn(before), fieldsV1)) return [...others, before];
  const { apiVersion = '' } = object;
  return [...others, { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1 }];
}

const withEntries = (object: KubeObject, entries: readonly Entry[]): KubeObject =>
  withMetadata(object, { managedFields: entries.length > 0 ? [...entries] : undefined });

/** A set without the fields that went; what the server does not keep (a Secret's plain texts) was never there. */
const remaining = (set: FieldSet, before: KubeObject, after: KubeObject): FieldSet =>
  minus(set, minus(within(set, before), within(set, after)));

/** The others without the fields that were written over them, or that are gone. */
const losing = (others: readonly Entry[], taken: FieldSet, before: KubeObject, after: KubeObject): Entry[] =>
  others
    .map((entry) => ({ ...entry, fieldsV1: remaining(minus(fieldsIn(entry), taken), before, after) }))
    .filter(({ fieldsV1 }) => !isEmpty(fieldsV1));

/** A new object, all of whose fields (or those of its manifest, where it is applied) are its writer's. */
export const createdBy = (
  object: KubeObject,
  schema: PatchSchema | undefined,
  writer: Writer,
  applied?: KubeObject,
): KubeObject =>
  withEntries(
    object,
    withEntry([], undefined, applied ? 'Apply' : 'Update', object, fieldsOf(applied ?? object, schema), writer),
  );

/** An object after a write that asks nobody: what it changed is its writer's now, and nobody else's. */
export function updatedBy(
  before: KubeObject,
  after: KubeObject,
  schema: PatchSchema | undefined,
  writer: Writer,
): KubeObject {
  const entries = entriesOf(before, schema);
  const changed = changedFields(before, after, schema);
  const own = entries.find((entry) => isOf(entry, writer.manager, 'Update'));
  const others = entries.filter((entry) => entry !== own);
  const fields = union(remaining(fieldsIn(own), before, after), changed);
  const left = losing(others, changed, before, after);
  const all = withEntry(left, own, 'Update', after, isObject(fields) ? fields : {}, writer);
  return withEntries(after, all);
}

/**
 * The object after a server-side apply: what the manifest says is set, what its manager applied before and says no more
 * goes unless others own it too. Refused where the manifest sets a field otherwise than its owner did.
 * Source: sigs.k8s.io/structured-merge-diff/merge `Updater.Apply`.
 */
export function appliedBy(
  live: KubeObject,
  manifest: KubeObject,
  schema: PatchSchema | undefined,
  { manager, time, force }: Writer & { readonly force: boolean },
): { readonly object: KubeObject } | Refusal {
  const entries = entriesOf(live, schema);
  const own = entries.find((entry) => isOf(entry, manager, 'Apply'));
  const others = entries.filter((entry) => entry !== own);
  const said = fieldsOf(manifest, schema);
  const kept = others.map(fieldsIn).reduce<Json>(union, said);
  const gone = pathsOutside(fieldsIn(own), isObject(kept) ? kept : {}, live);
  const left = gone.reduce<Json>(withoutField, live) as KubeObject;
  const object = schema
    ? applyStrategicPatch(withoutReplaced(left, manifest), manifest, schema)
    : applyMergePatch(left, manifest);
  const changed = changedFields(live, object, schema);
  const met = others
    .map((entry) => ({ entry, fields: inBoth(fieldsIn(entry), changed) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (met.length > 0 && !force) return conflictOf(met);
  const theirs = losing(others, changed, live, object);
  const all = withEntry(theirs, own, 'Apply', object, said, { manager, time });
  return { object: withEntries(object, all) };
}

/** Source: k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go `NewConflictError`. */
function conflictOf(met: readonly { readonly entry: Entry; readonly fields: FieldSet }[]): Refusal {
  const owners = met.map(({ entry, fields }) => ({ who: ownerText(entry), paths: pathTexts(fields).sort() }));
  const causes = owners.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const [first] = causes;
  const error =
    causes.length === 1 && first
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${owners
          .map(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)].join('\n'))
          .join('\n')}`;
  return { error, reason: 'Conflict', details: { causes } };
}

function ownerText(entry: Entry): string {
  const subresource = textOf(entry['subresource']);
  const who =
    JSON.stringify(textOf(entry['manager'])) + (subresource === '' ? '' : ` with subresource "${subresource}"`);
  if (entry['operation'] !== 'Update') return who;
  const time = textOf(entry['time']);
  return `${who} using ${textOf(entry['apiVersion'])}${time === '' ? '' : ` at ${time}`}`;
}
