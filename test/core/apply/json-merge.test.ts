import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonMergePatch } from '#core/apply/json-merge';
import { withoutNulls } from '#core/apply/last-applied';
import { PatchError } from '#core/apply/patch';
import { isObject, type Json, type JsonObject } from '#core/object';
import { applyMergePatch } from '#core/apply/merge-patch';

const patchOf = (original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject =>
  jsonMergePatch({ original, modified, current });

describe('the JSON merge patch of an apply', () => {
  test.each<[string, { was: JsonObject; now: JsonObject; live: JsonObject; patch: JsonObject }]>([
    ['is empty where nothing differs', { was: { a: 1 }, now: { a: 1 }, live: { a: 1, status: {} }, patch: {} }],
    [
      'sets, takes away and leaves',
      {
        was: { spec: { a: 1, gone: 1, deep: { x: 1, y: 1 } } },
        now: { spec: { a: 2, deep: { x: 1 } } },
        live: { spec: { a: 1, gone: 1, deep: { x: 1, y: 1 }, theirs: 1 } },
        patch: { spec: { a: 2, gone: null, deep: { y: null } } },
      },
    ],
    ['replaces a list as a whole', { was: {}, now: { l: [1, 2] }, live: { l: [2, 1] }, patch: { l: [1, 2] } }],
    ['sends an empty map', { was: {}, now: { spec: { m: {} } }, live: { spec: {} }, patch: { spec: { m: {} } } }],
    [
      'sends a null of the manifest once',
      { was: {}, now: { a: null, b: { c: null } }, live: { a: 1 }, patch: { a: null, b: { c: null } } },
    ],
    ['sends it no more then', { was: { a: null }, now: { a: null }, live: {}, patch: {} }],
    [
      'takes away what the manifest made a null',
      { was: { a: 1 }, now: { a: null }, live: { a: 1 }, patch: { a: null } },
    ],
    ['drops nulls inside of a list', { was: {}, now: { l: [{ x: null, y: 1 }] }, live: {}, patch: { l: [{ y: 1 }] } }],
    ['changes the kind of a value', { was: {}, now: { a: { b: 1 } }, live: { a: 'x' }, patch: { a: { b: 1 } } }],
    [
      'tells big integers apart by their last digit',
      { was: {}, now: { n: 9007199254740993n }, live: { n: 9007199254740992n }, patch: { n: 9007199254740993n } },
    ],
    ['takes away a map that is gone', { was: { m: { a: 1 } }, now: {}, live: { m: { a: 1 } }, patch: { m: null } }],
  ])('%s', (_title, { was, now, live, patch }) => {
    expect(patchOf(was, now, live)).toEqual(patch);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['version', { apiVersion: 'a/v2' }, { apiVersion: 'a/v1' }],
    ['kind', { kind: 'A' }, { kind: 'B' }],
    ['name', { metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
  ])('never changes the %s', (_title, now, live) => {
    expect(() => patchOf({}, now, live)).toThrow(
      new PatchError('At least one of apiVersion, kind and name was changed'),
    );
  });
});

describe('for any manifest, any earlier one and any live object', () => {
  const json = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(0, 1, 'x', true),
      fc.array(tie('value'), { maxLength: 2 }),
      tie('object'),
    ),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { maxKeys: 4 }),
  })).object;

  const contains = (live: Json | undefined, wanted: Json): boolean =>
    isObject(wanted)
      ? isObject(live) && Object.entries(wanted).every(([key, value]) => contains(live[key], value))
      : JSON.stringify(live) === JSON.stringify(wanted);

  test('the object says afterwards all that the manifest says, and a second apply does nothing', () => {
    fc.assert(
      fc.property(json, json, json, (was, now, live) => {
        const once = applyMergePatch(live, patchOf(was, now, live));
        expect(contains(once, withoutNulls(now))).toBe(true);
        expect(patchOf(now, now, once)).toEqual({});
      }),
      { numRuns: 1000 },
    );
  });

  test('what others set at the top stays, what was said before and is said no more goes', () => {
    fc.assert(
      fc.property(json, json, json, (was, now, live) => {
        const once = applyMergePatch(live, patchOf(was, now, live));
        const keys = Object.keys(live).filter((key) => !(key in was));
        expect(new Set(Object.keys(once))).toEqual(new Set([...Object.keys(now), ...keys]));
      }),
    );
  });
});
