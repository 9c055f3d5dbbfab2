import { describe, expect, test } from 'vitest';
import { AliasCount } from '../../server/src/manifest/aliasing.ts';
import { parseDocument } from '../../server/src/manifest/document.ts';
import { readForSync, readWithOther, readWithYaml } from '../../server/src/manifest/values.ts';

/** Each level is nine times the one above it. */
function bomb(levels: number, first = 'x'): string {
  const lists = [`  a0: &a0 [${Array(9).fill(first).join(', ')}]`];
  for (let i = 1; i < levels; i++)
    lists.push(
      `  a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\ndata:\n${lists.join('\n')}\n`;
}

/** How many values there are, but no more than a limit. */
function nodes(value: unknown, limit: number): number {
  let count = 0;
  const walk = (at: unknown): void => {
    if (count++ >= limit || typeof at !== 'object' || at === null) return;
    for (const entry of Object.values(at)) walk(entry);
  };
  walk(value);
  return count;
}

describe('documents whose aliases make them many times as large', () => {
  test('are read by neither reader, at the alias that makes them so', () => {
    for (const read of [readWithYaml, readWithOther]) {
      const text = bomb(10);
      const reading = read(text);
      expect(reading).toMatchObject({ error: expect.stringContaining('excessive aliasing') as string });
      expect('span' in reading && text.slice(reading.span.start).startsWith('*a')).toBe(true);
    }
    expect(readForSync(bomb(10))).toHaveProperty('refused');
  });

  test('have one problem, and hold no more than is written', () => {
    const document = parseDocument(bomb(10));
    expect(document.problems.map(({ message }) => message)).toEqual([expect.stringContaining('excessive aliasing')]);
    expect(nodes(document.value, 10_000)).toBeLessThan(10_000);
    expect(document.manifests).toHaveLength(1);
  });

  test('count the nodes that merge keys decode, also where keys fall together', () => {
    const maps = ['  a0: &a0 {k: v}'];
    for (let i = 1; i < 10; i++)
      maps.push(
        `  a${i}: &a${i} {<<: [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]}`,
      );
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bomb\n  annotations: {<<: *a9}\n`;
    const first = `x:\n${maps.join('\n')}\n${text}`;
    expect(parseDocument(first).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('excessive aliasing'),
    ]);
    expect(readWithOther(first)).toHaveProperty('error');
  });

  test('are read where most of a document is its own, or little', () => {
    expect(parseDocument(bomb(2)).problems).toEqual([]);
    const own = `a: &a [1, 2, 3]\nb: [${Array(2000).fill('*a').join(', ')}]\n`;
    expect(readForSync(own)).toHaveProperty('value');
  });

  test('have the bounds of Argo CD’s reader', () => {
    const count = new AliasCount();
    for (let i = 0; i < 9; i++) count.add();
    expect(count.addAlias(990)).toBe(true);
    expect(count.decoded).toBe(1000);
    expect(count.addAlias(1090)).toBe(false);
    expect(count.decoded).toBe(1000);
  });
});
