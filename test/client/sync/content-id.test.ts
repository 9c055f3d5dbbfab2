import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentRevision, sha1 } from '../../../client/src/sync/content-id.ts';

test('the hash is SHA-1 of the text in UTF-8, of every length and with every character', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(fc.property(texts, (text) => sha1(text) === createHash('sha1').update(text, 'utf8').digest('hex')));
  for (const text of ['', 'a'.repeat(55), 'a'.repeat(56), 'a'.repeat(64), '\ud800', '😀\u00e9\u20ac'])
    expect(sha1(text)).toBe(createHash('sha1').update(text, 'utf8').digest('hex'));
});

test('the same manifests have the same revision, and others another one', () => {
  const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  const one = contentRevision([object('a'), object('b')]);
  expect(one).toEqual(contentRevision([object('a'), object('b')]));
  expect(one.text).toBe(`content ${one.id.slice(0, 7)} (no Git)`);
  expect(contentRevision([object('ab')]).id).not.toBe(one.id);
});
