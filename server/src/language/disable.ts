import { endOfLine, type Edit } from '../manifest/edit.ts';
import { positionIn } from '../manifest/lines.ts';
import type { Span, YamlDocument } from '../manifest/model.ts';
import type { Finding } from './diagnostics/model.ts';
import { lineAt, lineBelow } from './line-reader.ts';

const comment = (rule: string): string => `# argocd-hooks: ignore ${rule}`;

/** JSON has no comments, so that nothing can be disabled there. */
const isJson = (text: string): boolean => /^\ufeff?\s*(?:\{(?!\{)|\[)/.test(text);

/** A patch in JSON that has lines of its own in a block: a comment would become a part of it. */
const isInNestedJson = ({ text, parts }: YamlDocument, { start, end }: Span): boolean =>
  parts.some(({ kind, manifest: { span } }) => {
    if ((kind !== 'json-patch' && kind !== 'patch') || start < span.start || span.end < end) return false;
    const line = lineAt(text, span.start);
    return /[[{]/.test(text[span.start] ?? '') && text.slice(line.start, span.start).trim() === '';
  });

/** Has content beside its separator, so that no line of the document's own is above the content. */
const SEPARATED = /^\ufeff?---[ \t]+[^\s#]/;

/** A comment on a line of its own above a finding; undefined where none can stand. */
export function disableHere(document: YamlDocument, { rule, span }: Finding): Edit | undefined {
  const { text, lineStarts } = document;
  if (isJson(text) || isInNestedJson(document, span)) return undefined;
  const line = lineAt(text, span.start);
  const first = positionIn(text, lineStarts, span.start).line === 0;
  // What is above the first line belongs to the document before.
  if (first && SEPARATED.test(text)) return undefined;
  const mark = first && text.startsWith('\ufeff') ? 1 : 0;
  const at = line.start + mark;
  const indent = /^ */.exec(text.slice(at, Math.min(line.end, at + 500)))?.[0] ?? '';
  return { start: at, end: at, newText: `${indent}${comment(rule)}${endOfLine(text)}` };
}

/** A comment at the top of a finding's document; undefined where none can stand. */
export function disableInDocument({ text }: YamlDocument, { rule }: Finding): Edit | undefined {
  if (isJson(text) || SEPARATED.test(text)) return undefined;
  const eol = endOfLine(text);
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  const at = /^---/.test(text.slice(mark)) ? lineBelow(text, lineAt(text, mark))?.start : mark;
  return at === undefined ? undefined : { start: at, end: at, newText: `${comment(rule)}${eol}` };
}
