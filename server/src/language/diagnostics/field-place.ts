import type { Manifest, Span, YamlDocument } from '../../manifest/model.ts';
import { nameOrKind } from './where.ts';

/**
 * Where a field of a manifest is written, key and value, found by its name without parsing anything again. Where the
 * name stands in the manifest as a key not once but never or several times: the manifest's name or kind.
 */
export function fieldPlace(manifest: Manifest, document: YamlDocument, name: string): Span {
  const { start, end } = manifest.span;
  const { text } = document;
  let found: Span | undefined;
  for (let at = text.indexOf(name, start); at >= 0 && at < end; at = text.indexOf(name, at + name.length)) {
    const place = keyAt(text, at, name.length);
    if (!place) continue;
    if (found) return manifestPlace(manifest, document);
    found = place;
  }
  return found ?? manifestPlace(manifest, document);
}

/** No key is further from its colon, and no value that is shown whole is longer. */
const NEAR = 300;

/** The key that is written at an offset, with its value; undefined where no key stands there. */
function keyAt(text: string, at: number, length: number): Span | undefined {
  const quote = text[at - 1] === '"' || text[at - 1] === "'" ? text[at - 1] : undefined;
  const start = quote === undefined ? at : at - 1;
  if (start > 0 && !/[\s{,]/.test(text.charAt(start - 1))) return undefined;
  const behind = at + length;
  const end = quote === undefined ? behind : behind + 1;
  if (quote !== undefined && text[behind] !== quote) return undefined;
  const value = /^[ \t]*:[ \t]*[^\s,}#]*/.exec(text.slice(end, end + NEAR));
  return value ? { start, end: end + value[0].length } : undefined;
}

/** Where messages about a manifest as a whole stand. */
export const manifestPlace = (manifest: Manifest, document: YamlDocument): Span =>
  nameOrKind(manifest, document) ?? manifest.span;
