import type { Edit } from './edit.ts';
import type { ListEntry, YamlDocument } from './model.ts';
import { nextLineStart } from './lines.ts';
import { writeScalar } from './scalar-text.ts';

/** Puts other values in the place of one item of a list, each an item of its own; none: the item goes. */
export function replaceListEntry({ text }: YamlDocument, item: ListEntry, values: readonly string[]): Edit {
  const { start, end } = item.span;
  const line = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const lead = text.slice(line, start);
  // Anything in front but a dash is a list on one line.
  const block = /^ *- +$/.test(lead);
  if (values.length === 0) return block ? { start: line, end: lineEnd(text, end), newText: '' } : outOfFlow(text, item);
  const style = item.style === 'single' || item.style === 'double' ? item.style : 'plain';
  const written = values.map((value) => writeScalar(value, style, !block));
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const feed = item.style === 'block' && text[end - 1] === '\n' ? eol : '';
  return { start, end, newText: written.join(block ? eol + lead : ', ') + feed };
}

/** Where the line after an item begins; a block scalar ends with its own line feed. */
const lineEnd = (text: string, end: number): number => (text[end - 1] === '\n' ? end : nextLineStart(text, end));

function outOfFlow(text: string, { span: { start, end } }: ListEntry): Edit {
  const after = /^\s*,[ \t]*/.exec(text.slice(end));
  if (after) return { start, end: end + after[0].length, newText: '' };
  const before = /,?\s*$/.exec(text.slice(0, start));
  return { start: start - (before?.[0].length ?? 0), end, newText: '' };
}
