import { trimSpace } from '../../core/annotations/parse.ts';
import { replaceListEntry } from '../../manifest/edit-list.ts';
import type { AnnotationEntry, ListEntry, Manifest, YamlDocument } from '../../manifest/model.ts';
import { removeAnnotation, removeItem } from './fixes.ts';
import type { Fix } from './model.ts';

/** Takes an item out of a comma list, and the annotation with it where it is the only one. */
export function removeOption(fix: {
  document: YamlDocument;
  manifest: Manifest;
  entry: AnnotationEntry & { readonly value: string };
  item: string;
}): Fix {
  const { entry, item } = fix;
  const others = entry.value.split(',').filter((part) => !['', item].includes(trimSpace(part)));
  return others.length > 0 ? removeItem(fix) : removeAnnotation({ ...fix, title: `Remove ${item}` });
}

/** Puts others in the place of an item of an Application's `syncOptions`; none: the item goes. */
export function replaceOption(fix: {
  document: YamlDocument;
  item: ListEntry;
  by: readonly string[];
  title: string;
  preferred?: boolean;
}): Fix {
  const { document, item, by, title, preferred = false } = fix;
  return { title, edits: [replaceListEntry(document, item, by)], preferred, safe: false };
}
