import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { patched, patchOf, type Patch } from '../../server/src/core/patch.ts';

/** A patch as it comes over the wire. */
const sent = (patch: Patch | undefined): Patch | undefined =>
  patch === undefined ? undefined : (JSON.parse(JSON.stringify(patch)) as Patch);

describe('a patch', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  // Negative zero is no JSON.
  const plain = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

  it('makes the second value of the first, whatever they are', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [before, after] = [plain(a), plain(b)];
        expect(patched(before, sent(patchOf(before, after)))).toEqual(after);
      }),
    );
  });

  it('makes it of arrays whose items come, go and change', () => {
    const item = fc.record({ name: fc.nat(12), line: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), fc.array(item, { maxLength: 60 }), (before, after) => {
        expect(patched(before, sent(patchOf(before, after)))).toEqual(after);
      }),
    );
  });

  it('leaves the first value as it was, and is none where both are equal', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [before, after] = [plain(a), plain(b)];
        const kept = JSON.stringify(before);
        patched(before, patchOf(before, after));
        expect(JSON.stringify(before)).toBe(kept);
        expect(patchOf(after, plain(b))).toBeUndefined();
      }),
    );
  });

  it('keeps what it does not touch as the same objects', () => {
    const before = { a: { x: [1, 2] }, b: [{ n: 1 }, { n: 2 }, { n: 3 }] };
    const after = patched(before, sent(patchOf(before, { a: { x: [1, 2] }, b: [{ n: 1 }, { n: 9 }, { n: 3 }] })));
    expect([after.a === before.a, after.b[0] === before.b[0], after.b[2] === before.b[2]]).toEqual([true, true, true]);
  });

  it('takes a key of any name', () => {
    const after: unknown = JSON.parse('{ "__proto__": { "x": 1 } }');
    expect(JSON.stringify(patched<unknown>({ y: 1 }, sent(patchOf({ y: 1 }, after))))).toBe('{"__proto__":{"x":1}}');
  });
});

test.each([
  ['an item that went', [1, 2, 3, 4], [1, 3, 4], [1, { drop: 1 }]],
  ['an item that came', [1, 3, 4], [1, 2, 3, 4], [1, { put: [2] }]],
  ['several', ['a', 'b', 'c', 'd'], ['b', 'c', 'x', 'd', 'e'], [{ drop: 1 }, 2, { put: ['x'] }, 1, { put: ['e'] }]],
  [
    'one that changed',
    [{ n: 1, m: 1 }, { n: 2 }],
    [{ n: 1, m: 2 }, { n: 2 }],
    [{ edit: { keys: [['m', { is: 2 }]] } }],
  ],
])('%s is all that is said', (_, before, after, items) => {
  expect(patchOf(before, after)).toEqual({ items });
});
