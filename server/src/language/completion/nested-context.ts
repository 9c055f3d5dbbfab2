import { parseDocument } from '../../manifest/document.ts';
import { parseBlockLine } from '../block-lines.ts';
import { lineAbove, lineAt, lineBelow, type TextLine } from '../line-reader.ts';
import { blockContext } from './block-context.ts';
import { blockPath } from './block-path.ts';
import type { AnnotationContext } from './context-model.ts';
import { flowContext } from './flow-context.ts';
import type { MapPlace } from './map-places.ts';

/** How far is looked up and down: more than any patch, and nothing in a file of a million lines. */
const MAX_LINES = 3_000;

/** A block scalar whose text is YAML again: the document in it that holds the cursor. */
interface NestedBlock {
  readonly start: number;
  readonly text: string;
  /** What the annotations in it are; nothing for values, which tell that themselves. */
  readonly place: Partial<MapPlace>;
}

/** Keys and values of annotations in a patch of a kustomization, or in values of a chart, that stand in a block scalar. */
export function nestedContext(text: string, offset: number): AnnotationContext | undefined {
  const nested = nestedBlock(text, offset);
  if (!nested) return undefined;
  const at = offset - nested.start;
  const context = blockContext(nested.text, at) ?? flowContext(parseDocument(nested.text), at);
  if (!context) return undefined;
  const { start, end } = context.replace;
  return { ...context, ...nested.place, replace: { start: start + nested.start, end: end + nested.start } };
}

function nestedBlock(text: string, offset: number): NestedBlock | undefined {
  const own = lineAt(text, offset);
  let need = indentOf(text, own) ?? Math.max(1, offset - own.start);
  let first: TextLine | undefined;
  let above = lineAbove(text, own);
  for (let i = 0; above && need > 0 && i < MAX_LINES; above = lineAbove(text, above), i++) {
    const indent = indentOf(text, above);
    if (indent === undefined) continue;
    if (indent >= need) {
      if (isSeparator(text, above)) first ??= lineBelow(text, above);
      continue;
    }
    const place = placeOf(text, above);
    if (place) {
      const start = (first ?? lineBelow(text, above))?.start ?? text.length;
      return { start, text: text.slice(start, endOf(text, own, indent)), place };
    }
    need = indent;
  }
  return undefined;
}

/** The column at which a line begins; undefined for a blank one. */
function indentOf(text: string, { start, end }: TextLine): number | undefined {
  let at = start;
  while (at < end && text[at] === ' ') at++;
  return at < end && text.slice(at, end).trim() !== '' ? at - start : undefined;
}

const isSeparator = (text: string, { start, end }: TextLine): boolean =>
  /^ *---[ \t]*(?:#.*)?$/.test(text.slice(start, Math.min(end, start + 200)));

/** Where the document within the scalar ends that holds a line. */
function endOf(text: string, line: TextLine, indent: number): number {
  let { end } = line;
  let below = lineBelow(text, line);
  for (let i = 0; below && i < MAX_LINES; below = lineBelow(text, below), i++) {
    const own = indentOf(text, below);
    if (own !== undefined && (own <= indent || isSeparator(text, below))) break;
    end = below.end;
  }
  return end;
}

const HEADER = /^[|>][-+0-9]*$/;

/** What a block scalar that begins on a line holds, by its key; undefined where the line opens none that is YAML. */
function placeOf(text: string, line: TextLine): Partial<MapPlace> | undefined {
  const raw = text.slice(line.start, line.end);
  const parsed = parseBlockLine(raw);
  if (!parsed) return undefined;
  const header = raw.slice(parsed.colon < 0 ? parsed.keyStart : parsed.valueStart).replace(/\s+#.*$/, '');
  if (!HEADER.test(header.trim())) return undefined;
  const [first, second] = blockPath(text, line, parsed.keyStart, parsed.dashes)?.parents ?? [];
  if (first?.key !== '-') return parsed.key === 'values' && first?.key === 'helm' ? {} : undefined;
  const list = second?.key ?? '';
  const isPatch =
    parsed.colon < 0 ? list === 'patchesStrategicMerge' : parsed.key === 'patch' && /^patches(?:Json6902)?$/.test(list);
  return isPatch ? { patched: true } : undefined;
}
