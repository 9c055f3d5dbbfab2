import { execFileSync } from 'node:child_process';
import { expect, describe, test } from 'vitest';
import type { RunEvent } from '../../../client/src/sync/events.ts';
import { cli, eventsIn, finished, folderWith, startCli, write, type Finished } from './run-cli.ts';

const resultOf = ({ stdout }: Finished): Extract<RunEvent, { type: 'result' }> => {
  const result = eventsIn(stdout).findLast((event) => event.type === 'result');
  if (!result) throw new Error(`no result in ${stdout}`);
  return result;
};

describe('the example application', () => {
  test('is simulated from PreSync to PostSync, an event a line', async () => {
    const ran = await cli(['simulate', '--format', 'json']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const events = eventsIn(ran.stdout);
    expect(events[0]).toMatchObject({ type: 'operation', phase: 'Running' });
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['operation', 'task', 'waiting', 'write', 'log', 'result']),
    );
    for (const { time } of events) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const applied = events.flatMap((event) => (event.type === 'write' && event.verb === 'apply' ? [event.object] : []));
    expect(applied.map((key) => key.replace(/-\w+-postsync-\d+$/, ''))).toEqual([
      '/Namespace//sync-hooks-2',
      'batch/Job/sync-hooks-2/db-migration-job',
      '/Service/sync-hooks-2/nginx',
      'apps/Deployment/sync-hooks-2/nginx',
      'batch/Job/sync-hooks-2/app-slack-notification',
      'batch/Job/sync-hooks-2/cleanup-job',
    ]);
    const result = resultOf(ran);
    expect(result.operation).toMatchObject({ phase: 'Succeeded', message: 'successfully synced (no more tasks)' });
    expect(result.left).toEqual([
      '/Namespace//sync-hooks-2',
      '/Service/sync-hooks-2/nginx',
      'apps/Deployment/sync-hooks-2/nginx',
      'batch/Job/sync-hooks-2/cleanup-job',
    ]);
    expect(result.criticalPath.seconds).toBe(18);
    expect(result.waited.seconds).toBe(18);
  });

  test('stops before the Deployment when the migration fails', async () => {
    const ran = await cli([
      'simulate',
      '--format',
      'json',
      '--fail',
      'db-migration-job',
      '--duration',
      'db-migration-job=3s',
    ]);
    expect(ran.code).toBe(1);
    expect(resultOf(ran)).toMatchObject({
      operation: { phase: 'Failed' },
      left: ['/Namespace//sync-hooks-2', 'batch/Job/sync-hooks-2/db-migration-job'],
      waited: { seconds: 3 },
    });
    const touched = eventsIn(ran.stdout).flatMap((event) =>
      event.type === 'write' ? [event.object] : event.type === 'task' ? [event.task] : [],
    );
    expect(touched.filter((key) => key.includes('Deployment'))).toEqual([]);
  });

  test('tells whether the next sync succeeds, where it is asked', async () => {
    const json = await cli(['simulate', '--fail', 'db-migration-job', '--next', '--format', 'json']);
    expect(json.code).toBe(1);
    const message = 'Job has reached the specified backoff limit';
    expect(resultOf(json).next).toEqual({
      phase: 'Failed',
      message: 'one or more synchronization tasks completed unsuccessfully',
      failed: [{ task: 'batch/Job/sync-hooks-2/db-migration-job', message }],
    });
    const text = await cli(['simulate', '--fail', 'Service/nginx', '--next']);
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe(
      'The next sync, with nothing failing any more: Succeeded: successfully synced (no more tasks)',
    );
    expect(resultOf(await cli(['simulate', '--next', '--format', 'json']))).not.toHaveProperty('next');
  });

  test('refuses what cannot fail later', async () => {
    const ran = await cli(['simulate', '--fail', 'Service/nginx', '--format', 'json']);
    const service = resultOf(ran).results.find(({ kind }) => kind === 'Service');
    expect(service).toMatchObject({
      status: 'SyncFailed',
      message: 'services "nginx" is forbidden: the scenario refuses it',
    });
    expect(resultOf(ran).left).not.toContain('/Service/sync-hooks-2/nginx');
  });

  test('says that it waits for ever when the migration hangs', async () => {
    const ran = await cli(['simulate', '--hang', 'Job/db-*']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('Nothing more will happen by itself: it waits for ever');
    expect(ran.stdout).toMatch(/Job\/db-migration-job: Pod db-migration-job-\w+: the scenario lets it run for ever/);
    expect(ran.stdout).toContain('→ If that cannot be repaired now, terminate the sync');
    const timed = await cli(['simulate', '--hang', 'Job/db-*', '--timeout', '10m', '--format', 'json']);
    expect(resultOf(timed)).toMatchObject({
      operation: { phase: 'Failed', message: 'Operation terminated, triggered by controller sync timeout' },
      left: ['/Namespace//sync-hooks-2'],
      waited: { seconds: 600 },
    });
  });

  test('as text, a line an event and a summary', async () => {
    const { stdout } = await cli(['simulate']);
    const lines = stdout.trimEnd().split('\n');
    expect(
      lines.some((line) => /^\d\d:\d\d:\d\d {2}PreSync 0 {4}Succeeded {2}Job\/db-migration-job {2}Reached/.test(line)),
    ).toBe(true);
    expect(lines.slice(-7)).toEqual([
      'Succeeded: successfully synced (no more tasks)',
      expect.stringMatching(/^18 s, of which 18 s were waiting for Job\/db-migration-job, Deployment\/nginx, /),
      'Left in the cluster: 4 objects',
      '  Namespace/sync-hooks-2',
      '  Service/nginx',
      '  Deployment/nginx',
      '  Job/cleanup-job',
    ]);
  });
});

describe('a program in control', () => {
  const first = (child: ReturnType<typeof startCli>): Promise<RunEvent> =>
    new Promise((resolve) => {
      let text = '';
      child.stdout.on('data', (more: Buffer | string) => {
        text += String(more);
        if (text.includes('\n')) resolve(eventsIn(text.slice(0, text.indexOf('\n') + 1))[0] as RunEvent);
      });
    });

  test('is shown everything first, and nothing happens before its yes', async () => {
    const child = startCli(['simulate', '--format', 'json', '--control', '--', 'sync-hooks']);
    const end = finished(child);
    const preflight = await first(child);
    expect(preflight).toMatchObject({ type: 'preflight', preflight: { application: 'sync-hooks-2', blockers: [] } });
    child.stdin.write('{"type":"confirm"}\n');
    const ran = await end;
    expect(ran.code).toBe(0);
    expect(
      eventsIn(ran.stdout)
        .map(({ type }) => type)
        .slice(0, 2),
    ).toEqual(['preflight', 'operation']);
    child.stdin.destroy();
  });

  test.each([
    ['a no', '{"type":"refuse"}\n'],
    ['the end of its messages', ''],
    ['something else and then the end', 'what?\n{"type":"later"}\n'],
  ])('%s is a no', async (_what, input) => {
    const ran = await cli(['simulate', '--format', 'json', '--control'], { input });
    expect(ran.code).toBe(3);
    expect(eventsIn(ran.stdout).map(({ type }) => type)).toEqual(['preflight']);
    expect(ran.stderr).toBe('Nothing was written.\n');
  });

  test('chooses other options, and says yes to what they come to', async () => {
    const child = startCli(['simulate', '--format', 'json', '--control', '--', 'sync-hooks']);
    const end = finished(child);
    const preflight = await first(child);
    const chosen = preflight.type === 'preflight' ? preflight.preflight.choices?.chosen : undefined;
    const resources = [{ group: '', kind: 'Service', namespace: 'sync-hooks-2', name: 'nginx' }];
    child.stdin.write(`${JSON.stringify({ type: 'revise', edition: 1, choices: { ...chosen, resources } })}\n`);
    child.stdin.write('{"type":"confirm","edition":1}\n{"type":"confirm","edition":2}\n');
    const ran = await end;
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(resultOf(ran).results.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'Namespace/sync-hooks-2',
      'Service/nginx',
    ]);
    child.stdin.destroy();
  });

  test('terminates what runs', async () => {
    const child = startCli(['simulate', '--format', 'json', '--control', '--speed', '1']);
    const end = finished(child);
    await first(child);
    child.stdin.write('{"type":"confirm"}\n');
    await waitFor(child, 'waiting for completion of hook batch/Job/db-migration-job');
    child.stdin.write('{"type":"terminate"}\n');
    const ran = await end;
    expect(ran.code).toBe(1);
    expect(resultOf(ran)).toMatchObject({
      operation: { phase: 'Failed', message: 'Operation terminated' },
      left: ['/Namespace//sync-hooks-2'],
    });
  });
});

/** Resolves when the process has written some text. */
function waitFor(child: ReturnType<typeof startCli>, text: string): Promise<void> {
  return new Promise((resolve) => {
    let written = '';
    child.stdout.on('data', (more: Buffer | string) => {
      written += String(more);
      if (written.includes(text)) resolve();
    });
  });
}

test('an interruption terminates the operation properly: exit code 130', async () => {
  const child = startCli(['simulate', '--format', 'json', '--speed', '1']);
  const end = finished(child);
  await waitFor(child, 'waiting for completion of hook');
  child.kill('SIGINT');
  const ran = await end;
  expect(ran.code).toBe(130);
  expect(ran.stderr).toMatch(/^Terminating: running hooks are deleted/);
  expect(resultOf(ran).operation).toMatchObject({ phase: 'Failed', message: 'Operation terminated' });
});

test('a reader that has had enough is no error', async () => {
  const child = startCli(['simulate']);
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(0);
});

const CONFIG_MAP = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: shop}\ndata: {key: "${value}"}\n`;

test('an upgrade starts from what the manifests of a revision leave', async () => {
  const cwd = folderWith({ 'shop/a.yaml': CONFIG_MAP('a', '1'), 'shop/b.yaml': CONFIG_MAP('b', '1') });
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args],
      { cwd },
    );
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  write(cwd, { 'shop/a.yaml': CONFIG_MAP('a', '2'), 'shop/b.yaml': CONFIG_MAP('c', '1') });
  const writes = (ran: Finished): string[] =>
    eventsIn(ran.stdout).flatMap((event) => (event.type === 'write' ? [`${event.verb} ${event.object}`] : []));
  const kept = await cli(['simulate', 'shop', '--format', 'json', '--upgrade'], { cwd });
  expect(writes(kept)).toEqual(['apply /ConfigMap/shop/a', 'apply /ConfigMap/shop/c']);
  expect(kept.stdout).toContain('configmap/a configured');
  expect(resultOf(kept).left).toEqual(['/ConfigMap/shop/a', '/ConfigMap/shop/b', '/ConfigMap/shop/c']);
  const pruned = await cli(['simulate', '--upgrade', 'HEAD', '--prune', '--format', 'json', 'shop'], { cwd });
  expect(writes(pruned)).toEqual(['delete /ConfigMap/shop/b', 'apply /ConfigMap/shop/a', 'apply /ConfigMap/shop/c']);
  const first = await cli(['simulate', 'shop', '--format', 'json'], { cwd });
  expect(first.stdout).toContain('configmap/a created');
});

test('a scenario of a file counts', async () => {
  const cwd = folderWith({
    'shop/job.yaml':
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: j\n  annotations: {argocd.argoproj.io/hook: Sync}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: m, image: i}]}}}\n',
    'slow.yaml': '# slow\nobjects:\n  - {name: j, after: 1h}\n',
  });
  const ran = await cli(['simulate', 'shop', '--scenario', 'slow.yaml', '--format', 'json'], { cwd });
  expect([ran.code, resultOf(ran).waited.seconds]).toEqual([0, 3600]);
});

test('what cannot be read for certain is not synced, and named', async () => {
  const cwd = folderWith({ 'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n' });
  for (const command of [['simulate'], ['sync', '--yes']]) {
    const ran = await cli([...command, 'shop'], { cwd });
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/^shop cannot be synced:\nshop\/a\.yaml:\d+: /);
  }
});

test('of several applications one has to be named', async () => {
  const cwd = folderWith({ 'one/a.yaml': CONFIG_MAP('a', '1'), 'two/a.yaml': CONFIG_MAP('a', '1') });
  const ran = await cli(['simulate'], { cwd });
  expect([ran.code, ran.stderr]).toEqual([
    2,
    'There are 2 applications here: one (one), two (two). Name one with --application, or its path\n',
  ]);
  expect((await cli(['simulate', '--application', 'two'], { cwd })).code).toBe(0);
  expect((await cli(['simulate', 'two'], { cwd })).code).toBe(0);
});

test('--resource that matches nothing is no success: exit code 2', async () => {
  const { code, stdout, stderr } = await cli(['simulate', '--resource', 'apps:Deployment:nope']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    '--resource apps:Deployment:nope matches nothing. There are apps:Deployment:nginx, :Service:nginx.\n',
  );
});

test('what is left out is told beside a run that knows nothing of it', async () => {
  const job =
    'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: seed\n  annotations:\n    argocd.argoproj.io/hook: presync\n';
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';
  const ran = await cli(['simulate', '.'], { cwd: folderWith({ 'seed.yaml': job, 'settings.yaml': config }) });
  expect(ran.code).toBe(0);
  expect(ran.stderr).toMatch(/^seed\.yaml:\d: left out: Job\/seed: "presync" is no phase of Argo CD/);
});
