import { describe, expect, test } from 'vitest';
import { IgnoreDifferences } from '#core/ignore/ignore';
import { concerns, ignoreRulesOf, type IgnoreRule } from '#core/ignore/rules';
import type { Json, JsonObject, KubeObject } from '#core/object';

const rule = (more: Partial<IgnoreRule>): IgnoreRule => ({
  group: 'apps',
  kind: 'Deployment',
  name: '',
  namespace: '',
  jsonPointers: [],
  jqPathExpressions: [],
  managedFieldsManagers: [],
  ...more,
});
const deployment = (spec: Json, metadata: JsonObject = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec,
});
const ignored = (more: Partial<IgnoreRule>, object = deployment({})) => {
  const found = new IgnoreDifferences([rule(more)]).ofObject(object);
  if (!found) throw new Error('nothing is ignored');
  return found;
};
const container = (name: string, image: string): JsonObject => ({ name, image });

test('rules are read as Argo CD reads them, whatever else stands there', () => {
  expect(
    ignoreRulesOf({
      ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas', 7] }, 'no rule'],
    }),
  ).toEqual([rule({ jsonPointers: ['/spec/replicas'] })]);
  expect(ignoreRulesOf(undefined)).toEqual([]);
});

test.each<[string, Partial<IgnoreRule>, boolean]>([
  ['its kind', {}, true],
  ['every kind', { group: '*', kind: '*' }, true],
  ['another group', { group: '' }, false],
  ['its name', { name: 'web' }, true],
  ['another name', { name: 'other' }, false],
  ['another namespace', { namespace: 'other' }, false],
])('a rule for %s', (_, more, expected) => {
  expect(concerns(rule(more), { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' })).toBe(expected);
});

describe('a comparison leaves out', () => {
  test('what JSON pointers name, with escapes and numbers', () => {
    const pointers = [
      '/spec/replicas',
      '/metadata/annotations/example.com~1a',
      '/spec/list/-1',
      '/spec/missing/deeper',
    ];
    const live = deployment({ replicas: 5, list: [1, 2] }, { annotations: { 'example.com/a': 'x', b: '1' } });
    const other = deployment({ replicas: 1, list: [1, 3] }, { annotations: { b: '1' } });
    const [left, right] = ignored({ jsonPointers: pointers }).without(live, other);
    expect(left).toEqual(deployment({ list: [1] }, { annotations: { b: '1' } }));
    expect(right).toEqual(left);
  });

  test('what jq expressions point to, several items of one list at once', () => {
    const [left] = ignored({ jqPathExpressions: ['.spec.containers[] | select(.name != "b")'] }).without(
      deployment({ containers: [container('a', '1'), container('b', '2'), container('c', '3')] }),
      deployment({}),
    );
    expect(left['spec']).toEqual({ containers: [container('b', '2')] });
  });

  test('what a manager owns in the live object', () => {
    const managedFields: Json = [
      { manager: 'hpa', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      {
        manager: 'istio',
        fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"proxy"}': { '.': {}, 'f:name': {} } } } },
      },
      { manager: 'other', fieldsV1: { 'f:spec': { 'f:paused': {} } } },
    ];
    const live = deployment(
      { replicas: 5, paused: true, containers: [container('app', '1'), { name: 'proxy' }] },
      { managedFields },
    );
    const [left, right] = ignored({ managedFieldsManagers: ['hpa', 'istio'] }).without(
      live,
      deployment({ replicas: 1 }),
    );
    expect(left['spec']).toEqual({ paused: true, containers: [container('app', '1'), {}] });
    expect(right['spec']).toEqual({});
  });
});

test('expressions that are not understood are told, and the others hold', () => {
  const all = new IgnoreDifferences([rule({ jqPathExpressions: ['.spec.replicas', '.spec | to_entries[]'] })]);
  expect(all.notUnderstood).toEqual(['.spec | to_entries[]']);
  const [left] = all.ofObject(deployment({}))?.without(deployment({ replicas: 1 }), deployment({})) ?? [];
  expect(left).toEqual(deployment({}));
});

describe('RespectIgnoreDifferences', () => {
  const kept = (more: Partial<IgnoreRule>, target: KubeObject, live: KubeObject): Json | undefined =>
    ignored(more).keeping(target, live)['spec'];

  test('keeps the value of the live object, where the manifest has one or not', () => {
    const more = { jsonPointers: ['/spec/replicas', '/spec/a/b'] };
    expect(kept(more, deployment({ replicas: 1, x: 1 }), deployment({ replicas: 5, a: { b: 2, c: 3 }, x: 2 }))).toEqual(
      {
        replicas: 5,
        x: 1,
        a: { b: 2 },
      },
    );
  });

  test('leaves out what the live object does not have', () => {
    expect(kept({ jsonPointers: ['/spec/replicas'] }, deployment({ replicas: 1, x: 1 }), deployment({}))).toEqual({
      x: 1,
    });
  });

  test('finds items by their names, not by their places', () => {
    const more = { jqPathExpressions: ['.spec.containers[] | select(.name == "app") | .image'] };
    const target = deployment({ containers: [container('app', 'app:1'), container('log', 'log:1')] });
    const live = deployment({ containers: [container('log', 'log:9'), container('app', 'app:9')] });
    expect(kept(more, target, live)).toEqual({ containers: [container('app', 'app:9'), container('log', 'log:1')] });
  });

  test('keeps items that were put in, and makes none of a part of one', () => {
    const live = deployment({ containers: [container('app', 'app:9'), container('proxy', 'proxy:1')] });
    const target = deployment({ containers: [container('app', 'app:1')] });
    expect(kept({ jqPathExpressions: ['.spec.containers[] | select(.name == "proxy")'] }, target, live)).toEqual({
      containers: [container('app', 'app:1'), container('proxy', 'proxy:1')],
    });
    expect(kept({ jqPathExpressions: ['.spec.containers[].image'] }, target, live)).toEqual({
      containers: [container('app', 'app:9')],
    });
    expect(kept({ jqPathExpressions: ['.spec.containers[].image'] }, deployment({ x: 1 }), live)).toEqual({ x: 1 });
  });

  test('never takes over what an object is, what the server writes, or its status', () => {
    const target = deployment({ x: 1 }, { labels: { a: '1' } });
    const live = { ...deployment({ x: 2 }, { uid: 'u1', labels: { a: '2' } }), status: { replicas: 1 } };
    const pointers = ['/metadata', '/metadata/uid', '/status', '/kind', '/metadata/labels/a'];
    expect(ignored({ jsonPointers: pointers }).keeping(target, live)).toEqual(
      deployment({ x: 1 }, { labels: { a: '2' } }),
    );
  });

  test('afterwards nothing differs that is ignored', () => {
    const more = { jsonPointers: ['/spec/replicas'], jqPathExpressions: ['.spec.containers[] | select(.name == "b")'] };
    const live = deployment({ replicas: 5, containers: [container('a', '1'), container('b', '9')] });
    const target = deployment({ replicas: 1, containers: [container('b', '1'), container('a', '1')] });
    expect(kept(more, target, live)).toEqual({ replicas: 5, containers: [container('b', '9'), container('a', '1')] });
  });
});
