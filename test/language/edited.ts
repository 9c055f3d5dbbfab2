import fc from 'fast-check';

/** What a typist puts in the way of a parser. */
const PIECE = fc.constantFrom(
  ...['\n', '\r', '\t', ' ', '    ', ':', ',', '"', "'", '#', '- ', '---\n'],
  ...['{', '}', '[', '{{', '|', '>', '&a ', '*a', '/', '~1'],
);

/** One of these texts after up to six random edits. */
export const edited = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.record({ at: fc.nat(500), drop: fc.nat(12), piece: PIECE }), { maxLength: 6 }),
    )
    .map(([first, edits]) =>
      edits.reduce((text, { at, drop, piece }) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + piece + text.slice(start + drop);
      }, first),
    );
