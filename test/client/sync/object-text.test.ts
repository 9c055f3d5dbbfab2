import { load } from 'js-yaml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, KubeObject } from '#core/object';
import { objectTexts } from '../../../client/src/sync/object-text.ts';

const config = (data: Json): KubeObject => ({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data });

test('reads like a manifest: what it is first, texts of several lines as blocks', () => {
  const texts = objectTexts(config({ b: 'one\ntwo\n', a: 'yes', image: 'nginx:1.29', n: '1' }), config({}));
  expect(texts?.before).toBe(
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: "yes"\n  b: |\n    one\n    two\n  image: nginx:1.29\n  "n": "1"\n',
  );
  expect(texts?.after).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: {}\n');
});

test('leaves out what the server adds, and the status', () => {
  const live = {
    ...config({ a: 'b' }),
    metadata: { name: 'a', uid: 'u', resourceVersion: '1', managedFields: [], creationTimestamp: 'now' },
    status: { phase: 'x' },
  };
  expect(objectTexts(live, config({ a: 'b' }))?.before).toBe(objectTexts(live, config({ a: 'b' }))?.after);
});

test('masks the values of a Secret, and shows which of them change', () => {
  const secret = (data: Json): KubeObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data });
  const texts = objectTexts(secret({ kept: 'c2FtZQ==', other: 'b25l' }), secret({ kept: 'c2FtZQ==', other: 'dHdv' }));
  expect(texts?.before).toContain('data:\n  kept: (secret)\n  other: (secret)\n'.replaceAll('(secret)', '"(secret)"'));
  expect(texts?.after).toContain('  kept: "(secret)"\n  other: "(secret), changed"\n');
  expect(JSON.stringify(texts)).not.toMatch(/c2Ft|b25l|dHdv/);
});

test('is read back as it was, whatever the values are', () => {
  const value = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.constantFrom('a\nb', 'a\n', '\n', ' a\nb', 'no', '1e3', '0x1', '2026-01-01', '~', 'a: b', 'a\n\n', '---'),
      fc.stringMatching(/^[a:/. -]{1,8}$/),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('json'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
    ),
  })).json;
  fc.assert(
    fc.property(value, (data) => {
      const text = objectTexts(config({ data }), config({}))?.before ?? '';
      expect((load(text) as { data: Json }).data).toEqual(JSON.parse(JSON.stringify({ data })));
    }),
    { numRuns: 300 },
  );
});
