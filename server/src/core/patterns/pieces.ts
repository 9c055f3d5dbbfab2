/** A place of a text that its reader fills in. Equal numbers are one place. */
export interface Slot {
  readonly slot: number;
  /** What stands there until it is filled in. */
  readonly text: string;
}

/** A text with places to fill in. */
export type Pieces = readonly (string | Slot)[];

/** A text of a snippet, in which `$`, `}` and `\` mean something. */
export const snippetText = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

/** The text as it reads before anything is filled in. */
export const plainOf = (pieces: Pieces): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');

/** The text as a snippet of the language protocol: the cursor goes from place to place, in the order of their numbers. */
export function snippetOf(pieces: Pieces): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return snippetText(piece);
      return `\${${piece.slot}:${snippetText(piece.text)}}`;
    })
    .join('');
}

/** Fills a place in, everywhere. */
export const filled = (pieces: Pieces, slot: number, text: string): Pieces =>
  pieces.map((piece) => (typeof piece === 'string' || piece.slot !== slot ? piece : text));

/** Puts a text with places together: `` pieces`name: ${{ slot: 1, text: 'web' }}` ``. */
export function pieces(strings: TemplateStringsArray, ...values: readonly (string | Slot | Pieces)[]): Pieces {
  const all: (string | Slot)[] = [];
  const add = (piece: string | Slot): void => {
    const last = all.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') all[all.length - 1] = last + piece;
    else all.push(piece);
  };
  strings.forEach((text, i) => {
    add(text);
    const value = values[i];
    if (value === undefined) return;
    for (const piece of isPieces(value) ? value : [value]) add(piece);
  });
  return all.filter((piece) => piece !== '');
}

const isPieces = (value: string | Slot | Pieces): value is Pieces => Array.isArray(value);
