import { isScalar, visit, type Node } from 'yaml';
import { lastAtMost, lineStarts } from './lines.ts';
import type { Silence, Span } from './model.ts';
import { spanOf } from './read-yaml.ts';

const COMMENT = /#[ \t]*argocd-hooks:[ \t]*ignore[ \t]+([A-Za-z][\w-]*(?:[ \t,]+[A-Za-z][\w-]*)*)/g;

/**
 * The comments `# argocd-hooks: ignore <rule>` of a document (several rules with commas). Above the first line of
 * content they hold for the whole document; on a line of their own for the next line that is no comment; behind an
 * entry for its own line. The same words within a text in quotes or a block are none.
 */
export function silencesOf(text: string, root: Node | null): Silence[] {
  if (!text.includes('argocd-hooks:')) return [];
  const starts = lineStarts(text);
  const lines = starts.map((start, i) =>
    text
      .slice(start, starts[i + 1])
      .replace('\ufeff', '')
      .trim(),
  );
  const head = lines.findIndex((line) => !isHead(line));
  const nextContent = contentFrom(lines);
  const scalars = scalarSpans(root);
  const found: Silence[] = [];
  for (const match of text.matchAll(COMMENT)) {
    const at = match.index;
    if (scalars.some((span) => span.start <= at && at < span.end)) continue;
    const line = lastAtMost(starts, at);
    const above = head < 0 || line < head;
    const own = isVoid(lines[line] ?? '');
    const silenced = own ? (nextContent[line + 1] ?? line) : line;
    for (const rule of (match[1] ?? '').split(/[ \t,]+/)) found.push(above ? { rule } : { rule, line: silenced });
  }
  return found;
}

/** A line without content: blank, a comment, or nothing but a template such as `{{- if .Values.job }}`. */
const isVoid = (line: string): boolean => line === '' || line.startsWith('#') || /^\{\{.*\}\}$/.test(line);

/** A line above the first content: one without content, a directive, or a separator with nothing but a comment. */
const isHead = (line: string): boolean => isVoid(line) || /^(?:---(?:\s*#.*)?|%.*)$/.test(line);

/** For each line the first one from there on with content. */
function contentFrom(lines: readonly string[]): number[] {
  const next = new Array<number>(lines.length);
  for (let i = lines.length - 1, content = lines.length - 1; i >= 0; i--) {
    if (!isVoid(lines[i] ?? '')) content = i;
    next[i] = content;
  }
  return next;
}

function scalarSpans(root: Node | null): Span[] {
  const spans: Span[] = [];
  if (root === null) return spans;
  visit(root, (_key, node) => {
    if (isScalar(node) && node.type !== 'PLAIN') spans.push(spanOf(node));
  });
  return spans;
}
