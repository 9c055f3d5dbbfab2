import { describe, expect, test } from 'vitest';
import { mergeKubeconfigs } from '#core/kubeconfig/merge';
import type { KubeconfigFile } from '#core/kubeconfig/model';
import { contextsOf, resolveContext } from '#core/kubeconfig/resolve';

interface Parts {
  current?: string;
  contexts?: Record<string, { cluster?: string; user?: string; namespace?: string }>;
  clusters?: Record<string, Record<string, unknown>>;
  users?: Record<string, Record<string, unknown>>;
}

const list = (entries: Record<string, unknown> | undefined, inner: string) =>
  Object.entries(entries ?? {}).map(([name, value]) => ({ name, [inner]: value }));

function file(shown: string, parts: Parts, directory = '/home/ann/.kube'): KubeconfigFile {
  return {
    shown,
    directory,
    content: {
      ...(parts.current === undefined ? {} : { 'current-context': parts.current }),
      contexts: list(parts.contexts, 'context'),
      clusters: list(parts.clusters, 'cluster'),
      users: list(parts.users, 'user'),
    },
  };
}

const one = file('~/.kube/config', {
  current: 'dev',
  contexts: { dev: { cluster: 'dev', user: 'ann' }, prod: { cluster: 'prod', user: 'ann', namespace: 'shop' } },
  clusters: { dev: { server: 'https://dev' }, prod: { server: 'https://prod' } },
  users: { ann: { token: 'one' } },
});
const two = file('work.yaml', {
  current: 'prod',
  contexts: { prod: { cluster: 'other', user: 'ann' }, lab: { cluster: 'dev', user: 'ann' } },
  clusters: { other: { server: 'https://other' } },
  users: { ann: { token: 'two' } },
});
const missing: KubeconfigFile = { shown: 'gone.yaml', directory: '/x', content: undefined };
const empty: KubeconfigFile = { shown: 'empty.yaml', directory: '/x', content: null };

describe('merging with kubectl’s rules', () => {
  test.each([
    ['the first file wins for current-context', [one, two], 'dev', '~/.kube/config'],
    ['and so it does in the other order', [two, one], 'prod', 'work.yaml'],
    ['a file without current-context leaves it to the next', [file('a', { current: '' }), two], 'prod', 'work.yaml'],
    ['missing and empty files are skipped', [missing, empty, one], 'dev', '~/.kube/config'],
  ])('%s', (_title, files, current, from) => {
    const merged = mergeKubeconfigs(files);
    expect([merged.currentContext, merged.currentContextFile]).toEqual([current, from]);
  });

  test('the first file wins for each name, whole entries at a time', () => {
    const merged = mergeKubeconfigs([one, two]);
    expect(merged.contexts.get('prod')).toEqual({
      name: 'prod',
      file: '~/.kube/config',
      value: { cluster: 'prod', user: 'ann', namespace: 'shop' },
    });
    expect(merged.users.get('ann')?.value).toEqual({ token: 'one' });
    expect([...merged.contexts.keys()]).toEqual(['dev', 'prod', 'lab']);
    expect(merged.files).toEqual(['~/.kube/config', 'work.yaml']);
  });

  test('a context may point at a cluster of another file', () => {
    const resolved = resolveContext(mergeKubeconfigs([one, two]), 'lab');
    expect(resolved.cluster.server).toBe('https://dev');
    expect(resolved.origin).toBe('context "lab" of work.yaml');
  });

  test('relative paths resolve against the file that they stand in, absolute ones stay', () => {
    const a = file('a', { clusters: { c: { server: 'https://c', 'certificate-authority': 'pki/ca.crt' } } }, '/one');
    const b = file(
      'b',
      {
        users: {
          u: {
            'client-certificate': './u.crt',
            'client-key': '/abs/u.key',
            tokenFile: 'token',
            exec: { command: './bin/login' },
          },
          v: { exec: { command: 'aws' } },
        },
      },
      'C:\\Users\\ann',
    );
    const merged = mergeKubeconfigs([a, b]);
    expect(merged.clusters.get('c')?.value['certificate-authority']).toBe('/one/pki/ca.crt');
    expect(merged.users.get('u')?.value).toEqual({
      'client-certificate': 'C:\\Users\\ann\\./u.crt',
      'client-key': '/abs/u.key',
      tokenFile: 'C:\\Users\\ann\\token',
      exec: { command: 'C:\\Users\\ann\\./bin/login' },
    });
    expect(merged.users.get('v')?.value).toEqual({ exec: { command: 'aws' } });
  });

  test.each([
    ['a list', [], 'bad is no kubeconfig'],
    ['a text', 'hello', 'bad is no kubeconfig'],
    ['contexts that are no list', { contexts: {} }, 'bad: "contexts" is no list'],
    ['an entry without name', { users: [{ user: {} }] }, 'an entry of "users" has no name'],
    ['a name twice in one file', { users: [{ name: 'u' }, { name: 'u' }] }, 'bad: "users" names "u" twice'],
  ])('refuses %s', (_title, content, message) => {
    expect(() => mergeKubeconfigs([{ shown: 'bad', directory: '/', content }])).toThrow(message);
  });
});

describe('resolving a context', () => {
  test('the current context, with its origin in words', () => {
    const resolved = resolveContext(mergeKubeconfigs([one, two]));
    expect(resolved.context).toBe('dev');
    expect(resolved.namespace).toBe('default');
    expect(resolved.user.token).toBe('one');
    expect(resolved.origin).toBe('current context of ~/.kube/config');
  });

  test('impersonation, exec plugin and provider are read', () => {
    const { user } = resolveContext(
      mergeKubeconfigs([
        file('f', {
          current: 'c',
          contexts: { c: { cluster: 'c', user: 'u' } },
          clusters: { c: { server: 'https://c', 'insecure-skip-tls-verify': true, 'tls-server-name': 'api' } },
          users: {
            u: {
              as: 'bob',
              'as-groups': ['ops', 'dev'],
              exec: { command: 'login', args: ['--to', 'c'], env: [{ name: 'A', value: 'b' }], installHint: 'get it' },
              'auth-provider': { name: 'oidc', config: { 'client-id': 'x' } },
            },
          },
        }),
      ]),
    );
    expect(user.as).toBe('bob');
    expect(user.asGroups).toEqual(['ops', 'dev']);
    expect(user.exec).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'login',
      args: ['--to', 'c'],
      env: [{ name: 'A', value: 'b' }],
      installHint: 'get it',
      provideClusterInfo: false,
      interactiveMode: 'IfAvailable',
    });
    expect(user.authProvider).toEqual({ name: 'oidc', config: { 'client-id': 'x' } });
  });

  test.each([
    ['no file', [missing], '', 'No kubeconfig was found. Set KUBECONFIG or --kubeconfig to one'],
    [
      'no current context',
      [file('a', { contexts: { x: {}, b: {} } })],
      '',
      'No current context is set in a. Choose one with --context. Known contexts: b, x.',
    ],
    ['an unknown context', [one], 'dve', 'Context "dve" does not exist in ~/.kube/config. Known contexts: dev, prod.'],
    [
      'a current context that is gone',
      [file('a', { current: 'old' })],
      '',
      'The current context "old" does not exist in a. It defines no context.',
    ],
    [
      'a missing cluster',
      [file('a', { current: 'x', contexts: { x: { cluster: 'c' } } })],
      '',
      'Context "x" (a) names the cluster "c", which is not defined in a.',
    ],
    [
      'a missing user',
      [file('a', { current: 'x', contexts: { x: { cluster: 'c', user: 'u' } }, clusters: { c: { server: 's' } } })],
      '',
      'Context "x" (a) names the user "u", who is not defined in a.',
    ],
    [
      'a cluster without address',
      [file('a', { current: 'x', contexts: { x: { cluster: 'c' } }, clusters: { c: {} } })],
      '',
      'Cluster "c" (a) has no server address.',
    ],
  ])('says what is wrong: %s', (_title, files, asked, message) => {
    expect(() => resolveContext(mergeKubeconfigs(files), asked)).toThrow(message);
  });

  test('the list of contexts names server, namespace, user and origin, and holds no credential', () => {
    const listed = contextsOf(mergeKubeconfigs([one, two]));
    expect(listed).toEqual([
      {
        name: 'dev',
        server: 'https://dev',
        namespace: 'default',
        user: 'ann',
        current: true,
        origin: '~/.kube/config',
      },
      {
        name: 'prod',
        server: 'https://prod',
        namespace: 'shop',
        user: 'ann',
        current: false,
        origin: '~/.kube/config',
      },
      { name: 'lab', server: 'https://dev', namespace: 'default', user: 'ann', current: false, origin: 'work.yaml' },
    ]);
    expect(JSON.stringify(listed)).not.toContain('token');
  });
});
