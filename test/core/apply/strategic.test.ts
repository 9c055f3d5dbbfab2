import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PatchError } from '#core/apply/patch';
import { strategicMergePatch } from '#core/apply/strategic';
import { isObject, type Json, type JsonObject } from '#core/object';
import { applyStrategicPatch } from '#core/apply/strategic-apply';
import { DEPLOYMENT } from './types.ts';

const patchOf = (original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject =>
  strategicMergePatch({ original, modified, current }, DEPLOYMENT);
const spec = (value: JsonObject): JsonObject => ({ spec: value });
const pod = (value: JsonObject): JsonObject => spec({ template: { spec: value } });

describe('the strategic merge patch of an apply', () => {
  test.each<[string, { was: JsonObject; now: JsonObject; live: JsonObject; patch: JsonObject }]>([
    [
      'is empty where the live object says all of it, and more',
      { was: spec({ a: 1 }), now: spec({ a: 1 }), live: spec({ a: 1, default: true }), patch: {} },
    ],
    ['sets what differs', { was: spec({ a: 1 }), now: spec({ a: 2 }), live: spec({ a: 1 }), patch: spec({ a: 2 }) }],
    [
      'sets back what somebody else has changed',
      { was: spec({ a: 1 }), now: spec({ a: 1 }), live: spec({ a: 9 }), patch: spec({ a: 1 }) },
    ],
    [
      'takes away what the manifest says no more, and nothing else',
      { was: spec({ a: 1, b: 2 }), now: spec({ a: 1 }), live: spec({ a: 1, b: 2, c: 3 }), patch: spec({ b: null }) },
    ],
    [
      'takes away what is gone already',
      { was: spec({ b: 2 }), now: spec({}), live: spec({}), patch: spec({ b: null }) },
    ],
    [
      'sends a null that the manifest says',
      { was: {}, now: spec({ a: null }), live: spec({ a: 1 }), patch: spec({ a: null }) },
    ],
    [
      'changes the kind of a value',
      { was: {}, now: spec({ a: { x: 1 } }), live: spec({ a: 'x' }), patch: spec({ a: { x: 1 } }) },
    ],
    [
      'replaces a list that is not merged',
      {
        was: pod({ tolerations: [{ key: 'a' }] }),
        now: pod({ tolerations: [{ key: 'b' }] }),
        live: pod({ tolerations: [{ key: 'a' }, { key: 'x' }] }),
        patch: pod({ tolerations: [{ key: 'b' }] }),
      },
    ],
    [
      'leaves a list that is not merged where its manifest is gone to a null',
      {
        was: pod({ tolerations: [{ key: 'a' }] }),
        now: pod({}),
        live: pod({ tolerations: [{ key: 'a' }] }),
        patch: pod({ tolerations: null }),
      },
    ],
    [
      'changes one item of a merged list, and says the order',
      {
        was: pod({ containers: [{ name: 'a', image: '1' }] }),
        now: pod({ containers: [{ name: 'a', image: '2' }] }),
        live: pod({ containers: [{ name: 'a', image: '1', pull: 'Always' }] }),
        patch: pod({ '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'a', image: '2' }] }),
      },
    ],
    [
      'adds an item as it is, before those that are there',
      {
        was: pod({ containers: [{ name: 'b' }] }),
        now: pod({ containers: [{ name: 'a', image: '1' }, { name: 'b' }] }),
        live: pod({ containers: [{ name: 'b', image: '0' }] }),
        patch: pod({
          '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
          containers: [{ name: 'a', image: '1' }],
        }),
      },
    ],
    [
      'deletes an item, and a field of another',
      {
        was: pod({ containers: [{ name: 'a', tty: true, image: '1' }, { name: 'b' }] }),
        now: pod({ containers: [{ name: 'a', image: '2' }] }),
        live: pod({ containers: [{ name: 'a', tty: true, image: '1' }, { name: 'b' }] }),
        patch: pod({
          '$setElementOrder/containers': [{ name: 'a' }],
          containers: [
            { name: 'a', tty: null, image: '2' },
            { name: 'b', $patch: 'delete' },
          ],
        }),
      },
    ],
    [
      'says the order where somebody else has added an item',
      {
        was: pod({ containers: [{ name: 'a' }] }),
        now: pod({ containers: [{ name: 'a' }] }),
        live: pod({ containers: [{ name: 'a' }, { name: 'sidecar' }] }),
        patch: pod({ '$setElementOrder/containers': [{ name: 'a' }] }),
      },
    ],
    [
      'goes down into items: an environment variable and a port by its number',
      {
        was: pod({ containers: [{ name: 'a', env: [{ name: 'X', value: '1' }], ports: [{ containerPort: 80 }] }] }),
        now: pod({ containers: [{ name: 'a', env: [{ name: 'Y', value: '1' }], ports: [{ containerPort: 81 }] }] }),
        live: pod({
          containers: [
            { name: 'a', env: [{ name: 'X', value: '1' }], ports: [{ containerPort: 80, protocol: 'TCP' }] },
          ],
        }),
        patch: pod({
          '$setElementOrder/containers': [{ name: 'a' }],
          containers: [
            {
              name: 'a',
              '$setElementOrder/env': [{ name: 'Y' }],
              env: [
                { name: 'Y', value: '1' },
                { name: 'X', $patch: 'delete' },
              ],
              '$setElementOrder/ports': [{ containerPort: 81 }],
              ports: [{ containerPort: 81 }, { containerPort: 80, $patch: 'delete' }],
            },
          ],
        }),
      },
    ],
    [
      'keeps finalizers of others and takes away its own',
      {
        was: { metadata: { finalizers: ['ours', 'old'] } },
        now: { metadata: { finalizers: ['new', 'ours'] } },
        live: { metadata: { finalizers: ['theirs', 'old', 'ours'] } },
        patch: {
          metadata: {
            '$deleteFromPrimitiveList/finalizers': ['old'],
            '$setElementOrder/finalizers': ['new', 'ours'],
            finalizers: ['new'],
          },
        },
      },
    ],
    [
      'says the order of values that are not sorted each time, as kubectl does',
      {
        was: { metadata: { finalizers: ['b', 'a'] } },
        now: { metadata: { finalizers: ['b', 'a'] } },
        live: { metadata: { finalizers: ['b', 'a'] } },
        patch: { metadata: { '$setElementOrder/finalizers': ['b', 'a'] } },
      },
    ],
    [
      'names the keys that stay where all others go',
      {
        was: spec({ strategy: { type: 'RollingUpdate' } }),
        now: spec({ strategy: { type: 'Recreate' } }),
        live: spec({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } }),
        patch: spec({ strategy: { $retainKeys: ['type'], type: 'Recreate' } }),
      },
    ],
    [
      'names them also where nothing else differs, as kubectl does',
      {
        was: spec({ strategy: { type: 'RollingUpdate' } }),
        now: spec({ strategy: { type: 'RollingUpdate' } }),
        live: spec({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } }),
        patch: spec({ strategy: { $retainKeys: ['type'] } }),
      },
    ],
    [
      'changes the source of a volume',
      {
        was: pod({ volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
        now: pod({ volumes: [{ name: 'v', emptyDir: {} }] }),
        live: pod({ volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: 420 } }] }),
        patch: pod({
          '$setElementOrder/volumes': [{ name: 'v' }],
          volumes: [{ $retainKeys: ['emptyDir', 'name'], name: 'v', configMap: null, emptyDir: {} }],
        }),
      },
    ],
    [
      'sends a map that is replaced whole each time',
      { was: {}, now: spec({ whole: { a: 1 } }), live: spec({ whole: { a: 1 } }), patch: spec({ whole: { a: 1 } }) },
    ],
    [
      'tells two ports of one number apart by their place, as kubectl does',
      {
        was: {},
        now: spec({
          ports: [
            { port: 53, protocol: 'TCP', name: 'tcp' },
            { port: 53, protocol: 'UDP', name: 'udp' },
          ],
        }),
        live: spec({
          ports: [
            { port: 53, protocol: 'TCP', name: 'tcp' },
            { port: 53, protocol: 'UDP', name: 'dns' },
          ],
        }),
        patch: spec({ '$setElementOrder/ports': [{ port: 53 }, { port: 53 }], ports: [{ port: 53, name: 'udp' }] }),
      },
    ],
    [
      'keeps every digit',
      {
        was: {},
        now: spec({ n: 9007199254740993n }),
        live: spec({ n: 9007199254740992n }),
        patch: spec({ n: 9007199254740993n }),
      },
    ],
    [
      'treats a key that JavaScript knows as any other',
      {
        was: {},
        now: { metadata: { labels: JSON.parse('{"__proto__": "x", "constructor": "y"}') as JsonObject } },
        live: { metadata: { labels: { a: 'b' } } },
        patch: { metadata: { labels: JSON.parse('{"__proto__": "x", "constructor": "y"}') as JsonObject } },
      },
    ],
  ])('%s', (_title, { was, now, live, patch }) => {
    expect(patchOf(was, now, live)).toEqual(patch);
  });

  test.each<[string, JsonObject, JsonObject, string]>([
    [
      'an item without its merge key',
      pod({ containers: [{ image: 'x' }] }),
      pod({ containers: [{ name: 'a' }] }),
      'map: map[image:x] does not contain declared merge key: name',
    ],
    [
      'a list of texts and maps',
      pod({ containers: ['x'] }),
      pod({ containers: [{ name: 'a' }] }),
      'list element types are not identical: [[map[name:a]] [x]]',
    ],
    ['a list of lists', pod({ containers: [[]] }), pod({ containers: [['a']] }), 'lists of lists are not supported'],
    [
      'a field that the type does not have',
      spec({ nowhere: { a: 1 } }),
      spec({ nowhere: { a: 2 } }),
      'unable to find api field in struct DeploymentSpec for the json field "nowhere"',
    ],
  ])('is refused in kubectl’s words: %s', (_title, now, live, message) => {
    expect(() => patchOf({}, now, live)).toThrow(new PatchError(message));
  });

  test('is refused for two changed items of one key that are no neighbors', () => {
    const ports = (...to: number[]): JsonObject =>
      spec({ ports: [443, 80, 443].map((port, i) => ({ port, to: to[i] ?? 0 })) });
    expect(() => patchOf(spec({ gone: 1 }), ports(2, 2, 3), ports(1, 1, 1))).toThrow(
      new PatchError(
        "The order in patch list:\n[map[port:443 to:3] map[port:443 to:2] map[port:80 to:2]]\n doesn't match $setElementOrder list:\n[map[port:443] map[port:80] map[port:443]]",
      ),
    );
  });

  test('of a field that the type does not have is none where nothing differs', () => {
    expect(patchOf(spec({ nowhere: { a: 1 } }), spec({ nowhere: { a: 1 } }), spec({ nowhere: { a: 1 } }))).toEqual({});
  });
});

describe('for any manifest, any earlier one and any live object', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const scalar: fc.Arbitrary<Json> = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', 'y'), fc.boolean());
  const labels = fc.dictionary(name, fc.constantFrom('1', '2'), { maxKeys: 3 }) as fc.Arbitrary<JsonObject>;
  const partial = (fields: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<JsonObject> =>
    fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
  const named = (key: string, keys: fc.Arbitrary<Json>, fields: Record<string, fc.Arbitrary<Json>>) =>
    fc
      .uniqueArray(keys, { maxLength: 4 })
      .chain((chosen) =>
        fc.tuple(...chosen.map((value) => partial(fields).map((item): JsonObject => ({ [key]: value, ...item })))),
      ) as fc.Arbitrary<Json>;
  const container = {
    image: scalar,
    env: named('name', name, { value: scalar }),
    ports: named('containerPort', fc.integer({ min: 1, max: 4 }), { hostPort: scalar }),
    command: fc.array(name, { maxLength: 3 }) as fc.Arbitrary<Json>,
    resources: partial({ limits: labels }),
  };
  const object = partial({
    metadata: partial({
      labels,
      annotations: labels,
      finalizers: fc.uniqueArray(name, { maxLength: 4 }),
    }),
    spec: partial({
      replicas: scalar,
      strategy: partial({ type: scalar, rollingUpdate: labels }),
      template: partial({
        spec: partial({
          containers: named('name', name, container),
          volumes: named('name', name, { configMap: labels, emptyDir: labels, secret: labels }),
          tolerations: fc.array(labels, { maxLength: 2 }),
          nodeSelector: labels,
        }),
      }),
    }),
  });

  const isSubset = (values: Json, of: Json | undefined): boolean =>
    Array.isArray(values) && Array.isArray(of) && values.every((value) => of.includes(value));

  /** All that the manifest says stands in the object; items of merged lists are found by their key, in their order. */
  const contains = (live: Json | undefined, wanted: Json): boolean => {
    if (isObject(wanted)) {
      return (
        isObject(live) &&
        Object.entries(wanted).every(([key, value]) =>
          // Finalizers that are the same but for their order are left alone.
          key === 'finalizers' ? isSubset(value, live[key]) : contains(live[key], value),
        )
      );
    }
    if (!Array.isArray(wanted)) return live === wanted;
    if (!Array.isArray(live)) return false;
    let from = 0;
    return wanted.every((item) => {
      const at = live.findIndex((other, i) => i >= from && contains(other, item));
      from = at + 1;
      return at >= 0;
    });
  };

  const applied = (was: JsonObject, now: JsonObject, live: JsonObject): JsonObject =>
    applyStrategicPatch(live, patchOf(was, now, live), DEPLOYMENT);

  test('the object says afterwards all that the manifest says', () => {
    fc.assert(
      fc.property(object, object, object, (was, now, live) => {
        expect(contains(applied(was, now, live), now)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('an item that was said before and is said no more is gone, one of somebody else stays', () => {
    const containers = named('name', name, { image: scalar });
    const names = (value: Json | undefined): Json[] =>
      Array.isArray(value) ? value.filter(isObject).map((item) => item['name'] ?? '') : [];
    fc.assert(
      fc.property(containers, containers, containers, (was, now, live) => {
        const result = applied(pod({ containers: was }), pod({ containers: now }), pod({ containers: live }));
        const left = names(((result['spec'] as JsonObject)['template'] as { spec: JsonObject }).spec['containers']);
        const wanted = [...names(now), ...names(live).filter((one) => !names(was).includes(one))];
        expect(new Set(left)).toEqual(new Set(wanted));
      }),
    );
  });

  test('a key that was said before and is said no more is gone, one of somebody else stays', () => {
    fc.assert(
      fc.property(labels, labels, labels, (was, now, live) => {
        const result = applied(
          { metadata: { labels: was } },
          { metadata: { labels: now } },
          { metadata: { labels: live } },
        );
        const stay = Object.entries(live).filter(([key]) => !(key in was));
        expect((result['metadata'] as JsonObject)['labels']).toEqual({ ...Object.fromEntries(stay), ...now });
      }),
    );
  });

  test('a second apply of the same changes nothing any more', () => {
    fc.assert(
      fc.property(object, object, object, (was, now, live) => {
        const once = applied(was, now, live);
        expect(applied(now, now, once)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  test('there is nothing to do for an object that is the manifest', () => {
    fc.assert(
      fc.property(object, (now) => {
        const { finalizers } = isObject(now['metadata']) ? now['metadata'] : {};
        fc.pre(!Array.isArray(finalizers) || JSON.stringify([...finalizers].sort()) === JSON.stringify(finalizers));
        expect(patchOf(now, now, now)).toEqual({});
      }),
    );
  });
});
