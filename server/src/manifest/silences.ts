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
  const scalars = scalarSpans(root);
  const found: Silence[] = [];
  for (const match of text.matchAll(COMMENT)) {
    const at = match.index;
    if (scalars.some((span) => span.start <= at && at < span.end)) continue;
    const line = lastAtMost(starts, at);
    const place = silencedLine(text, starts, line, at);
    for (const rule of (match[1] ?? '').split(/[ \t,]+/)) {
      found.push(place === undefined ? { rule } : { rule, line: place });
    }
  }
  return found;
}

function silencedLine(text: string, starts: readonly number[], line: number, at: number): number | undefined {
  const lineText = (i: number): string => text.slice(starts[i] ?? text.length, starts[i + 1] ?? text.length).trim();
  const isVoid = (i: number): boolean => lineText(i) === '' || lineText(i).startsWith('#');
  const isHead = (i: number): boolean => isVoid(i) || /^(?:---(?:\s*#.*)?|%.*|\ufeff)$/.test(lineText(i));
  const own =
    text
      .slice(starts[line] ?? 0, at)
      .replace('\ufeff', '')
      .trim() === '';
  if (!own && !isHead(line)) return line;
  let above = line;
  while (above >= 0 && isHead(above)) above--;
  if (above < 0) return undefined;
  let next = line + 1;
  while (next < starts.length - 1 && isVoid(next)) next++;
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
