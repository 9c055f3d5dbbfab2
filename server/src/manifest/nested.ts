import { isScalar } from 'yaml';
import type { Parsed } from './parsed.ts';
import { nextLine } from './edit.ts';
import type { AnnotationEntry, AnnotationsPart, Manifest, Span } from './model.ts';
import { spanOf } from './read-yaml.ts';

/** A text of a document that is written there letter by letter, so that places in it are places of the document. */
export interface NestedText {
  readonly start: number;
  readonly text: string;
}

/** The text of a literal block that is written at a place. */
export function literalAt(text: string, { start, end }: Span): NestedText | undefined {
  if (text[start] !== '|') return undefined;
  const from = nextLine(text, start);
  return from < end ? { start: from, text: text.slice(from, end) } : undefined;
}

/**
 * The YAML documents within a scalar, as they are written, with their indentation: a literal block, or JSON that stands
 * in a folded block or in quotes without escapes. None for what is written in another way.
 */
export function nestedTexts(text: string, node: unknown): NestedText[] {
  if (!isScalar(node) || typeof node.value !== 'string') return [];
  const { start, end } = spanOf(node);
  switch (node.type) {
    case 'BLOCK_LITERAL':
      return separated(text, nextLine(text, start), end);
    case 'BLOCK_FOLDED': {
      const from = nextLine(text, start);
      return /^\s*[[{]/.test(text.slice(from, end)) ? [{ start: from, text: text.slice(from, end) }] : [];
    }
    case 'PLAIN':
      return [];
    default:
      return text.startsWith(node.value, start + 1) ? [{ start: start + 1, text: node.value }] : [];
  }
}

/** Separators are indented as all the rest, so that no parser takes them for some. */
function separated(text: string, start: number, end: number): NestedText[] {
  const found: NestedText[] = [];
  let from = start;
  for (let line = start; line < end; line = nextLine(text, line)) {
    if (!/^[ ]*---[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(line, Math.min(nextLine(text, line), line + 200)))) continue;
    if (line > from) found.push({ start: from, text: text.slice(from, line) });
    from = nextLine(text, line);
  }
  if (from < end) found.push({ start: from, text: text.slice(from, end) });
  return found;
}

/** A manifest some units further down. */
export function movedManifest<T extends Partial<Manifest>>(manifest: T, by: number): T {
  const { span, kindSpan, nameSpan, metadataSpan, annotationsSpan, metadataKeySpan, annotationsKeySpan } = manifest;
  const { annotations, syncOptions } = manifest;
  return {
    ...manifest,
    ...(span ? { span: moved(span, by) } : {}),
    ...(kindSpan ? { kindSpan: moved(kindSpan, by) } : {}),
    ...(nameSpan ? { nameSpan: moved(nameSpan, by) } : {}),
    ...(metadataSpan ? { metadataSpan: moved(metadataSpan, by) } : {}),
    ...(annotationsSpan ? { annotationsSpan: moved(annotationsSpan, by) } : {}),
    ...(metadataKeySpan ? { metadataKeySpan: moved(metadataKeySpan, by) } : {}),
    ...(annotationsKeySpan ? { annotationsKeySpan: moved(annotationsKeySpan, by) } : {}),
    ...(annotations ? { annotations: annotations.map((entry) => movedEntry(entry, by)) } : {}),
    ...(syncOptions ? { syncOptions: syncOptions.map((item) => ({ ...item, span: moved(item.span, by) })) } : {}),
  };
}

const movedEntry = (entry: AnnotationEntry, by: number): AnnotationEntry => ({
  ...entry,
  keySpan: moved(entry.keySpan, by),
  valueSpan: moved(entry.valueSpan, by),
});

/** A place some units further down. */
export const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

/** A part some units further down. */
export const movedPart = (part: AnnotationsPart, by: number): AnnotationsPart => ({
  ...part,
  manifest: movedManifest(part.manifest, by),
});

/** What a nested text says, with its places as those of the document; lines of its silences are its own. */
export function parsedWithin({ start, text }: NestedText, parse: (text: string) => Parsed): Parsed {
  const parsed = parse(text);
  return {
    ...parsed,
    manifests: parsed.manifests.map((manifest) => movedManifest(manifest, start)),
    parts: parsed.parts.map((part) => movedPart(part, start)),
  };
}
