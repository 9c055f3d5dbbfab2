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

/** Stands where the pieces go; the last one in the text is ours, whatever a client named its files. */
const MARK = '\u0001';
const WRITTEN = JSON.stringify(MARK);

/** Turns messages into JSON in parts, keeping the JSON of pieces, as `encode` gives it, for as long as these are kept. */
export class MessageEncoder<Text> {
  readonly #encode: (text: string) => Text;
  /** Each begins with the comma that separates it from the one before. */
  readonly #kept = new WeakMap<readonly unknown[], Text>();

  constructor(encode: (text: string) => Text) {
    this.#encode = encode;
  }

  /** The parts of a message: one after the other they are its JSON. */
  parts(message: object): Text[] {
    const found = piecesOf(message);
    const [first, ...others] = found?.pieces ?? [];
    if (!found || !first) return [this.#encode(JSON.stringify(message))];
    const text = JSON.stringify(found.message);
    const at = text.lastIndexOf(WRITTEN);
    // The first piece, without a comma, is the one that is written anew with each message.
    const parts = [this.#encode(`${text.slice(0, at)}[${inner(first)}`)];
    for (const piece of others) parts.push(this.#piece(piece));
    parts.push(this.#encode(`]${text.slice(at + WRITTEN.length)}`));
    return parts;
  }

  #piece(piece: readonly unknown[]): Text {
    let text = this.#kept.get(piece);
    if (text === undefined) {
      text = this.#encode(`,${inner(piece)}`);
      this.#kept.set(piece, text);
    }
    return text;
  }
}

const inner = (piece: readonly unknown[]): string => JSON.stringify(piece).slice(1, -1);

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
