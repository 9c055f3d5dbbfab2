import { opensBlock, parseBlockLine, type BlockLine } from '../block-lines.ts';
import { lineAbove, lineAt, lineBelow, type TextLine } from '../line-reader.ts';

/** How far is looked up and down: far more than any manifest's metadata, and nothing in a file of a million lines. */
const MAX_LINES = 3_000;

/** Where a key of block YAML stands: its parents from the inside out, `-` for an item of a list. */
export interface BlockPath {
  readonly parents: readonly { readonly key: string; readonly line: TextLine; readonly column: number }[];
}

/**
 * The parents of a key that begins at a column of a line. Undefined where a parent already has a value of its own, so
 * that nothing can stand below it: inside of block scalars, multi-line texts and flow maps.
 */
export function blockPath(
  text: string,
  line: TextLine,
  column: number,
  dashes: readonly number[],
): BlockPath | undefined {
  const parents: { key: string; line: TextLine; column: number }[] = [];
  let need = column;
  let inList = false;
  const enterItem = (marks: readonly number[], at: TextLine): boolean => {
    const dash = marks[0];
    if (dash === undefined) return true;
    parents.push({ key: '-', line: at, column: dash });
    need = dash;
    inList = true;
    return marks.length === 1;
  };
  if (!enterItem(dashes, line)) return undefined;
  let above = lineAbove(text, line);
  for (let count = 0; above && count < MAX_LINES && (need > 0 || inList); above = lineAbove(text, above), count++) {
    const raw = text.slice(above.start, above.end);
    const parsed = parseBlockLine(raw);
    if (!parsed) continue;
    const firstOfItem = parsed.keyStart === need && parsed.dashes.length > 0;
    if (firstOfItem && !inList) {
      if (!enterItem(parsed.dashes, above)) return undefined;
      continue;
    }
    if (inList ? parsed.keyStart > need : parsed.keyStart >= need) continue;
    if (parsed.colon < 0 || !opensBlock(raw, parsed)) return undefined;
    parents.push({ key: parsed.key, line: above, column: parsed.keyStart });
    need = parsed.keyStart;
    inList = false;
    if (!enterItem(parsed.dashes, above)) return undefined;
  }
  return inList ? undefined : { parents };
}

/** Values of the keys beside one: lines of the same map, above and below, that are written on one line. */
export function siblings(text: string, line: TextLine, column: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const take = (at: TextLine): BlockLine | undefined => {
    const raw = text.slice(at.start, at.end);
    const parsed = parseBlockLine(raw);
    if (parsed?.keyStart === column && parsed.colon >= 0)
      found.set(parsed.key, plainValue(raw.slice(parsed.valueStart)));
    return parsed;
  };
  const leaves = (parsed: BlockLine | undefined): boolean => parsed !== undefined && parsed.keyStart < column;
  const own = parseBlockLine(text.slice(line.start, line.end));
  let at = own && own.dashes.length > 0 ? undefined : lineAbove(text, line);
  for (let count = 0; at && count < MAX_LINES; at = lineAbove(text, at), count++) {
    const parsed = take(at);
    if (leaves(parsed) || (parsed?.keyStart === column && parsed.dashes.length > 0)) break;
  }
  at = lineBelow(text, line);
  for (let count = 0; at && count < MAX_LINES; at = lineBelow(text, at), count++) {
    const parsed = parseBlockLine(text.slice(at.start, at.end));
    if (leaves(parsed) || (parsed && parsed.dashes.some((dash) => dash < column))) break;
    take(at);
  }
  return found;
}

/** Column of the first key below a parent; undefined where nothing stands below it yet. */
export function childColumn(
  text: string,
  parent: { readonly line: TextLine; readonly column: number },
): number | undefined {
  let at = lineBelow(text, parent.line);
  for (let count = 0; at && count < MAX_LINES; at = lineBelow(text, at), count++) {
    const parsed = parseBlockLine(text.slice(at.start, at.end));
    if (parsed) return parsed.keyStart > parent.column ? parsed.keyStart : undefined;
  }
  return undefined;
}

/** What the root of a manifest says that it is; an absent key is an empty text. */
export interface Root {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * What stands beside the outermost of these keys, which are the parents from the inside out: `['annotations',
 * 'metadata']` for a key of an object's annotations. The object is the root of the document, or an item of a list in it.
 * Undefined where the parents are others.
 */
export function rootAbove(text: string, { parents }: BlockPath, keys: readonly string[]): Root | undefined {
  if (keys.some((key, i) => parents[i]?.key !== key)) return undefined;
  const outer = parents.slice(keys.length);
  if (outer.some(({ key }, i) => key !== (i % 2 === 0 ? '-' : 'items')) || outer.length % 2 === 1) return undefined;
  const outermost = parents[keys.length - 1];
  if (!outermost) return undefined;
  const beside = siblings(text, outermost.line, outermost.column);
  return { apiVersion: beside.get('apiVersion') ?? '', kind: beside.get('kind') ?? '' };
}

const plainValue = (text: string): string =>
  text
    .replace(/\s+#.*$/, '')
    .replace(/^(["'])(.*)\1\s*$/, '$2')
    .trim();

/** The line of an offset, taken apart, with the offset's column. */
export function blockLineAt(text: string, offset: number): { line: TextLine; raw: string; column: number } {
  const line = lineAt(text, offset);
  return { line, raw: text.slice(line.start, line.end), column: Math.min(offset, line.end) - line.start };
}
