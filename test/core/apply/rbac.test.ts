import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isReconciled, reconcile } from '#core/apply/rbac';
import { breakdown, covers, type Rule } from '#core/apply/rbac-rules';
import type { JsonObject } from '#core/object';

const role = (rules: JsonObject[], more: JsonObject = {}): JsonObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'r', ...more },
  rules,
});
const binding = (roleName: string, subjects: JsonObject[]): JsonObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'b' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: roleName },
  subjects,
});
const read = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };
const account = (name: string): JsonObject => ({ kind: 'ServiceAccount', name, namespace: 'n' });

describe('a role', () => {
  test('that is missing is created, and its rules are told', () => {
    expect(reconcile(undefined, role([read]))).toEqual({
      operation: 'create',
      protected: false,
      object: role([read]),
      report:
        '\treconciliation required create\n\tmissing rules added:\n\t\t{Verbs:[get list] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}',
    });
  });

  test('gets the rules that it lacks, one by one, and keeps its own', () => {
    const live = role([{ apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }]);
    const result = reconcile(live, role([read]));
    expect(result.operation).toBe('update');
    expect(result.object['rules']).toEqual([
      { apiGroups: ['*'], resources: ['pods'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    ]);
    expect(result.report).toContain('{Verbs:[list] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}');
  });

  test('that allows all of it already is left alone, more rules or not', () => {
    const all = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
    expect(reconcile(role([all]), role([read]))).toMatchObject({ operation: 'none', report: '' });
  });

  test('gets labels that it lacks and keeps those that it has', () => {
    const live = role([read], { labels: { a: 'live' } });
    const result = reconcile(live, role([read], { labels: { a: 'new', b: 'new' } }));
    expect(result.object['metadata']).toEqual({ name: 'r', labels: { a: 'live', b: 'new' } });
  });

  test('that has opted out is told of, not written', () => {
    const live = role([], { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } });
    const result = reconcile(live, role([read]));
    expect(result.protected).toBe(true);
    expect(result.report).toContain(
      'reconciliation required update, but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)',
    );
  });

  test('gets missing selectors of an aggregation, and loses one that nobody asks for', () => {
    const one = { matchLabels: { a: '1' } };
    const two = { matchLabels: { b: '2' } };
    const aggregated = (...selectors: JsonObject[]): JsonObject => ({
      ...role([]),
      kind: 'ClusterRole',
      aggregationRule: { clusterRoleSelectors: selectors },
    });
    expect(reconcile(aggregated(one), aggregated(two)).object).toEqual(aggregated(one, two));
    const rest = { ...role([]), kind: 'ClusterRole' };
    expect(reconcile(aggregated(one), rest).object).toEqual(rest);
    expect(reconcile(aggregated(one, two), aggregated(two)).operation).toBe('none');
  });
});

describe('a binding', () => {
  test('to another role is deleted and created', () => {
    expect(reconcile(binding('a', [account('x')]), binding('b', [account('x')]))).toMatchObject({
      operation: 'recreate',
      object: binding('b', [account('x')]),
      report: '\treconciliation required recreate',
    });
  });

  test('gets the subjects that it lacks', () => {
    const result = reconcile(binding('a', [account('x')]), binding('a', [account('y'), account('x'), account('y')]));
    expect(result.object['subjects']).toEqual([account('x'), account('y')]);
    expect(result.report).toBe(
      '\treconciliation required update\n\tmissing subjects added:\n\t\t{Kind:ServiceAccount APIGroup: Name:y Namespace:n}',
    );
  });
});

test('only the kinds of rbac.authorization.k8s.io/v1 are reconciled', () => {
  expect(isReconciled(role([]))).toBe(true);
  expect(isReconciled({ ...role([]), apiVersion: 'rbac.authorization.k8s.io/v1beta1' })).toBe(false);
  expect(isReconciled({ ...role([]), kind: 'Widget' })).toBe(false);
});

describe('rules', () => {
  test.each<[string, Rule, Rule, boolean]>([
    ['a verb', { verbs: ['get'] }, { verbs: ['list'] }, false],
    ['every verb', { verbs: ['*'] }, { verbs: ['list'] }, true],
    [
      'a subresource of any resource',
      { verbs: ['get'], resources: ['*/status'] },
      { verbs: ['get'], resources: ['pods/status'] },
      true,
    ],
    [
      'another subresource',
      { verbs: ['get'], resources: ['*/status'] },
      { verbs: ['get'], resources: ['pods/log'] },
      false,
    ],
    ['one name for all', { verbs: ['get'], resourceNames: ['a'] }, { verbs: ['get'] }, false],
    ['all for one name', { verbs: ['get'] }, { verbs: ['get'], resourceNames: ['a'] }, true],
    [
      'a path below another',
      { verbs: ['get'], nonResourceURLs: ['/api/*'] },
      { verbs: ['get'], nonResourceURLs: ['/api/v1'] },
      true,
    ],
    [
      'a path beside another',
      { verbs: ['get'], nonResourceURLs: ['/api'] },
      { verbs: ['get'], nonResourceURLs: ['/api/v1'] },
      false,
    ],
  ])('%s', (_title, owner, single, expected) => {
    expect(covers(owner, single)).toBe(expected);
  });

  test('every rule covers all that it breaks down into', () => {
    const some = (...texts: string[]) => fc.uniqueArray(fc.constantFrom(...texts), { maxLength: 3 });
    const rule = fc.oneof(
      fc.record({
        verbs: some('get', 'list', '*'),
        apiGroups: some('', 'apps', '*'),
        resources: some('pods', 'pods/log', '*'),
        resourceNames: some('a', 'b'),
      }),
      fc.record({ verbs: some('get', 'list', '*'), nonResourceURLs: some('/a', '/b/*') }),
    );
    fc.assert(
      fc.property(rule, (whole) => {
        for (const part of breakdown(whole)) expect(covers(whole, part)).toBe(true);
      }),
    );
  });
});
