import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCall } from '../../../client/src/cli/args.ts';
import { FileStore, stateFolder } from '../../../client/src/cli/operation-store.ts';
import { storedOperations } from '../../../client/src/cli/resuming.ts';
import type { OperationRecord } from '../../../client/src/sync/record.ts';
import { live, MemoryStore } from '../killed.ts';
import { objects, world } from '../simulated.ts';
import { cli, folderWith } from './run-cli.ts';

const APP = objects('{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}');

let folder = '';
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-state-')), 'state');
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

/** The record of a sync that has succeeded, and what is to be another way in it. */
async function record(change: Partial<OperationRecord> = {}): Promise<OperationRecord> {
  const store = new MemoryStore();
  await live(world(), store, { objects: APP });
  const [made] = await store.list();
  if (!made) throw new Error('nothing is stored');
  return { ...made, context: 'kind-dev', ...change };
}

test('a record is a file of its own that its user alone can read, and nothing is left beside it', async () => {
  const messages: string[] = [];
  const store = new FileStore(folder, (text) => messages.push(text));
  const first = await record();
  await Promise.all([store.save(first), store.save({ ...first, id: 'other', startedAt: first.startedAt + 1 })]);
  expect(readdirSync(folder).sort()).toEqual([`${first.id}.json`, 'other.json']);
  expect(statSync(path.join(folder, 'other.json')).mode & 0o777).toBe(0o600);
  expect((await store.list()).map(({ id }) => id)).toEqual(['other', first.id]);
  expect((await store.list())[1]).toEqual(first);
  await store.prune(first.startedAt + 1);
  expect(readdirSync(folder)).toEqual(['other.json']);
  expect(messages).toEqual([]);
});

test('what is of a newer version, or broken, is left alone and said', async () => {
  const messages: string[] = [];
  const store = new FileStore(folder, (text) => messages.push(text));
  await store.save(await record());
  const newer = JSON.stringify({ schema: 2, startedAt: 0 });
  writeFileSync(path.join(folder, 'newer.json'), newer);
  writeFileSync(path.join(folder, 'broken.json'), '{"schema": 1, "id": "bro');
  writeFileSync(path.join(folder, 'other.json'), '{"schema": 1, "results": [null]}');
  expect(await store.list()).toHaveLength(1);
  await store.prune(Infinity);
  expect(readdirSync(folder).sort()).toEqual(['broken.json', 'newer.json', 'other.json']);
  expect(readFileSync(path.join(folder, 'newer.json'), 'utf8')).toBe(newer);
  expect(messages.sort()).toEqual([
    `${path.join(folder, 'broken.json')} is left alone: it is no JSON.`,
    `${path.join(folder, 'newer.json')} is left alone: a newer version of argocd-hooks has written it.`,
    `${path.join(folder, 'other.json')} is left alone: it does not hold what this version writes.`,
  ]);
});

test('where nothing can be kept it is said once, and the sync goes on', async () => {
  const messages: string[] = [];
  writeFileSync(folder, 'a file');
  const store = new FileStore(folder, (text) => messages.push(text));
  await store.save(await record());
  await store.save(await record());
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain('it cannot be resumed');
});

test('history: newest first, as text and as JSON, of all applications or of those of a path', async () => {
  const store = new FileStore(folder, () => undefined);
  const base = await record();
  const hour = 3_600_000;
  const open: { -readonly [K in keyof OperationRecord]: OperationRecord[K] } = {
    ...base,
    startedAt: base.startedAt + hour,
    updatedAt: base.startedAt + hour + 65_000,
  };
  delete open.ended;
  await store.save(base);
  await store.save({
    ...open,
    id: 'cut',
    process: 2 ** 30,
    state: { phase: 'Running', message: 'waiting for a hook' },
  });
  await store.save({ ...base, id: 'bank', application: 'bank', startedAt: base.startedAt - hour });
  const args = ['history', '--state-folder', folder];
  const text = await cli(args);
  expect([text.code, text.stderr]).toEqual([0, '']);
  expect(text.stdout.trimEnd().split('\n')).toEqual([
    'STARTED (UTC)        APPLICATION  CONTEXT   PHASE        DURATION  MESSAGE',
    '2026-11-26 04:00:00  shop         kind-dev  Interrupted  1m5s      waiting for a hook',
    '2026-11-26 03:00:00  shop         kind-dev  Succeeded    0s        successfully synced (all tasks run)',
    '2026-11-26 02:00:00  bank         kind-dev  Succeeded    1h0m0s    successfully synced (all tasks run)',
  ]);
  const cwd = folderWith({ 'bank/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' });
  const json = await cli([...args, 'bank', '--format', 'json'], { cwd });
  expect(JSON.parse(json.stdout)).toMatchObject({
    version: 1,
    problems: [],
    operations: [{ id: 'bank', application: 'bank', state: 'finished', phase: 'Succeeded', seconds: 3600 }],
  });
  expect((await cli(['history', '--state-folder', `${folder}/none`])).stdout).toBe(
    'No sync or deletion is known of the last 30 days.\n',
  );
});

test('the state folder is that of the flag, of XDG, or of the home folder', () => {
  expect(stateFolder('/x', { XDG_STATE_HOME: '/state' })).toBe('/x');
  expect(stateFolder(undefined, { XDG_STATE_HOME: '/state' })).toBe('/state/argocd-hooks');
  expect(stateFolder(undefined, { XDG_STATE_HOME: 'relative' })).toBe(
    path.join(os.homedir(), '.local/state/argocd-hooks'),
  );
});

test('the commands that are told can be typed as they stand', () => {
  const call = readCall(['sync', "it's", '--yes', '--context', 'my context', '--force', '--no-render']);
  if (!call) throw new Error('no call');
  const output = { data: () => undefined, message: () => undefined, color: false, live: false, columns: 80, rows: 24 };
  expect(storedOperations(call, output).commands).toEqual({
    sync: {
      resume: String.raw`argocd-hooks sync --context 'my context' --no-render 'it'\''s' --resume`,
      discard: String.raw`argocd-hooks sync --context 'my context' --no-render 'it'\''s' --discard`,
    },
    deletion: {
      resume: String.raw`argocd-hooks delete --context 'my context' --no-render 'it'\''s' --resume`,
      discard: String.raw`argocd-hooks delete --context 'my context' --no-render 'it'\''s' --discard`,
    },
  });
});

test.each([
  [['--resume', '--discard'], '--resume and --discard cannot go together\n'],
  [
    ['--resume', '--force'],
    '--force and --resume cannot go together: what was cut off goes on with what it was started with\n',
  ],
])('%j is wrong usage', async (flags, stderr) => {
  expect(await cli(['sync', '--yes', ...flags])).toEqual({ code: 2, stdout: '', stderr });
});
