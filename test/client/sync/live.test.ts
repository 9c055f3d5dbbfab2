import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import type { Action } from '#core/sync/model';
import { LiveCache } from '../../../client/src/sync/live.ts';

const KEY = '/ConfigMap/shop/a';

const object = (version: string, uid = 'u1', more: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop', uid, resourceVersion: version, ...more },
});

const action = (verb: Action['verb'], seen: KubeObject): Action => ({ verb, key: KEY, object: seen });
const cache = () =>
  new LiveCache(
    () => 0,
    () => undefined,
  );
const versionOf = (live: LiveCache): unknown =>
  (live.get(KEY)?.['metadata'] as { resourceVersion?: string } | undefined)?.resourceVersion;

describe('news older than what was answered is dropped', () => {
  test('of the same object', () => {
    const live = cache();
    live.observe({ type: 'changed', key: KEY, object: object('5') });
    live.answered(action('apply', object('5')), { object: object('9') });
    live.observe({ type: 'changed', key: KEY, object: object('7') });
    expect(versionOf(live)).toBe('9');
    live.observe({ type: 'changed', key: KEY, object: object('10') });
    expect(versionOf(live)).toBe('10');
  });

  test('versions are numbers, not texts', () => {
    const live = cache();
    live.observe({ type: 'changed', key: KEY, object: object('100') });
    live.observe({ type: 'changed', key: KEY, object: object('99') });
    expect(versionOf(live)).toBe('100');
    live.observe({ type: 'changed', key: KEY, object: object('18446744073709551616') });
    live.observe({ type: 'changed', key: KEY, object: object('18446744073709551615') });
    expect(versionOf(live)).toBe('18446744073709551616');
  });

  test('of an object that we have deleted and created again', () => {
    const live = cache();
    live.observe({ type: 'changed', key: KEY, object: object('5') });
    live.answered(action('delete', object('5')), {});
    expect(live.get(KEY)).toBeUndefined();
    // A late change of the deleted one does not bring it back.
    live.observe({ type: 'changed', key: KEY, object: object('6') });
    expect(live.get(KEY)).toBeUndefined();
    live.answered(action('apply', object('')), { object: object('9', 'u2') });
    live.observe({ type: 'gone', key: KEY, object: object('7') });
    expect(versionOf(live)).toBe('9');
    live.observe({ type: 'gone', key: KEY, object: object('12', 'u2') });
    expect(live.get(KEY)).toBeUndefined();
  });
});

test('where a watch does not say which object has gone, one that we have just written is read', () => {
  const live = cache();
  live.answered(action('apply', object('')), { object: object('9', 'u2') });
  expect(live.observe({ type: 'gone', key: KEY })).toBe(false);
  expect(versionOf(live)).toBe('9');
  live.read(KEY, undefined);
  expect(live.get(KEY)).toBeUndefined();
});

test('an answer without the object leaves open how it is', () => {
  const live = cache();
  live.observe({ type: 'changed', key: KEY, object: object('5') });
  expect(live.answered(action('apply', object('5')), { message: 'configured' })).toBe(false);
  expect(live.answered({ ...action('apply', object('5')), dryRun: 'client' }, { message: 'created (dry run)' })).toBe(
    true,
  );
  expect(live.answered(action('apply', object('5')), { error: 'refused' })).toBe(true);
});

test('what is not found is gone, unless it is another object by now', () => {
  const live = cache();
  live.observe({ type: 'changed', key: KEY, object: object('5') });
  live.answered(action('get', object('4', 'u0')), { error: 'not found', reason: 'NotFound' });
  expect(versionOf(live)).toBe('5');
  live.answered(action('get', object('5')), { error: 'not found', reason: 'NotFound' });
  expect(live.get(KEY)).toBeUndefined();
});

test('whatever the order in which watch and answers come, the newest state stays', () => {
  const versions = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(versions, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (order, answers) => {
      const live = cache();
      order.forEach((version, i) => {
        const state = object(String(version));
        if (answers[i] === true) live.answered(action('apply', state), { object: state });
        else live.observe({ type: 'changed', key: KEY, object: state });
      });
      expect(versionOf(live)).toBe(String(Math.max(...order)));
    }),
  );
});
