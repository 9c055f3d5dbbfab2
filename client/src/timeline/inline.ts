/** A piece of a text, as it is set. */
export interface Piece {
  readonly text: string;
  readonly style: 'plain' | 'strong' | 'code';
}

const TOKEN = /\\(?<escaped>.)|\*\*|`(?<code>[^`]*)`|\$\((?<icon>[\w~-]+)\)|\[(?<label>[^\]\\]*)\]\([^)]*\)/gs;

/** Icons that say something; the others stand beside words that say it already. */
const ICONS: Readonly<Record<string, string>> = { warning: '⚠' };

/** One paragraph of the Markdown that tooltips are written in: bold, code, escapes, icons; of a link its text. */
export function piecesOf(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let strong = false;
  const add = (text: string, style: Piece['style']): void => {
    const last = pieces.at(-1);
    if (last?.style === style) pieces[pieces.length - 1] = { text: last.text + text, style };
    else if (text !== '') pieces.push({ text, style });
  };
  const style = (): Piece['style'] => (strong ? 'strong' : 'plain');
  let end = 0;
  for (const { 0: token, index, groups = {} } of markdown.matchAll(TOKEN)) {
    add(markdown.slice(end, index), style());
    end = index + token.length;
    const { escaped, code, icon, label } = groups;
    if (escaped !== undefined) add(escaped, style());
    else if (code !== undefined) add(code, 'code');
    else if (icon !== undefined) add(ICONS[icon] ?? '', style());
    else if (label !== undefined) add(label, style());
    else strong = !strong;
  }
  add(markdown.slice(end), style());
  return pieces;
}

/** The paragraphs of such a text. */
export const paragraphsOf = (markdown: string): Piece[][] =>
  markdown.split('\n\n').flatMap((paragraph) => (paragraph.trim() === '' ? [] : [piecesOf(paragraph.trim())]));
