import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, MessageEncoder } from '../../server/src/lsp/pieces.ts';

const encoder = new MessageEncoder<string>((text) => text);
const written = (message: object): string => encoder.parts(message).join('');
const item = fc.record({ message: fc.string({ unit: 'binary' }), code: fc.option(fc.constantFrom('\u0001', 'a')) });
const pieces = fc.array(fc.array(item, { minLength: 1, maxLength: 3 }), { maxLength: 4 });

describe('messages with joined pieces', () => {
  it('are written as without pieces, whatever stands in them', () => {
    fc.assert(
      fc.property(pieces, fc.string({ unit: 'binary' }), fc.boolean(), (lists, uri, asked) => {
        const diagnostics = joined(lists);
        const message = asked
          ? { jsonrpc: '2.0', id: 7, result: { kind: 'full', items: diagnostics, resultId: '1' } }
          : { jsonrpc: '2.0', method: 'x', params: { uri: `\u0001${uri}`, version: 3, diagnostics } };
        expect(written(message)).toBe(JSON.stringify(message));
        expect(written(message), 'and again, from what was kept').toBe(JSON.stringify(message));
      }),
    );
  });

  it('are written as they are where there is nothing joined', () => {
    const plain = [
      { jsonrpc: '2.0', id: 1, result: null },
      { jsonrpc: '2.0', id: 2, result: { items: [] } },
    ];
    for (const message of plain) expect(written(message)).toBe(JSON.stringify(message));
  });
});
