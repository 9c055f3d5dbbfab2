import { isApplicationKind } from '../../core/annotations/catalogue.ts';
import { SYNC_OPTIONS } from '../../core/annotations/keys.ts';
import { gvkOf } from '../../core/object.ts';
import type { AnnotationEntry, ListEntry, Manifest, YamlDocument } from '../../manifest/model.ts';
import { itemsOf, type ListItem } from './items.ts';
import { judged } from './model.ts';

/** An option in the annotation of a manifest, and the annotation that it stands in. */
export interface ResourceOption extends ListItem {
  readonly entry: AnnotationEntry & { readonly value: string };
}

/** The sync options in the annotation of a manifest that a rule may judge, in their order. */
export function resourceOptions(document: YamlDocument, manifest: Manifest): ResourceOption[] {
  const entry = judged(manifest, SYNC_OPTIONS);
  return entry ? itemsOf(document, entry).map((item) => ({ ...item, entry })) : [];
}

/** An item of an Application's `syncOptions`. */
export interface ApplicationOption extends ListEntry {
  readonly value: string;
}

/** The items of an Application's `syncOptions` that a rule may judge: texts, without templates. */
export function applicationOptions(manifest: Manifest): ApplicationOption[] {
  if (!isApplicationKind(gvkOf(manifest.object))) return [];
  return (manifest.syncOptions ?? []).flatMap((item) =>
    item.templated || typeof item.value !== 'string' ? [] : [{ ...item, value: item.value }],
  );
}

/** Several options in one item, or white space around one: as a whole it matches no option. */
export const holdsSeveral = (item: string): boolean => /[,\s]/.test(item);
