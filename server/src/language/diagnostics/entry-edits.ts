import { lineAbove, lineAt, lineBelow } from '../line-reader.ts';
import type { AnnotationEntry, Manifest, YamlDocument } from '../../manifest/model.ts';
import { parseBlockLine } from '../block-lines.ts';
import { doubleQuoted, needsQuotes } from '../completion/quoting.ts';
import type { DocumentEdit } from './model.ts';

const isFlow = ({ text }: YamlDocument, { annotationsSpan }: Manifest): boolean =>
  annotationsSpan !== undefined && text[annotationsSpan.start] === '{';

/** Takes an entry away, with its whole lines; with the last one the annotations go too. Empty where that is not certain. */
export function removalOf(document: YamlDocument, manifest: Manifest, entry: AnnotationEntry): DocumentEdit[] {
  const own = manifest.annotations.filter((other) => other.merged !== true);
  const index = own.findIndex((other) => other.keySpan.start === entry.keySpan.start);
  if (index < 0) return [];
  return isFlow(document, manifest)
    ? flowRemoval(manifest, own, index)
    : blockRemoval(document, entry, own.length === 1 && own.length === manifest.annotations.length);
}

function flowRemoval(manifest: Manifest, own: readonly AnnotationEntry[], index: number): DocumentEdit[] {
  const entry = own[index];
  const next = own[index + 1];
  const previous = own[index - 1];
  if (!entry || !manifest.annotationsSpan) return [];
  if (next) return [{ span: { start: entry.keySpan.start, end: next.keySpan.start }, newText: '' }];
  if (previous) return [{ span: { start: previous.valueSpan.end, end: entry.valueSpan.end }, newText: '' }];
  return [{ span: manifest.annotationsSpan, newText: '{}' }];
}

function blockRemoval({ text }: YamlDocument, entry: AnnotationEntry, alone: boolean): DocumentEdit[] {
  const first = lineAt(text, entry.keySpan.start);
  if (text.slice(first.start, entry.keySpan.start).trim() !== '') return [];
  let { start } = first;
  if (alone) {
    let above = lineAbove(text, first);
    while (above && !parseBlockLine(text.slice(above.start, above.end))) above = lineAbove(text, above);
    if (!above || parseBlockLine(text.slice(above.start, above.end))?.key !== 'annotations') return [];
    start = above.start;
  }
  // The end of a block scalar is the beginning of the line that follows it.
  const end = Math.max(entry.keySpan.end, entry.valueSpan.end);
  const last = lineAt(text, end > entry.keySpan.end && text[end - 1] === '\n' ? end - 1 : end);
  return [{ span: { start, end: lineBelow(text, last)?.start ?? last.end }, newText: '' }];
}

/** Adds an entry in front of the others. Empty where the manifest has none to stand in front of. */
export function additionOf(document: YamlDocument, manifest: Manifest, key: string, value: string): DocumentEdit[] {
  const { text } = document;
  const first = manifest.annotations.find((other) => other.merged !== true);
  if (!first) return [];
  const at = { start: first.keySpan.start, end: first.keySpan.start };
  const quoted = needsQuotes(value) ? doubleQuoted(value) : value;
  if (isFlow(document, manifest)) {
    const json = text[first.keySpan.start] === '"';
    return [{ span: at, newText: json ? `"${key}": ${doubleQuoted(value)}, ` : `${key}: ${quoted}, ` }];
  }
  const line = lineAt(text, first.keySpan.start);
  const indent = text.slice(line.start, first.keySpan.start);
  if (indent.trim() !== '') return [];
  const lineEnd = text.slice(line.end, line.end + 2) === '\r\n' ? '\r\n' : '\n';
  return [{ span: at, newText: `${key}: ${quoted}${lineEnd}${indent}` }];
}
