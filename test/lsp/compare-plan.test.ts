import { afterEach, describe, expect, it } from 'vitest';
import {
  COMPARE_PLAN,
  GONE_APPLICATIONS,
  REVISIONS,
  TRUSTED,
  type ComparePlanResult,
  type GoneApplicationsResult,
  type RevisionsResult,
} from '../../server/src/lsp/protocol.ts';
import type { Files } from '../../server/src/workspace/files.ts';
import type { Revisions } from '../../server/src/workspace/revisions.ts';
import { job, ROOT, TestSession, type SessionOptions } from './harness.ts';

let session: TestSession | undefined;
afterEach(() => session?.end());

const memoryFiles = (files: Readonly<Record<string, string>>): Files => ({
  read: (path) => Promise.resolve(files[path]),
  list: () => Promise.resolve(Object.keys(files).sort()),
});

/** Revisions by name; how often the files of each were opened is counted. */
function revisionsOf(
  states: Readonly<Record<string, Readonly<Record<string, string>>>>,
  opened: string[] = [],
): Revisions {
  return {
    resolve: (name) =>
      Promise.resolve(
        states[name] ? { name, commit: `${name}-hash`, short: name.slice(0, 3) } : { problem: `no ${name} here` },
      ),
    files: ({ name }) => {
      opened.push(name);
      return memoryFiles(states[name] ?? {});
    },
    tree: ({ name }) => {
      const files = new Map(Object.entries(states[name] ?? {}));
      const isFolder = (path: string): boolean => [...files.keys()].some((file) => file.startsWith(`${path}/`));
      return {
        entry: (path) => Promise.resolve(files.has(path) ? 'file' : isFolder(path) ? 'folder' : undefined),
        bytes: (path) => Promise.resolve(files.has(path) ? Buffer.from(files.get(path) ?? '') : undefined),
        text: (path) => Promise.resolve(files.get(path)),
        list: (folder) => Promise.resolve([...files.keys()].filter((file) => file.startsWith(`${folder}/`))),
      };
    },
    choices: () =>
      Promise.resolve([{ kind: 'branch', name: 'main', short: 'abc', subject: 'first', time: '2024-01-01T00:00:00Z' }]),
  };
}

const start = async (options: SessionOptions): Promise<TestSession> =>
  (session = await new TestSession({ initializationOptions: { trusted: true }, ...options }).start());

const compare = (revision: string, more: object = {}): Promise<ComparePlanResult> =>
  session?.client.sendRequest<ComparePlanResult>(COMPARE_PLAN, {
    application: { folder: ROOT, path: 'shop', name: 'shop', ...more },
    revision,
  }) ?? Promise.reject(new Error('no session'));

const MIGRATE = job('migrate', 'argocd.argoproj.io/hook: PreSync');
const WEB = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n';

describe('a comparison with a revision', () => {
  it('tells what is different, unsaved text included', async () => {
    const opened: string[] = [];
    const states = { HEAD: { 'shop/job.yaml': MIGRATE, 'shop/web.yaml': WEB } };
    await start({ files: { 'shop/job.yaml': MIGRATE, 'shop/web.yaml': WEB }, revisions: revisionsOf(states, opened) });
    expect(await compare('HEAD')).toMatchObject({
      revision: { name: 'HEAD', short: 'HEA' },
      diff: [],
      plan: { name: 'shop' },
    });
    await session?.open('shop/job.yaml', MIGRATE.replace('PreSync', 'PostSync'));
    expect(await compare('HEAD')).toMatchObject({
      diff: [
        {
          change: 'moved',
          task: 'batch/Job//migrate',
          from: { phase: 'PreSync', wave: 0 },
          to: { phase: 'PostSync', wave: 0 },
          file: 'shop/job.yaml',
        },
      ],
    });
    expect(opened).toEqual(['HEAD']);
  });

  it('adds everything where the application was not there', async () => {
    await start({
      files: { 'shop/web.yaml': WEB },
      revisions: revisionsOf({ old: { 'other/a.yaml': WEB.replace('web', 'a') } }),
    });
    expect(await compare('old')).toMatchObject({ plan: null, diff: [{ change: 'added', task: '/ConfigMap//web' }] });
  });

  it('finds the application where it was before, unless that is still there', async () => {
    const revisions = revisionsOf({ old: { 'deploy/shop/web.yaml': WEB } });
    await start({ files: { 'shop/web.yaml': WEB }, revisions });
    expect(await compare('old')).toMatchObject({ plan: { source: { path: 'deploy/shop' } }, diff: [] });
    await session?.end();
    await start({ files: { 'shop/web.yaml': WEB, 'deploy/shop/web.yaml': WEB }, revisions });
    expect(await compare('old')).toMatchObject({ plan: null, diff: [{ change: 'added' }] });
  });

  it('renders the revision as what stands now is rendered', async () => {
    const kustomized = (hook: string): Record<string, string> => ({
      'shop/kustomization.yaml': 'resources: [job.yaml]\nnamePrefix: prod-\n',
      'shop/job.yaml': job('migrate', `argocd.argoproj.io/hook: ${hook}`),
    });
    const now = kustomized('PostSync');
    const started: TestSession = await start({
      files: now,
      revisions: revisionsOf({ HEAD: kustomized('PreSync') }),
      trusted: true,
      tool: ({ texts }) => {
        const text = texts.get('shop/job.yaml') ?? now['shop/job.yaml'] ?? '';
        return { kind: 'rendered', output: String(text).replace('name: ', 'name: prod-') };
      },
    });
    expect(started).toBeDefined();
    expect(await compare('HEAD')).toMatchObject({
      diff: [
        { change: 'moved', task: 'batch/Job//prod-migrate', from: { phase: 'PreSync' }, to: { phase: 'PostSync' } },
      ],
    });
  });

  it('says why there is none', async () => {
    await start({ files: { 'shop/web.yaml': WEB }, revisions: revisionsOf({ HEAD: {} }) });
    expect(await compare('nope')).toEqual({ problem: 'no nope here' });
    expect(await compare('HEAD', { name: 'gone' })).toEqual({
      problem: expect.stringContaining('not in the workspace any more') as string,
    });
    expect(await compare('HEAD', { folder: 'file:///elsewhere' })).toHaveProperty('problem');
    expect(await session?.client.sendRequest(COMPARE_PLAN, null)).toHaveProperty('problem');
    await session?.end();
    await start({ files: { 'shop/web.yaml': WEB } });
    expect(await compare('HEAD')).toEqual({ problem: expect.stringContaining('on no disk of this machine') as string });
  });

  it('asks no Git in a workspace that is not trusted, until it is', async () => {
    const opened: string[] = [];
    await start({
      files: { 'shop/web.yaml': WEB },
      revisions: revisionsOf({ HEAD: {} }, opened),
      initializationOptions: {},
    });
    const list = async (): Promise<RevisionsResult | undefined> =>
      session?.client.sendRequest<RevisionsResult>(REVISIONS, { folder: ROOT });
    expect(await compare('HEAD')).toEqual({ problem: expect.stringContaining('not trusted') as string });
    expect(await list()).toHaveProperty('problem');
    expect(opened).toEqual([]);
    await session?.client.sendNotification(TRUSTED);
    expect(await compare('HEAD')).toMatchObject({ diff: [{ change: 'added' }] });
    expect(await list()).toEqual({ revisions: [expect.objectContaining({ kind: 'branch', name: 'main' })] });
  });
});

describe('the applications that a revision has alone', () => {
  const gone = (revision: string, folder = ROOT): Promise<GoneApplicationsResult> =>
    session?.client.sendRequest<GoneApplicationsResult>(GONE_APPLICATIONS, { folder, revision }) ??
    Promise.reject(new Error('no session'));

  it('are told with all that is removed with them', async () => {
    await start({
      files: { 'shop/web.yaml': WEB },
      revisions: revisionsOf({ old: { 'shop/web.yaml': WEB, 'wiki/job.yaml': MIGRATE } }),
    });
    expect(await gone('old')).toMatchObject({
      revision: { name: 'old' },
      gone: [
        {
          application: { folder: ROOT, path: 'wiki', name: 'wiki' },
          plan: { name: 'wiki' },
          diff: [{ change: 'removed', task: 'batch/Job//migrate', from: { phase: 'PreSync', wave: 0 }, to: null }],
        },
      ],
    });
  });

  it('are not those that moved', async () => {
    await start({ files: { 'shop/web.yaml': WEB }, revisions: revisionsOf({ old: { 'deploy/shop/web.yaml': WEB } }) });
    expect(await gone('old')).toMatchObject({ gone: [] });
  });

  it('are told of an empty folder, too, and not without trust', async () => {
    const revisions = revisionsOf({ old: { 'wiki/job.yaml': MIGRATE } });
    await start({ files: {}, revisions });
    expect(await gone('old')).toMatchObject({ gone: [{ application: { name: 'wiki' } }] });
    expect(await gone('nope')).toEqual({ problem: 'no nope here' });
    expect(await gone('old', 'file:///elsewhere')).toHaveProperty('problem');
    await session?.end();
    await start({ files: {}, revisions, initializationOptions: {} });
    expect(await gone('old')).toEqual({ problem: expect.stringContaining('not trusted') as string });
  });
});
