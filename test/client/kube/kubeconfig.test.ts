import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redact } from '../../../client/src/kube/exec.ts';
import { listContexts, loadKubeconfig } from '../../../client/src/kube/kubeconfig.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-home-'));
  mkdirSync(path.join(home, '.kube'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const config = (name: string) => `
apiVersion: v1
kind: Config
current-context: ${name}
contexts:
- name: ${name}
  context: {cluster: ${name}, user: ${name}}
clusters:
- name: ${name}
  cluster:
    server: https://${name}.example.com
    certificate-authority: ca.crt
users:
- name: ${name}
  user: {token: secret-of-${name}}
`;
const write = (name: string, text: string) => writeFileSync(path.join(home, name), text);

test('without KUBECONFIG the file in the home folder is read, and named with a tilde', async () => {
  write('.kube/config', config('home'));
  expect(await listContexts({ env: {}, home })).toEqual([
    {
      name: 'home',
      server: 'https://home.example.com',
      namespace: 'default',
      user: 'home',
      current: true,
      origin: '~/.kube/config',
    },
  ]);
  const merged = await loadKubeconfig({ env: {}, home });
  expect(merged.clusters.get('home')?.value['certificate-authority']).toBe(path.join(home, '.kube', 'ca.crt'));
});

test('KUBECONFIG takes its place: several files, missing and empty ones skipped, each once', async () => {
  write('one', config('one'));
  write('two', config('two'));
  write('empty', '\n');
  const list = ['missing', 'empty', 'two', '', 'one', 'two'].join(path.delimiter);
  const merged = await loadKubeconfig({ env: { KUBECONFIG: list }, home, cwd: home });
  expect(merged.files).toEqual(['~/two', '~/one']);
  expect(merged.currentContext).toBe('two');
});

test('a file that was asked for is the only one, and has to be there', async () => {
  write('one', config('one'));
  const source = { env: { KUBECONFIG: path.join(home, 'two') }, home, cwd: home };
  expect((await loadKubeconfig({ ...source, explicit: '~/one' })).files).toEqual(['~/one']);
  await expect(loadKubeconfig({ ...source, explicit: 'missing' })).rejects.toThrow(
    'The kubeconfig ~/missing cannot be read: there is no such file.',
  );
});

test('a file that is no YAML is named with the line, and its text is not quoted', async () => {
  write('broken', 'users:\n- name: me\n  user: {token: very-secret\n');
  const failure = await loadKubeconfig({ env: {}, home, explicit: path.join(home, 'broken') }).catch(
    (e: Error) => e.message,
  );
  expect(failure).toMatch(/^The kubeconfig ~\/broken is no valid YAML \(line \d+\)/);
  expect(failure).not.toContain('very-secret');
});

test('what looks like a token is left out of the text of others', () => {
  expect(redact('error: token: abcdefghijklmnop is bad')).toBe('error: token: [redacted] is bad');
  expect(redact('Bearer abc.def-ghi_jkl failed')).toBe('Bearer [redacted] failed');
  expect(redact('got eyJhbGciOi.eyJzdWIiOi.c2ln back')).toBe('got [redacted] back');
  expect(redact('the cluster is not reachable')).toBe('the cluster is not reachable');
});

test('the contexts to choose from begin with the current one', async () => {
  write('one', config('one'));
  write('two', config('two').replace(/current-context: .*/, ''));
  const env = { KUBECONFIG: ['two', 'one'].join(path.delimiter) };
  const contexts = await listContexts({ env, home, cwd: home });
  expect(contexts.map(({ name, current }) => [name, current])).toEqual([
    ['one', true],
    ['two', false],
  ]);
});
