import type { Manifest, Span, YamlDocument } from '../../manifest/model.ts';
import { nameOrKind } from './where.ts';

/**
 * Where a field of a manifest is written, key and value, found by its name without parsing anything again. Where the
 * name stands in the manifest not once but never or several times: the manifest's name or kind.
 */
export function fieldPlace(manifest: Manifest, document: YamlDocument, name: string): Span {
  const { start, end } = manifest.span;
  const field = new RegExp(`(?<=^|[\\n{,][ \\t]*(?:- )?|\\n)(["']?)${name}\\1[ \\t]*:[ \\t]*[^\\s,}#]*`, 'g');
  const own = document.text.slice(start, end);
  const [first, second] = own.matchAll(field);
  if (first && !second) return { start: start + first.index, end: start + first.index + first[0].length };
  return nameOrKind(manifest, document) ?? manifest.span;
}

/** Where messages about a manifest as a whole stand. */
export const manifestPlace = (manifest: Manifest, document: YamlDocument): Span =>
  nameOrKind(manifest, document) ?? manifest.span;
