import { expect, test } from 'vitest';
import { FULL, ROOT, TestSession } from './harness.ts';
import { manifest } from '../workspace/memory-files.ts';

const CONFIG = manifest('ConfigMap', 'settings');

interface Summary {
  readonly name: string;
  readonly path: string;
  readonly folder: string;
}

const applications = async (session: TestSession): Promise<string[]> =>
  (await session.client.sendRequest<Summary[]>('argocdHooks/applications', {})).map(({ name }) => name);

test('settings leave files out and name applications, and may change', async () => {
  const session = await new TestSession({
    files: { 'a/x.yaml': CONFIG, 'b/y.yaml': CONFIG },
    settings: { [ROOT]: { exclude: ['b'] } },
  }).start();
  expect(await applications(session)).toEqual(['a']);
  session.settings = { [ROOT]: { applications: [{ name: 'all', path: '.', recurse: true }] } };
  await session.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await expect.poll(() => applications(session)).toEqual(['all']);
});

test('a folder that is moved takes its files along', async () => {
  const session = await new TestSession({ files: { 'a/x.yaml': CONFIG, 'b/y.yaml': CONFIG } }).start();
  expect(await applications(session)).toEqual(['a', 'b']);
  session.disk.delete('a/x.yaml');
  session.disk.set('c/x.yaml', CONFIG);
  await session.client.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [
      { uri: `${ROOT}/a`, type: 3 },
      { uri: `${ROOT}/c`, type: 1 },
    ],
  });
  await expect.poll(() => applications(session)).toEqual(['b', 'c']);
});

test('without a watching client files are looked for when a document is saved', async () => {
  const capabilities = { ...FULL, workspace: { ...FULL.workspace, didChangeWatchedFiles: {} } };
  const session = await new TestSession({ files: { 'a/x.yaml': CONFIG }, capabilities }).start();
  expect(await applications(session)).toEqual(['a']);
  session.disk.set('b/y.yaml', CONFIG);
  await session.client.sendNotification('textDocument/didSave', { textDocument: { uri: `${ROOT}/a/x.yaml` } });
  await expect.poll(() => applications(session)).toEqual(['a', 'b']);
});
