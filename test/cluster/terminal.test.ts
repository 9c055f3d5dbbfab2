// The terminal client on a real cluster, as a process of its own: what a person, the editor and CI start.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admin, get, until, writesOf } from './plane.ts';
import { argocdHooks, resultOf } from './program.ts';

const NAMESPACE = 'sync-hooks-2';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-guide-'));
  cpSync(path.join(import.meta.dirname, '../fixtures/guide'), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lays over a manifest of the copy what its pods do. */
function overlay(file: string, annotations: Readonly<Record<string, string>>): void {
  const at = path.join(folder, 'sync-hooks', file);
  const lines = Object.entries(annotations).map(
    ([key, value]) => `        test.argocd-hooks.dev/${key}: ${JSON.stringify(value)}\n`,
  );
  const text = readFileSync(path.join(import.meta.dirname, '../fixtures/guide/sync-hooks', file), 'utf8');
  const changed = text.replace('  template:\n', `  template:\n    metadata:\n      annotations:\n${lines.join('')}`);
  if (changed === text) throw new Error(`${file} has no pod template`);
  writeFileSync(at, changed);
}

/** What was written in the example's namespace, dry runs left out. */
const written = (by: Parameters<typeof writesOf>[1] = {}) =>
  writesOf(NAMESPACE, by).filter((write) => !write.uri.searchParams.has('dryRun'));

test('without a yes nothing is written', async () => {
  const { code, errors } = await argocdHooks(['sync', folder]);
  expect(code).toBe(3);
  expect(errors).toContain('--yes');
  expect(written()).toEqual([]);
});

test('syncs the example: makes the namespace, then PreSync, Sync, PostSync; waits for the migration', async () => {
  overlay('db-migration-job.yaml', { after: '1200ms', logs: 'migrating\ndone' });
  const ended = await argocdHooks(['sync', folder, '--yes']);
  expect([ended.code, ended.errors]).toEqual([0, expect.any(String)]);
  const result = resultOf(ended);
  expect(result.operation).toMatchObject({ phase: 'Succeeded', message: 'successfully synced (no more tasks)' });
  const order = result.results.map(({ syncPhase, kind }) => `${syncPhase} ${kind}`);
  expect(order).toEqual([
    'PreSync Namespace',
    'PreSync Job',
    'Sync Service',
    'Sync Deployment',
    'PostSync Job',
    'PostSync Job',
  ]);
  const writes = written().filter((write) => write.verb === 'create');
  expect(writes.map((write) => write.object.split('/').slice(0, -1).join('/')).slice(0, 4)).toEqual([
    'namespaces',
    `batch/jobs/${NAMESPACE}`,
    `services/${NAMESPACE}`,
    `apps/deployments/${NAMESPACE}`,
  ]);
  const at = (index: number): number => Date.parse(writes[index]?.at ?? '');
  expect(at(2) - at(1)).toBeGreaterThan(1200);
  await until('only the clean-up Job is left', async () => {
    const jobs = (await get(`/apis/batch/v1/namespaces/${NAMESPACE}/jobs`))['items'] as {
      metadata: { name: string };
    }[];
    return jobs.map((job) => job.metadata.name).join() === 'cleanup-job';
  });
  expect([...result.left].sort()).toEqual([
    `/Namespace//${NAMESPACE}`,
    `/Service/${NAMESPACE}/nginx`,
    `apps/Deployment/${NAMESPACE}/nginx`,
    `batch/Job/${NAMESPACE}/cleanup-job`,
  ]);
  const lines = ended.events.flatMap((event) =>
    event.type === 'log' && event.task.endsWith('db-migration-job') ? [event.line] : [],
  );
  expect(lines).toEqual(['migrating', 'done']);
});

test('a failing migration fails it before the Deployment: exit 1', async () => {
  overlay('db-migration-job.yaml', { pod: 'fail' });
  const before = written().length;
  const ended = await argocdHooks(['sync', folder, '--yes']);
  expect(ended.code).toBe(1);
  expect(resultOf(ended).operation.phase).toBe('Failed');
  const writes = written().slice(before);
  expect(writes.filter((write) => /deployments|services/.test(write.object))).toEqual([]);
});

test('an interrupt terminates the operation properly: exit 130', async () => {
  await until('the failed migration is gone', async () => {
    await admin.request(
      'DELETE',
      `/apis/batch/v1/namespaces/${NAMESPACE}/jobs/db-migration-job?propagationPolicy=Background`,
    );
    return true;
  });
  overlay('db-migration-job.yaml', { pod: 'hang' });
  const ended = await argocdHooks(['sync', folder, '--yes'], {
    during: (event, kill) => {
      if (event.type === 'task' && event.task.endsWith('db-migration-job') && event.hookPhase === 'Running')
        kill('SIGINT');
    },
  });
  expect(ended.code).toBe(130);
  expect(resultOf(ended).operation).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
  await until('the hook is deleted', async () => {
    const jobs = (await get(`/apis/batch/v1/namespaces/${NAMESPACE}/jobs`))['items'] as {
      metadata: { name: string };
    }[];
    return !jobs.some((job) => job.metadata.name === 'db-migration-job');
  });
});

test('who may not do it is told before anything is written: exit 3', async () => {
  const ended = await argocdHooks(['sync', folder, '--yes'], { user: 'limited' });
  expect(ended.code).toBe(3);
  expect(written({ user: 'limited' })).toEqual([]);
  expect(ended.errors).toContain(`limited may not create, update, delete jobs.batch in namespace ${NAMESPACE}.`);
});
