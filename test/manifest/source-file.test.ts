import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  applyChange,
  applyChanges,
  openFile,
  type SourceFile,
  type TextChange,
} from '../../server/src/manifest/source-file.ts';

const texts = (file: SourceFile): string[] => file.documents.map((placed) => placed.document.text);

/** Lines that matter to the border between documents, and some that do not. */
const PIECES = [
  '---\n',
  '---',
  '--- # head\n',
  '--- |\r\n',
  '...\n',
  '...',
  '....\n',
  '# comment\n',
  '%YAML 1.1\n',
  '\n',
  '\r\n',
  '\r',
  'a: 1\n',
  'b: |\n  ---\n  x\n',
  'x',
  ' ',
  '\ufeff',
  '-',
  '.',
  '😀é',
];
const anyText = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));
const anyPosition = fc.record({ line: fc.nat({ max: 14 }), character: fc.nat({ max: 9 }) });
const anyChange = fc.record({ range: fc.record({ start: anyPosition, end: anyPosition }), text: anyText });

/** A change as the protocol's own package places it. */
function splice(text: string, change: TextChange): string {
  const reference = TextDocument.create('file:///a.yaml', 'yaml', 0, text);
  const offsets = [reference.offsetAt(change.range.start), reference.offsetAt(change.range.end)];
  return text.slice(0, Math.min(...offsets)) + change.text + text.slice(Math.max(...offsets));
}

describe('a source file', () => {
  test('after any edits is what a fresh open of the text is', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyChange, { maxLength: 6 }), (text, changes) => {
        const expected = changes.reduce(splice, text);
        const edited = applyChanges(openFile('a.yaml', text), changes);
        const fresh = openFile('a.yaml', expected);
        expect(edited.text).toBe(expected);
        expect(edited.length).toBe(edited.text.length);
        expect(texts(edited)).toEqual(texts(fresh));
        expect(edited.documents.map(({ start, line }) => [start, line])).toEqual(
          fresh.documents.map(({ start, line }) => [start, line]),
        );
      }),
      { numRuns: 3000 },
    );
  });

  test('counts places as the language protocol does', () => {
    fc.assert(
      fc.property(anyText, anyPosition, fc.nat({ max: 60 }), (text, position, offset) => {
        const reference = TextDocument.create('file:///a.yaml', 'yaml', 0, text);
        const file = openFile('a.yaml', text);
        expect(file.offsetAt(position)).toBe(reference.offsetAt(position));
        expect(file.positionAt(offset)).toEqual(reference.positionAt(offset));
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps the documents that a change does not touch', () => {
    const file = openFile('a.yaml', 'a: 1\n---\nb: 2\n---\nc: 3\n');
    const position = { line: 2, character: 4 };
    const edited = applyChange(file, { start: position, end: position }, '2');
    expect(texts(edited)).toEqual(['a: 1\n', '---\nb: 22\n', '---\nc: 3\n']);
    expect(edited.document(0)?.document).toBe(file.document(0)?.document);
    expect(edited.document(2)?.document).toBe(file.document(2)?.document);
    expect(edited.document(1)?.document).not.toBe(file.document(1)?.document);
    expect(edited.version).toBe(1);
  });

  test('joins a document to its neighbor when the separator between them goes', () => {
    const file = openFile('a.yaml', 'a: 1\n---\nb: 2\n---\nc: 3\n');
    const joined = applyChange(file, { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } }, '');
    expect(texts(joined)).toEqual(['a: 1\n--\nb: 2\n', '---\nc: 3\n']);
  });

  test('keeps equal documents when the whole text is replaced', () => {
    const file = openFile('a.yaml', 'a: 1\n---\nb: 2\n');
    const replaced = file.replaced('z: 0\n---\nb: 2\n', 7);
    expect(replaced.document(1)?.document).toBe(file.document(1)?.document);
    expect(replaced.version).toBe(7);
  });
});

describe('documents are split', () => {
  test.each([
    ['an empty text is one empty document', '', ['']],
    ['comments above the first separator belong to the first document', '# c\n\n---\na: 1\n', ['# c\n\n---\na: 1\n']],
    ['a separator with content', 'a: 1\n--- {b: 2}\n--- # c\nc: 3\n', ['a: 1\n', '--- {b: 2}\n', '--- # c\nc: 3\n']],
    ['two separators in a row', '---\n---\n', ['---\n', '---\n']],
    [
      'the end mark belongs to the document before it',
      'a: 1\n...\n# c\n---\nb: 2\n',
      ['a: 1\n...\n', '# c\n---\nb: 2\n'],
    ],
    [
      'CRLF and a byte-order mark',
      '\ufeff---\r\na: 1\r\n---\r\nb: 2\r\n',
      ['\ufeff---\r\na: 1\r\n', '---\r\nb: 2\r\n'],
    ],
    ['no separator within an indented block', 'a: |\n  ---\n  x\n ---\n', ['a: |\n  ---\n  x\n ---\n']],
    ['no separator where more dashes follow', 'a: 1\n----\n---x\n', ['a: 1\n----\n---x\n']],
    [
      'directives stay with their document',
      'a: 1\n...\n%YAML 1.1\n---\nb: 2\n',
      ['a: 1\n...\n', '%YAML 1.1\n---\nb: 2\n'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(texts(openFile('a.yaml', text))).toEqual(expected);
  });
});
