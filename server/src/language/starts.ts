import type { KubeObject } from '../core/object.ts';
import type { YamlDocument } from '../manifest/model.ts';
import { objectReadByValue } from '../workspace/objects.ts';

/** An object of a document, and where it begins: in UTF-16 units from the document's start. */
export interface Start {
  readonly object: KubeObject;
  readonly start: number;
}

/**
 * The objects of a document that have a kind, with their beginnings. Where the document is one map from the first
 * column on its values show the place, and nothing is parsed for it.
 */
export function startsOf(document: YamlDocument): readonly Start[] {
  const plain = objectReadByValue(document);
  const start = plain && document.lineStarts[plain.line];
  if (plain && start !== undefined && beginsAt(document.text, start)) return [{ object: plain.object, start }];
  return document.manifests.map(({ object, span }) => ({ object, start: span.start }));
}

/** A plain key at the first column, in a text with nothing that the two readers are known to take differently. */
const beginsAt = (text: string, start: number): boolean =>
  /[A-Za-z]/.test(text.charAt(start)) && !text.includes('\ufeff', 1) && !text.includes(' ---') && !text.includes('\t');
