import type { Manifest, Span, YamlDocument } from '../../manifest/model.ts';
import { Locator, type Path } from '../../manifest/locate.ts';
import { isObject, type Json } from '../../core/object.ts';
import { entryOf, type Where } from './model.ts';

/** The value of an annotation; its key where the value is empty. */
export const annotationValue =
  (key: string): Where =>
  (manifest) => {
    const entry = entryOf(manifest, key);
    return entry && (entry.valueSpan.start < entry.valueSpan.end ? entry.valueSpan : entry.keySpan);
  };

/** Where messages about a manifest as a whole stand: at its name, else its kind, else its first line. */
export const nameOrKind: Where = (manifest, { text }) =>
  manifest.nameSpan ?? manifest.kindSpan ?? firstLine(text, manifest.span.start);

/** The value at a path of the manifest; the innermost value on the way where the path leads nowhere. */
export const valueAt =
  (...path: Path): Where =>
  (manifest, document) =>
    valueInDocument(document, [...pathOf(manifest, document), ...path]);

/** The key at the end of a path of the manifest. */
export const keyAt =
  (...path: Path): Where =>
  (manifest, document) =>
    keyInDocument(document, [...pathOf(manifest, document), ...path]);

/** The key and the value at the end of a path from the root of a document. */
export const keyInDocument = (document: YamlDocument, path: Path): Span | undefined => locatorOf(document).key(path);
export const valueInDocument = (document: YamlDocument, path: Path): Span | undefined =>
  locatorOf(document).value(path);

function firstLine(text: string, start: number): Span {
  const feed = text.slice(start).search(/[\r\n]/);
  return { start, end: feed < 0 ? text.length : start + feed };
}

const locators = new WeakMap<YamlDocument, Locator>();

/** Parses the document again, for what a manifest does not keep: only where something is reported. */
function locatorOf(document: YamlDocument): Locator {
  let locator = locators.get(document);
  if (!locator) {
    locator = new Locator(document.text);
    locators.set(document, locator);
  }
  return locator;
}

/** Where a manifest stands in its document: an item of a list is one of its items; any other manifest is the root. */
export function pathOf({ object }: Manifest, document: YamlDocument): Path {
  const items: Json | undefined = isObject(document.value) ? document.value['items'] : undefined;
  const index = Array.isArray(items) ? items.indexOf(object) : -1;
  return index < 0 ? [] : ['items', index];
}
