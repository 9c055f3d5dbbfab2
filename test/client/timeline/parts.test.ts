import { describe, expect, test } from 'vitest';
import { changeOf, withChange } from '../../../client/src/timeline/change.ts';
import { estimateOf, learned, readDurations } from '../../../client/src/timeline/estimates.ts';
import { paragraphsOf, piecesOf } from '../../../client/src/timeline/inline.ts';
import { moved } from '../../../client/src/timeline/keyboard.ts';
import { lastDurations, rememberDurations } from '../../../client/src/vscode/timeline/memory.ts';
import { drawn, picture, planOf, SHOP, statesOf } from './shop.ts';

const plan = planOf(SHOP);

describe('what is sent of a run', () => {
  test('is small, and draws the same as the whole', async () => {
    const states = await statesOf(SHOP);
    const whole = states.map((state) => drawn(plan, state));
    let shown = whole[0];
    let sent = 0;
    for (const next of whole.slice(1)) {
      const change = shown && changeOf(shown, next);
      if (shown && change) {
        sent += change.tasks.length;
        shown = withChange(shown, change);
      } else shown = next;
      expect(shown).toEqual(next);
    }
    // Each of the 13 tasks begins, runs and ends; all are waiting when the run starts.
    expect(sent).toBeLessThan(80);
  });

  test('is whole where a task came or went', () => {
    expect(changeOf(drawn(plan), drawn(planOf(SHOP.replaceAll('db-verify', 'db-check'))))).toBeUndefined();
  });
});

describe('how long a task is expected to take', () => {
  const job = { id: 'PreSync a', group: 'batch', kind: 'Job', waited: true };

  test('as long as the last time, else as a simulation assumes, and nothing where it is not waited for', () => {
    expect(estimateOf(job, { 'PreSync a': { ms: 9, from: 'sync' } })).toEqual({ ms: 9, from: 'sync' });
    expect(estimateOf(job, {})).toEqual({ ms: 2000, from: 'assumed' });
    expect(estimateOf({ ...job, waited: false }, {})).toEqual({ ms: 0, from: 'instant' });
  });

  test('a simulation never takes the place of a real sync, and what left the plan is forgotten', () => {
    const known = { a: { ms: 1, from: 'sync' as const }, gone: { ms: 2, from: 'sync' as const } };
    const run = { a: { ms: 5, from: 'simulation' as const }, b: { ms: 6, from: 'simulation' as const } };
    expect(learned(known, run, new Set(['a', 'b']))).toEqual({ a: known.a, b: run.b });
  });

  test('what was kept and is none is left out', () => {
    expect(
      readDurations({ a: { ms: 1, from: 'sync' }, b: { ms: -1, from: 'sync' }, c: 7, d: { ms: 1, from: 'x' } }),
    ).toEqual({
      a: { ms: 1, from: 'sync' },
    });
    expect(readDurations(undefined)).toEqual({});
  });

  test('is remembered from a run that succeeded, without a name of the cluster', async () => {
    const kept = new Map<string, unknown>();
    const state = {
      get: <T>(key: string): T | undefined => kept.get(key) as T | undefined,
      update: async (key: string, value: unknown) => void kept.set(key, value),
      keys: () => [...kept.keys()],
    };
    const run = (await statesOf(SHOP, { rules: [{ name: 'db-migration', after: 42_000 }] })).at(-1);
    if (!run) throw new Error('no run');
    rememberDurations(state, { planOf: () => plan }, { ...run, place: 'kind-dev' });
    const known = lastDurations(state, run.application);
    expect(known['PreSync batch/Job/shop/db-migration']).toEqual({ ms: 42_000, from: 'sync' });
    expect(Object.keys(known).some((id) => id.includes('ConfigMap'))).toBe(false);
    expect(JSON.stringify([...kept])).not.toContain('kind-dev');
    expect(picture(drawn(plan, undefined, known)).bars.find(({ id }) => id.includes('db-migration'))?.time).toBe(
      '≈ 42 s',
    );
  });
});

describe('keys', () => {
  const shown = picture(drawn(plan));
  const walk = (from: string, ...keys: string[]): string | undefined =>
    keys.reduce<string | undefined>((at, key) => (at === undefined ? undefined : moved(shown, at, key)), from);
  const first = 'PreSync batch/Job/shop/db-backup';

  test('down to the gate and on, right to the next wave, home and end', () => {
    expect(walk(first, 'ArrowDown')).toBe('PreSync -2 gate');
    expect(walk(first, 'ArrowDown', 'ArrowDown')).toBe('PreSync batch/Job/shop/db-migration');
    expect(walk(first, 'ArrowRight', 'ArrowRight')).toBe('Sync /Secret/shop/tokens');
    expect(walk(first, 'ArrowRight', 'ArrowLeft')).toBe(first);
    expect(walk(first, 'End', 'Home')).toBe(first);
    expect(walk(first, 'ArrowUp')).toBe(first);
    expect(walk(first, 'a')).toBeUndefined();
  });

  test('down reaches everything, up comes back', () => {
    const seen = [first];
    for (let at: string | undefined = first; ;) {
      const next: string | undefined = moved(shown, at, 'ArrowDown');
      if (next === undefined || next === at) break;
      seen.push(next);
      at = next;
    }
    expect(seen).toHaveLength(shown.bars.length + shown.gates.length);
    expect(new Set(seen).size).toBe(seen.length);
    for (let i = seen.length - 1; i > 0; i--) expect(moved(shown, seen[i] ?? '', 'ArrowUp')).toBe(seen[i - 1]);
  });
});

describe('texts of tooltips', () => {
  test('bold, code, escapes and links are set, and nothing is read as HTML', () => {
    expect(piecesOf('**Job a\\*b** in `shop`, [docs](https://x) <b>')).toEqual([
      { text: 'Job a*b', style: 'strong' },
      { text: ' in ', style: 'plain' },
      { text: 'shop', style: 'code' },
      { text: ', docs <b>', style: 'plain' },
    ]);
    expect(paragraphsOf('$(warning) one\n\n\n\ntwo').map((pieces) => pieces.map(({ text }) => text).join(''))).toEqual([
      '⚠ one',
      'two',
    ]);
  });
});
