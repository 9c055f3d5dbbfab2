import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '#core/object';
import {
  adoptPatch,
  conflictOwners,
  covers,
  fieldsOutside,
  hasField,
  says,
  slim,
  withoutField,
  withoutManagedFields,
} from '../../../client/src/sync/kubectl/fields.ts';

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

describe('covers: does the live object say what the target says', () => {
  test.each<[string, Json | undefined, Json | undefined, boolean]>([
    ['more than the target', { a: 1, b: 2 }, { a: 1 }, true],
    ['another value', { a: 1 }, { a: 2 }, false],
    ['less', {}, { a: 1 }, false],
    ['nested defaults', { s: { a: 1, d: 'x' } }, { s: { a: 1 } }, true],
    ['items with defaults', { l: [{ n: 'x', p: 'TCP' }] }, { l: [{ n: 'x' }] }, true],
    ['items in another order', { l: ['b', 'a'] }, { l: ['a', 'b'] }, false],
    ['one item more', { l: ['a', 'b'] }, { l: ['a'] }, false],
    ['null for what is not there', {}, { a: null }, true],
    ['null for what is there', { a: 1 }, { a: null }, false],
    ['an empty mapping for nothing', {}, { a: {} }, true],
    ['an empty list for nothing', {}, { a: [] }, true],
    ['a mapping for a text', { a: 'x' }, { a: { b: 1 } }, false],
    ['a big integer', { a: 9007199254740993n }, { a: 9007199254740993n }, true],
    ['a big integer that differs in its last digit', { a: 9007199254740993n }, { a: 9007199254740995n }, false],
  ])('%s', (_title, live, target, expected) => {
    expect(covers(live, target)).toBe(expected);
  });

  test('every value covers itself, and stays covered when it grows', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), json, (object, more) => {
        expect(covers(object, object)).toBe(true);
        expect(covers({ ...object, '\u0000more': more }, object)).toBe(true);
      }),
    );
  });
});

const deployment = {
  apiVersion: 'apps/v1',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    containers: [
      { name: 'main', image: 'nginx', ports: [{ containerPort: 80 }] },
      { name: 'side', image: 'busybox' },
    ],
  },
} satisfies JsonObject;
const owned = {
  'f:metadata': {
    'f:name': {},
    'f:annotations': { '.': {}, 'f:note': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} },
    'f:labels': { '.': {}, 'f:app': {}, 'f:old': {} },
    'f:finalizers': { '.': {}, 'v:"keep"': {} },
  },
  'f:spec': {
    'f:replicas': {},
    'f:paused': {},
    'f:containers': {
      'k:{"name":"main"}': {
        '.': {},
        'f:image': {},
        'f:ports': { '.': {}, 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
      },
      'k:{"name":"gone"}': { '.': {}, 'f:image': {} },
    },
  },
} satisfies JsonObject;

describe('fields that somebody has set', () => {
  test('those that the object does not say: values, and items as a whole', () => {
    expect(fieldsOutside(owned, deployment).map((path) => path.join(' '))).toEqual([
      'f:metadata f:annotations f:note',
      'f:metadata f:labels f:old',
      'f:metadata f:finalizers v:"keep"',
      'f:spec f:paused',
      'f:spec f:containers k:{"name":"gone"}',
    ]);
  });

  test('an item whose defaulted key the manifest leaves out is found', () => {
    const path = ['f:spec', 'f:containers', 'k:{"name":"main"}', 'f:ports', 'k:{"containerPort":80,"protocol":"TCP"}'];
    expect(says(deployment, path)).toBe(true);
    expect(hasField(owned, path)).toBe(true);
    expect(hasField(owned, ['f:spec', 'f:strategy'])).toBe(false);
  });

  test('an object without one of them', () => {
    const without = withoutField(deployment, ['f:spec', 'f:containers', 'k:{"name":"side"}']);
    expect(without).toMatchObject({ spec: { containers: [{ name: 'main' }] } });
    expect((without as typeof deployment).spec.containers.length).toBe(1);
    expect(deployment.spec.containers.length).toBe(2);
    expect(withoutField(deployment, ['f:spec', 'f:none', 'f:deep'])).toEqual(deployment);
  });
});

describe('handing plain writes over to server-side apply', () => {
  const entry = (manager: string, operation: string, fieldsV1: JsonObject, more: JsonObject = {}): JsonObject => ({
    manager,
    operation,
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...more,
  });
  const live = (...managedFields: JsonObject[]): JsonObject => ({ metadata: { resourceVersion: '7', managedFields } });

  test('joins them with what was applied, keeps others and subresources, and leaves the last-applied annotation', () => {
    const others = entry('kubectl-edit', 'Update', { 'f:data': { 'f:b': {} } });
    const status = entry('us', 'Update', { 'f:status': {} }, { subresource: 'status' });
    const update = entry('us', 'Update', {
      'f:metadata': {
        'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} },
      },
      'f:data': { 'f:a': {} },
    });
    const applied = entry('us', 'Apply', { 'f:data': { 'f:c': {} } }, { time: 't' });
    expect(adoptPatch(live(others, update, status, applied), 'us')).toEqual([
      {
        op: 'replace',
        path: '/metadata/managedFields',
        value: [
          others,
          status,
          entry(
            'us',
            'Apply',
            { 'f:data': { 'f:c': {}, 'f:a': {} }, 'f:metadata': { 'f:annotations': { '.': {} } } },
            { time: 't' },
          ),
        ],
      },
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
    ]);
  });

  test('there is nothing to hand over where we wrote nothing plainly', () => {
    expect(adoptPatch(live(entry('us', 'Apply', {}), entry('them', 'Update', {})), 'us')).toBeUndefined();
    expect(adoptPatch({}, 'us')).toBeUndefined();
  });
});

test('the owners of a conflict, from the causes of the answer', () => {
  const cause = (manager: string, field: string) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}" using apps/v1`,
    field,
  });
  const status = {
    details: {
      causes: [cause('hpa', '.spec.replicas'), cause('alice', '.data.a'), cause('hpa', '.spec.x'), { reason: 'Other' }],
    },
  };
  expect([...conflictOwners(status)]).toEqual([
    ['hpa', ['.spec.replicas', '.spec.x']],
    ['alice', ['.data.a']],
  ]);
  expect(conflictOwners({ message: 'something else' }).size).toBe(0);
});

test('managedFields are cut down to who and how', () => {
  const entry = { manager: 'us', operation: 'Update', subresource: 'status' };
  const full = { ...entry, time: 't', fieldsType: 'FieldsV1', fieldsV1: { 'f:a': {} } };
  expect(slim({ metadata: { name: 'x', managedFields: [full] }, data: {} })).toEqual({
    metadata: { name: 'x', managedFields: [entry] },
    data: {},
  });
});

test('managedFields are dropped, nothing else', () => {
  const object = { metadata: { name: 'x', managedFields: [] }, data: { a: '1' } };
  expect(withoutManagedFields(object)).toEqual({ metadata: { name: 'x' }, data: { a: '1' } });
  expect(withoutManagedFields({ data: {} })).toEqual({ data: {} });
});
