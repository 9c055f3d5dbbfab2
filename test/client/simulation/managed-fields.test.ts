import { describe, expect, test } from 'vitest';
import { metadataOf, type KubeObject } from '#core/object';
import { changedFields, fieldsOf, pathTexts } from '../../../client/src/simulation/field-sets.ts';
import { appliedBy, createdBy, updatedBy } from '../../../client/src/simulation/managed-fields.ts';
import { mergeSchemaOf } from '../../../client/src/simulation/merge-schemas.ts';
import { managedEntries } from '../../../client/src/sync/kubectl/fields.ts';
import { objects } from '../simulated.ts';

const TIME = '2026-11-26T03:00:00Z';
const one = (text: string): KubeObject => objects(text)[0] ?? {};
const configMap = (data: string): KubeObject =>
  one(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {${data}}`);
const schemaOf = (kind: string, group = ''): ReturnType<typeof mergeSchemaOf> => mergeSchemaOf({ group, kind });
const CONFIG = schemaOf('ConfigMap');

const apply = (live: KubeObject, manifest: KubeObject, manager: string, force = false): KubeObject => {
  const answer = appliedBy(live, manifest, CONFIG, { manager, time: TIME, force });
  if ('error' in answer) throw new Error(answer.error);
  return answer.object;
};
const appliedFirst = (manifest: KubeObject, manager: string): KubeObject =>
  createdBy(manifest, CONFIG, { manager, time: TIME }, manifest);
const owners = (object: KubeObject): string[] =>
  managedEntries(object)
    .map(({ manager, operation, fields }) => `${manager} ${operation} ${pathTexts(fields).sort().join(' ')}`)
    .sort();

describe('the fields of an object', () => {
  test.each([
    [
      'a list whose items have a key',
      ['apps', 'Deployment'],
      'spec: {selector: {matchLabels: {a: b}}, template: {spec: {containers: [{name: m, args: [x, y], env: [{name: E}]}]}}}',
      [
        '.spec.selector',
        '.spec.template.spec.containers[name="m"]',
        '.spec.template.spec.containers[name="m"].args',
        '.spec.template.spec.containers[name="m"].env[name="E"]',
        '.spec.template.spec.containers[name="m"].env[name="E"].name',
        '.spec.template.spec.containers[name="m"].name',
      ],
    ],
    [
      'ports, told apart by their protocol too',
      ['', 'Service'],
      'spec: {ports: [{port: 53}, {port: 53, protocol: UDP}]}',
      [
        '.spec.ports[port=53,protocol="TCP"]',
        '.spec.ports[port=53,protocol="TCP"].port',
        '.spec.ports[port=53,protocol="UDP"]',
        '.spec.ports[port=53,protocol="UDP"].port',
        '.spec.ports[port=53,protocol="UDP"].protocol',
      ],
    ],
    ['a list of values', ['', 'ConfigMap'], 'metadata: {finalizers: [a/b]}', ['.metadata.finalizers[="a/b"]']],
    ['lists of a custom resource', ['example.com', 'Database'], 'spec: {a: [1], b: {c: 1}}', ['.spec.a', '.spec.b.c']],
    [
      'no status, no identity',
      ['', 'Pod'],
      'metadata: {name: x, uid: y, labels: {a: b}}\nstatus: {phase: x}',
      ['.metadata.labels.a'],
    ],
  ])('%s', (_title, [group = '', kind = ''], text, expected) => {
    expect(pathTexts(fieldsOf(one(`kind: ${kind}\n${text}`), schemaOf(kind, group))).sort()).toEqual(expected);
  });

  test('of two versions those that are new or say something else', () => {
    const changed = changedFields(configMap('a: x, b: y, c: z'), configMap('a: x, b: other, d: new'), CONFIG);
    expect(pathTexts(changed)).toEqual(['.data.b', '.data.d']);
  });
});

describe('a server-side apply', () => {
  test('sets its fields, takes away those that it said before, and leaves those of others', () => {
    const first = appliedFirst(configMap('a: x, b: y'), 'argocd-controller');
    const others = apply(first, configMap('b: y, c: z'), 'alice');
    const second = apply(others, configMap('d: v'), 'argocd-controller');
    expect(second['data']).toEqual({ b: 'y', c: 'z', d: 'v' });
    expect(owners(second)).toEqual(['alice Apply .data.b .data.c', 'argocd-controller Apply .data.d']);
  });

  test('is refused where it says otherwise than the owner of a field, in the words of the API server', () => {
    const written = createdBy(configMap('a: x, b: y'), CONFIG, { manager: 'kubectl-edit', time: TIME });
    const try_ = (data: string): unknown =>
      appliedBy(written, configMap(data), CONFIG, { manager: 'argocd-controller', time: TIME, force: false });
    expect(try_('a: other, b: y')).toMatchObject({
      error: `Apply failed with 1 conflict: conflict with "kubectl-edit" using v1 at ${TIME}: .data.a`,
      reason: 'Conflict',
    });
    expect(try_('a: other, b: other')).toMatchObject({
      error: `Apply failed with 2 conflicts: conflicts with "kubectl-edit" using v1 at ${TIME}:\n- .data.a\n- .data.b`,
    });
    expect(try_('a: x, c: new')).toHaveProperty('object');
  });

  test('with force takes the fields over', () => {
    const theirs = appliedFirst(configMap('a: x, b: y'), 'alice');
    const taken = apply(theirs, configMap('a: other'), 'argocd-controller', true);
    expect(taken['data']).toEqual({ a: 'other', b: 'y' });
    expect(owners(taken)).toEqual(['alice Apply .data.b', 'argocd-controller Apply .data.a']);
  });

  test('that says the same again changes nothing', () => {
    const first = appliedFirst(configMap('a: x'), 'argocd-controller');
    expect(apply(first, configMap('a: x'), 'argocd-controller')).toEqual(first);
  });

  test('meets the controllers as owners of what they have made', () => {
    expect(() => apply(configMap('a: x'), configMap('a: y'), 'argocd-controller')).toThrow(
      'Apply failed with 1 conflict: conflict with "kube-controller-manager" using v1: .data.a',
    );
  });
});

test('what the server does not keep stays its owner’s: the plain texts of a Secret', () => {
  const SECRET = schemaOf('Secret');
  const manifest = one('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: x}');
  const stored = one('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: eA==}');
  const first = createdBy(stored, SECRET, { manager: 'argocd-controller', time: TIME }, manifest);
  const freed: KubeObject = { ...first, metadata: { ...metadataOf(first), labels: { a: 'b' } } };
  expect(owners(updatedBy(first, freed, SECRET, { manager: 'kubectl', time: TIME }))).toEqual([
    'argocd-controller Apply .stringData.a',
    'kubectl Update .metadata.labels.a',
  ]);
});

test('a plain write makes what it changes its own, and nobody loses what it leaves', () => {
  const first = appliedFirst(configMap('a: x, b: y, c: z'), 'alice');
  const next: KubeObject = { ...first, data: { a: 'x', b: 'other', d: 'new' } };
  const written = updatedBy(first, next, CONFIG, { manager: 'kubectl', time: TIME });
  expect(owners(written)).toEqual(['alice Apply .data.a', 'kubectl Update .data.b .data.d']);
});
