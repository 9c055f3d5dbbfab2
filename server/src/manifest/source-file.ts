import { parseDocument, parseEdited } from './document.ts';
import { countLineEnds, lastAtMost, offsetIn, positionIn, type Position, type Range } from './lines.ts';
import type { PlacedDocument, Span, YamlDocument } from './model.ts';
import { documentTexts, isBorder } from './split.ts';

/** One change of a text: what stands in the range gives way to the new text. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/**
 * A file as a list of YAML documents. Immutable: a change gives a new file that shares every document the change did
 * not touch, parsed parts included. A change costs as much as the documents that it touches, and a few microseconds
 * for every thousand others; the whole text is put together only when somebody asks for it.
 */
export class SourceFile {
  /** Path or URI, as whoever opened it names it. */
  readonly path: string;
  readonly version: number;
  readonly #documents: readonly YamlDocument[];
  /** Offset and first line of each document. */
  readonly #starts: Uint32Array;
  readonly #lines: Uint32Array;
  #placed: readonly PlacedDocument[] | undefined;
  #text: string | undefined;

  /** Use `openFile` and `applyChanges`. */
  constructor(
    path: string,
    version: number,
    documents: readonly YamlDocument[],
    starts: Uint32Array,
    lines: Uint32Array,
  ) {
    this.path = path;
    this.version = version;
    this.#documents = documents;
    this.#starts = starts;
    this.#lines = lines;
  }

  get text(): string {
    return (this.#text ??= this.#documents.map((document) => document.text).join(''));
  }

  /** Length of the text in UTF-16 units. */
  get length(): number {
    const last = this.#documents.length - 1;
    return (this.#starts[last] ?? 0) + (this.#documents[last]?.text.length ?? 0);
  }

  get documentCount(): number {
    return this.#documents.length;
  }

  /** All documents with their places. At least one: an empty file is one empty document. */
  get documents(): readonly PlacedDocument[] {
    return (this.#placed ??= this.#documents.map((document, i) => this.#place(document, i)));
  }

  /** One document with its place; undefined beyond the last. */
  document(index: number): PlacedDocument | undefined {
    const document = this.#documents[index];
    return document && this.#place(document, index);
  }

  /** Index of the document that holds a line; the last one for lines beyond the text. */
  indexAtLine(line: number): number {
    return lastAtMost(this.#lines, line);
  }

  /** Index of the document that holds an offset; an offset between two documents belongs to the second. */
  indexAtOffset(offset: number): number {
    return lastAtMost(this.#starts, offset);
  }

  /** The document at a place of the file. */
  documentAt(position: Position): PlacedDocument {
    const index = this.indexAtLine(position.line);
    const document = this.#documents[index];
    if (document === undefined) throw new RangeError('a file has at least one document');
    return this.#place(document, index);
  }

  /** Offset of a place, in UTF-16 units; places beyond the end of a line are at its end. */
  offsetAt(position: Position): number {
    const { start, line, document } = this.documentAt(position);
    return start + offsetIn(document.text, document.lineStarts, { ...position, line: position.line - line });
  }

  /** Place of an offset. */
  positionAt(offset: number): Position {
    const index = this.indexAtOffset(Math.max(0, offset));
    const document = this.#documents[index];
    const place = document && positionIn(document.text, document.lineStarts, offset - (this.#starts[index] ?? 0));
    return { line: (place?.line ?? 0) + (this.#lines[index] ?? 0), character: place?.character ?? 0 };
  }

  #place(document: YamlDocument, index: number): PlacedDocument {
    return { start: this.#starts[index] ?? 0, line: this.#lines[index] ?? 0, document };
  }

  /** The file after one change; see `applyChange`. */
  changed(change: TextChange, version: number): SourceFile {
    const [start, end] = inOrder(change.range);
    let from = this.indexAtLine(start.line);
    let to = this.indexAtLine(end.line);
    const before = this.#documents[from]?.text.slice(0, this.offsetAt(start) - (this.#starts[from] ?? 0)) ?? '';
    const after = this.#documents[to]?.text.slice(this.offsetAt(end) - (this.#starts[to] ?? 0)) ?? '';
    let texts = documentTexts(before + change.text + after);
    // A border may have vanished at either end: then the neighbor belongs to what changed.
    for (;;) {
      const previous = this.#documents[from - 1];
      const next = this.#documents[to + 1];
      if (previous !== undefined && !isBorder(previous.text, texts[0] ?? '')) {
        texts = documentTexts(previous.text + texts.join(''));
        from--;
      } else if (next !== undefined && !isBorder(texts.at(-1) ?? '', next.text)) {
        texts = documentTexts(texts.join('') + next.text);
        to++;
      } else break;
    }
    return this.#spliced(from, to, texts, version);
  }

  #spliced(from: number, to: number, texts: readonly string[], version: number): SourceFile {
    const known = new Map(this.#documents.slice(from, to + 1).map((document) => [document.text, document]));
    const fresh = texts.map((text) => takeFrom(known, text) ?? parseEdited(text));
    const documents = [...this.#documents.slice(0, from), ...fresh, ...this.#documents.slice(to + 1)];
    const starts = new Uint32Array(documents.length);
    const lines = new Uint32Array(documents.length);
    starts.set(this.#starts.subarray(0, from));
    lines.set(this.#lines.subarray(0, from));
    let start = this.#starts[from] ?? 0;
    let line = this.#lines[from] ?? 0;
    fresh.forEach((document, i) => {
      starts[from + i] = start;
      lines[from + i] = line;
      start += document.text.length;
      line += document.lineStarts.length - 1;
    });
    const shift = start - (this.#starts[to + 1] ?? start);
    const lineShift = line - (this.#lines[to + 1] ?? line);
    for (let i = from + fresh.length, old = to + 1; i < documents.length; i++, old++) {
      starts[i] = (this.#starts[old] ?? 0) + shift;
      lines[i] = (this.#lines[old] ?? 0) + lineShift;
    }
    return new SourceFile(this.path, version, documents, starts, lines);
  }

  /** The file with another text as a whole; documents whose text stays the same are kept. */
  replaced(text: string, version: number): SourceFile {
    return build(this.path, text, version, new Map(this.#documents.map((document) => [document.text, document])));
  }
}

/** Opens a text: splits it into its documents and parses none of them. */
export const openFile = (path: string, text: string, version = 0): SourceFile => build(path, text, version, new Map());

/** The file after one change, as the language protocol describes it. Documents that it does not touch stay the same. */
export const applyChange = (file: SourceFile, range: Range, text: string, version = file.version + 1): SourceFile =>
  file.changed({ range, text }, version);

/** The file after several changes, each described in the state that the ones before it left. */
export const applyChanges = (
  file: SourceFile,
  changes: readonly TextChange[],
  version = file.version + 1,
): SourceFile => changes.reduce((state, change) => state.changed(change, version), file);

/** A stretch of a placed document as a range of its file. */
export function rangeOf(placed: PlacedDocument, span: Span): Range {
  const { document, line } = placed;
  const at = (offset: number): Position => {
    const position = positionIn(document.text, document.lineStarts, offset);
    return { line: position.line + line, character: position.character };
  };
  return { start: at(span.start), end: at(span.end) };
}

/** Offset within a placed document of a place in its file; clamped to the document. */
export function offsetInDocument(placed: PlacedDocument, position: Position): number {
  const { document, line } = placed;
  return offsetIn(document.text, document.lineStarts, { ...position, line: position.line - line });
}

function build(path: string, text: string, version: number, known: Map<string, YamlDocument>): SourceFile {
  const texts = documentTexts(text);
  const documents = texts.map((part) => takeFrom(known, part) ?? parseDocument(part));
  if (documents.length === 1) return new SourceFile(path, version, documents, FIRST, FIRST);
  const starts = new Uint32Array(texts.length);
  const lines = new Uint32Array(texts.length);
  texts.forEach((part, i) => {
    if (i + 1 >= texts.length) return;
    starts[i + 1] = (starts[i] ?? 0) + part.length;
    lines[i + 1] = (lines[i] ?? 0) + countLineEnds(part);
  });
  return new SourceFile(path, version, documents, starts, lines);
}

/** A document serves in one place: what is written twice are two documents, with objects of their own. */
function takeFrom(known: Map<string, YamlDocument>, text: string): YamlDocument | undefined {
  const document = known.get(text);
  if (document) known.delete(text);
  return document;
}

/** Start and line of the only document of a file: most files have one, and share this. */
const FIRST = new Uint32Array(1);

function inOrder({ start, end }: Range): [Position, Position] {
  const swapped = start.line > end.line || (start.line === end.line && start.character > end.character);
  return swapped ? [end, start] : [start, end];
}
