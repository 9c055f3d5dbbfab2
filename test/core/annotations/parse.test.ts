import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInteger, parseList, trimSpace } from '#core/annotations/parse';
import { compareBytes, sortByBytes } from '#core/object';

/** Written without any shortcut, as the values are described. */
const SPACE = '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u200a\u2028\u2029\u202f\u205f\u3000';
function slowTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.includes(text[start] ?? '')) start++;
  while (end > start && SPACE.includes(text[end - 1] ?? '')) end--;
  return text.slice(start, end);
}

function slowInteger(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const exact = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, exact) === exact ? Number(exact) : undefined;
}

const unit = fc.constantFrom(...SPACE, ',', 'a', 'Sync', '~', '!', '\ufeff', '\u200b', '\0', '\x7f', 'é', '😀');
const words = fc.array(unit, { maxLength: 8 }).map((parts) => parts.join(''));

describe('values of annotations, read by the short way where there is one', () => {
  it('loses the white space that Go calls so', () => {
    fc.assert(
      fc.property(words, (text) => {
        expect(trimSpace(text)).toBe(slowTrim(text));
      }),
    );
  });

  it('takes lists with and without commas for the same', () => {
    fc.assert(
      fc.property(words, (text) => {
        const items = text.split(',').map(slowTrim);
        expect(parseList(text)).toEqual(items.filter((item, i) => item !== '' && items.indexOf(item) === i));
      }),
    );
  });

  it('reads integers of any length', () => {
    const digits = fc.stringMatching(/^[+-]?0{0,3}[0-9]{0,20}$/);
    const near = fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String);
    fc.assert(
      fc.property(fc.oneof(digits, near, fc.string()), (text) => {
        expect(parseInteger(text)).toBe(slowInteger(text));
      }),
    );
    expect(parseInteger('-0')).toBe(0);
  });
});

describe('the order by bytes', () => {
  it('is the same whether or not some key holds a surrogate', () => {
    const key = fc.array(fc.constantFrom('a', 'b', '/', '\uffee', '\ud800', '\udfff', '😀', 'é'), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        const items = keys.map((parts, at) => ({ key: parts.join(''), at }));
        expect(sortByBytes([...items])).toEqual(items.toSorted((a, b) => compareBytes(a.key, b.key)));
        const plain = items.map(({ key: own, at }) => ({ key: own.replace(/[\ud800-\udfff]/g, ''), at }));
        expect(sortByBytes([...plain])).toEqual(plain.toSorted((a, b) => compareBytes(a.key, b.key)));
      }),
    );
  });
});
