import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isProtected, listContexts } from '../../client/src/vscode/sync/contexts.ts';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-home-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
fs.mkdirSync(path.join(home, '.kube'));

const kubeconfig = (current: string, ...names: string[]): string =>
  JSON.stringify({
    'current-context': current,
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name, namespace: `${name}-ns` } })),
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}:6443` } })),
    users: names.map((name) => ({ name, user: { token: `secret-of-${name}` } })),
  });

const write = (name: string, text: string): string => {
  const file = path.join(home, name);
  fs.writeFileSync(file, text);
  return file;
};
write('.kube/config', kubeconfig('dev', 'test', 'dev'));

describe('listContexts', () => {
  test('reads ~/.kube/config, the current context first, and no credential', async () => {
    const contexts = await listContexts('', {}, home);
    expect(contexts).toEqual([
      {
        name: 'dev',
        server: 'https://dev:6443',
        namespace: 'dev-ns',
        user: 'dev',
        current: true,
        origin: '~/.kube/config',
      },
      {
        name: 'test',
        server: 'https://test:6443',
        namespace: 'test-ns',
        user: 'test',
        current: false,
        origin: '~/.kube/config',
      },
    ]);
  });

  test('KUBECONFIG names several files, a missing one among them; the setting goes before it', async () => {
    const first = write('one', kubeconfig('', 'one'));
    const second = write('two', kubeconfig('two', 'two'));
    const env = { KUBECONFIG: [path.join(home, 'missing'), first, second].join(path.delimiter) };
    expect((await listContexts('', env, home)).map((context) => context.name)).toEqual(['two', 'one']);
    expect((await listContexts('~/one', env, home)).map((context) => context.name)).toEqual(['one']);
  });

  test('no kubeconfig at all gives none', async () => {
    expect(await listContexts(path.join(home, 'missing'), {}, home)).toEqual([]);
  });

  test('a file that is no YAML is named with the line, and its text is not quoted', async () => {
    const broken = write('broken', 'users:\n- name: a\n  user: {token: s3cret\nfoo: [');
    const error = await listContexts(broken, {}, home).catch((e: unknown) => e);
    expect(String(error)).toMatch(/~\/broken is no YAML \(line \d+\)/);
    expect(String(error) + JSON.stringify(error)).not.toContain('s3cret');
  });
});

describe('isProtected', () => {
  test.each([
    ['prod', ['*prod*'], true],
    ['eu-PROD-1', ['*prod*'], true],
    ['kind-dev', ['*prod*', 'kind-dev'], true],
    ['kind-dev2', ['*prod*', 'kind-dev'], false],
    ['a.b', ['a?b', 'a.c'], false],
    ['anything', [], false],
  ])('%s by %j: %s', (context, patterns, expected) => {
    expect(isProtected(context, patterns)).toBe(expected);
  });
});
