/**
 * A report on a large file is thousands of diagnostics, of which a keystroke changes those of one YAML document. They
 * are kept as pieces, one a document, and a piece is turned into JSON once.
 */

/** The arrays that were joined, and what of. */
const known = new WeakMap<readonly unknown[], readonly (readonly unknown[])[]>();

/** One array of all pieces, which `encode` writes without looking at the pieces that it wrote before. */
export function joined<T>(pieces: readonly (readonly T[])[]): T[] {
  const all = pieces.flat();
  known.set(all, pieces);
  return all;
}

export interface Encoder<Text> {
  /** The encoded form of a text. */
  readonly text: (text: string) => Text;
  readonly concat: (parts: readonly Text[]) => Text;
}

/** Stands where the pieces go; the last one in the text is ours, whatever a client named its files. */
const MARK = '\u0001';
const WRITTEN = JSON.stringify(MARK);

/** Turns messages into JSON, keeping the JSON of pieces for as long as these are kept. */
export class MessageEncoder<Text> {
  readonly #encoder: Encoder<Text>;
  readonly #kept = new WeakMap<readonly unknown[], Text>();

  constructor(encoder: Encoder<Text>) {
    this.#encoder = encoder;
  }

  encode(message: object): Text {
    const found = piecesOf(message);
    if (!found) return this.#encoder.text(JSON.stringify(message));
    const text = JSON.stringify(found.message);
    const at = text.lastIndexOf(WRITTEN);
    const comma = this.#encoder.text(',');
    const parts = [this.#encoder.text(`${text.slice(0, at)}[`)];
    for (const [index, piece] of found.pieces.entries()) {
      if (index > 0) parts.push(comma);
      parts.push(this.#piece(piece));
    }
    parts.push(this.#encoder.text(`]${text.slice(at + WRITTEN.length)}`));
    return this.#encoder.concat(parts);
  }

  #piece(piece: readonly unknown[]): Text {
    let text = this.#kept.get(piece);
    if (text === undefined) {
      text = this.#encoder.text(JSON.stringify(piece).slice(1, -1));
      this.#kept.set(piece, text);
    }
    return text;
  }
}

/** The message with a mark in the place of the joined array of its result or parameters. */
function piecesOf(
  message: object,
): { readonly message: object; readonly pieces: readonly (readonly unknown[])[] } | undefined {
  for (const [part, value] of Object.entries(message) as [string, unknown][]) {
    if (typeof value !== 'object' || value === null || (part !== 'result' && part !== 'params')) continue;
    for (const [key, array] of Object.entries(value) as [string, unknown][]) {
      const pieces = Array.isArray(array) ? known.get(array) : undefined;
      if (pieces) return { message: { ...message, [part]: { ...value, [key]: MARK } }, pieces };
    }
  }
  return undefined;
}
