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

test('settings that come late, after files were read without them, hold all the same', async () => {
  let answer: () => void = () => undefined;
  const session = await new TestSession({
    files: { 'a/x.yaml': CONFIG, 'b/y.yaml': CONFIG },
    settings: { [ROOT]: { exclude: ['b'] } },
    configuring: new Promise((resolve) => (answer = resolve)),
  }).start();
  expect(await applications(session)).toEqual(['a', 'b']);
  answer();
  await expect.poll(() => applications(session)).toEqual(['a']);
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

test('in a large folder what is typed about applications is told after the pause, and known to whoever asks', async () => {
  const declaration = (path: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  source:\n    path: ${path}\n`;
  const many = Array.from({ length: 600 }, (_, n) => [`app-${Math.floor(n / 2)}/${n}.yaml`, CONFIG] as const);
  const session = await new TestSession({
    files: { ...Object.fromEntries(many), 'app.yaml': declaration('app-0') },
  }).start();
  await session.open('app.yaml', declaration('app-0'));
  expect(await applications(session)).toHaveLength(300);
  await session.until(() => session.sent('argocdHooks/planChanged').length > 0);
  const told = session.sent('argocdHooks/planChanged').length;
  await session.change('app.yaml', 2, { text: declaration('app-7') });
  const asked = { uri: `${ROOT}/app-7/14.yaml` };
  expect(await session.client.sendRequest('argocdHooks/applicationOf', asked)).toMatchObject({ name: 'shop' });
  await session.until(() => session.sent('argocdHooks/planChanged').length > told);
  const [changed] = session.sent('argocdHooks/planChanged').slice(-1) as [{ applications: Summary[] }];
  expect(changed.applications.map(({ path, name }) => `${path} ${name}`).sort()).toEqual([
    'app-0 app-0',
    'app-0 shop',
    'app-7 app-7',
    'app-7 shop',
  ]);
  await session.end();
});
