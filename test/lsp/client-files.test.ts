import { afterEach, describe, expect, test } from 'vitest';
import {
  APPLICATIONS,
  PLAN,
  PLAN_CHANGED,
  type ApplicationSummary,
  type PlanResult,
} from '../../server/src/lsp/protocol.ts';
import { allPlaces } from '../../server/src/core/plan/query.ts';
import { job, TestSession, type SessionOptions } from './harness.ts';

const FILES = {
  'apps/web/migrate.yaml': job('migrate', 'argocd.argoproj.io/hook: PreSync'),
  'apps/web/settings.yaml': job('settings', 'argocd.argoproj.io/sync-wave: "2"', 'ConfigMap'),
  'secret/out.yaml': job('out', 'argocd.argoproj.io/hook: Sync'),
  '.gitignore': 'secret/\n',
};

let running: TestSession | undefined;
afterEach(async () => {
  await running?.end();
  running = undefined;
});

async function session(options: SessionOptions): Promise<TestSession> {
  running = new TestSession({ files: FILES, ...options });
  return running.start();
}

const names = (plan: PlanResult | null): string[] => (plan ? allPlaces(plan.plan).map(({ task }) => task.name) : []);

describe.each(['search', 'walk'] as const)('files that only the client reaches, by %s', (clientFiles) => {
  test('form applications and plans', async () => {
    const { client } = await session({ clientFiles, folders: ['memfs:/'] });
    const found = await client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
    expect(found.map(({ folder, path, name, hooks }) => [folder, path, name, hooks])).toEqual([
      ['memfs:/', 'apps/web', 'web', 1],
    ]);
    expect(names(await client.sendRequest<PlanResult | null>(PLAN, { application: found[0] }))).toEqual([
      'migrate',
      'settings',
    ]);
  });

  test('are read again when the client says that they changed', async () => {
    const folder = 'vscode-vfs://github/acme/shop';
    const at = await session({ clientFiles, folders: [`${folder}/`] });
    const { client, disk } = at;
    await client.sendRequest(APPLICATIONS);
    await at.until(() => at.sent(PLAN_CHANGED).length > 0);
    at.received.length = 0;
    disk.set('apps/web/cache.yaml', job('cache', 'argocd.argoproj.io/sync-wave: "1"', 'ConfigMap'));
    const changes = [{ uri: `${folder}/apps/web/cache.yaml`, type: 1 }];
    await client.sendNotification('workspace/didChangeWatchedFiles', { changes });
    await at.until(() => at.sent(PLAN_CHANGED).length > 0);
    const application = { folder, path: 'apps/web', name: 'web' };
    expect(names(await client.sendRequest<PlanResult | null>(PLAN, { application }))).toEqual([
      'migrate',
      'cache',
      'settings',
    ]);
  });
});

test('a folder that was removed takes its applications with it, and the client is told', async () => {
  const at = await session({ clientFiles: 'search', folders: ['memfs:/', 'memfs://other/'] });
  const paths = async (): Promise<string[]> =>
    (await at.client.sendRequest<ApplicationSummary[]>(APPLICATIONS)).map(({ folder, path }) => `${folder} ${path}`);
  expect(await paths()).toEqual(['memfs:/ apps/web', 'memfs://other/ apps/web']);
  await at.until(() => at.sent(PLAN_CHANGED).length > 0);
  at.received.length = 0;
  const event = { added: [], removed: [{ uri: 'memfs://other/', name: 'other' }] };
  await at.client.sendNotification('workspace/didChangeWorkspaceFolders', { event });
  await at.until(() => at.sent(PLAN_CHANGED).length > 0);
  expect(await paths()).toEqual(['memfs:/ apps/web']);
});

test('a client that offers no files is never asked for any', async () => {
  const { client, received } = await session({ folders: ['memfs:/'] });
  await client.sendRequest(APPLICATIONS);
  expect(received.filter(({ method }) => method.startsWith('argocdHooks/files'))).toEqual([]);
});
