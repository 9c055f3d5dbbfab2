import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import { projectDenial } from '#core/project/permissions';

const CLUSTER = { server: 'https://kubernetes.default.svc', name: 'in-cluster' };
const EVERYWHERE = 'destinations: [{server: "*", namespace: "*"}]';

const denial = (spec: string, object: string, destination = CLUSTER): string | undefined => {
  const project = load(`{metadata: {name: shop}, spec: {${spec}}}`) as KubeObject;
  const [group = '', kind = '', namespace = '', name = ''] = object.split('/');
  return projectDenial(project, { group, kind, namespace, name, namespaced: namespace !== '' }, destination);
};

const CONFIG_MAP = '/ConfigMap/web/a';
const NAMESPACE = '/Namespace//web';

describe('kinds', () => {
  test('of namespaces are all permitted unless a list says which', () => {
    expect(denial(EVERYWHERE, CONFIG_MAP)).toBeUndefined();
    expect(denial(`${EVERYWHERE}, namespaceResourceWhitelist: [{group: apps, kind: "*"}]`, CONFIG_MAP)).toBe(
      'resource :ConfigMap is not permitted in project shop',
    );
    expect(denial(`${EVERYWHERE}, namespaceResourceWhitelist: []`, CONFIG_MAP)).toMatch(/not permitted/);
    expect(denial(`${EVERYWHERE}, namespaceResourceBlacklist: [{group: "", kind: "Config*"}]`, CONFIG_MAP)).toMatch(
      /not permitted/,
    );
  });

  test('outside of namespaces are none permitted unless a list says so, perhaps by name', () => {
    expect(denial(EVERYWHERE, NAMESPACE)).toBe('resource :Namespace is not permitted in project shop');
    expect(denial(`${EVERYWHERE}, clusterResourceWhitelist: [{group: "*", kind: "*"}]`, NAMESPACE)).toBeUndefined();
    const named = `${EVERYWHERE}, clusterResourceWhitelist: [{group: "", kind: Namespace, name: "web*"}]`;
    expect(denial(named, NAMESPACE)).toBeUndefined();
    expect(denial(named, '/Namespace//kube-system')).toMatch(/not permitted/);
  });
});

describe('namespaces', () => {
  const to = (...destinations: readonly string[]): string => `destinations: [${destinations.join(', ')}]`;

  test('are those of the destinations', () => {
    expect(denial(to('{server: "*", namespace: web}'), CONFIG_MAP)).toBeUndefined();
    expect(denial(to('{server: "*", namespace: api}'), CONFIG_MAP)).toBe(
      "namespace web is not permitted in project 'shop'",
    );
    expect(denial(to('{name: in-cluster, namespace: "*"}'), CONFIG_MAP)).toBeUndefined();
    expect(denial(to('{server: "https://elsewhere", namespace: "*"}'), CONFIG_MAP)).toMatch(/not permitted/);
    expect(denial(to(), CONFIG_MAP)).toMatch(/not permitted/);
  });

  test('one that is excluded stays so, whatever permits it', () => {
    const excluded = to('{server: "*", namespace: "!web"}', '{server: "*", namespace: "*"}');
    expect(denial(excluded, CONFIG_MAP)).toMatch(/not permitted/);
    expect(denial(excluded, '/ConfigMap/api/a')).toBeUndefined();
  });

  test('are not judged by a name of the cluster that is not known', () => {
    const destination = { server: 'https://10.0.0.1', name: '' };
    expect(denial(to('{name: prod, namespace: "*"}'), CONFIG_MAP, destination)).toBeUndefined();
    expect(denial(to('{server: "https://10.0.0.1", namespace: api}'), CONFIG_MAP, destination)).toMatch(
      /namespace web/,
    );
  });
});
