import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from './run-cli.ts';

const JOB = (hook: string): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: seed
  annotations:
    argocd.argoproj.io/hook: ${hook}
    argocd.argoproj.io/hook-delete-policy: HookSucceeded,BeforeHookCreation
spec:
  activeDeadlineSeconds: 600
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: busybox}]
`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: shop\n';

test('lint finds what Argo CD would ignore, at its place', async () => {
  const cwd = folderWith({ 'apps/seed.yaml': JOB('presync'), 'apps/settings.yaml': CONFIG_MAP });
  const { code, stdout } = await cli(['lint', '--format', 'json', 'apps'], { cwd });
  expect(code).toBe(1);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  expect(report).toMatchObject({ version: 1, tool: { name: 'argocd-hooks' }, files: 2, manifests: 2 });
  expect(report['diagnostics']).toMatchObject([
    {
      file: 'apps/seed.yaml',
      line: 6,
      column: 30,
      endLine: 6,
      endColumn: 37,
      severity: 'error',
      rule: 'unknown-hook-phase',
      related: [],
    },
  ]);
  const text = await cli(['lint', 'apps'], { cwd });
  expect(text.code).toBe(1);
  expect(text.stdout).toMatch(/^apps\/seed\.yaml:6:30: error: .* \[unknown-hook-phase\]\n/);
  expect(text.stderr).toBe('2 manifests in 2 files: 1 error.\n');
});

test('lint is content with what is right, and from which severity on is chosen', async () => {
  const cwd = folderWith({ 'seed.yaml': JOB('PreSync') });
  expect(await cli(['lint'], { cwd })).toEqual({
    code: 0,
    stdout: '',
    stderr: '1 manifest in 1 file: nothing to complain about.\n',
  });
  const warned = folderWith({
    'seed.yaml': JOB('PreSync').replace('HookSucceeded,BeforeHookCreation', 'HookSucceeded'),
  });
  expect((await cli(['lint'], { cwd: warned })).code).toBe(0);
  expect((await cli(['lint', '--max-severity', 'warning'], { cwd: warned })).code).toBe(1);
});

test('lint reads the standard input, and rules can be switched off', async () => {
  const piped = await cli(['lint', '--format', 'json', '-'], { input: JOB('presync') });
  expect(piped.code).toBe(1);
  expect(JSON.parse(piped.stdout)).toMatchObject({ files: 1, diagnostics: [{ file: '-', line: 6 }] });
  const cwd = folderWith({ 'settings.json': '{"argocdHooks.rules": {"unknown-hook-phase": "off"}}' });
  const off = await cli(['lint', '--config', 'settings.json', '-'], { input: JOB('presync'), cwd });
  expect(off.code).toBe(0);
});

test('plan tells phases, waves and what is waited for', async () => {
  const { code, stdout } = await cli(['plan', '--format', 'json', 'sync-hooks']);
  expect(code).toBe(0);
  const plan = JSON.parse(stdout) as { version: number; applications: Record<string, unknown>[] };
  expect(plan.version).toBe(1);
  expect(plan.applications).toHaveLength(1);
  expect(plan.applications[0]).toMatchObject({
    name: 'sync-hooks-2',
    source: { kind: 'application', path: 'sync-hooks' },
    namespace: 'sync-hooks-2',
    plans: {
      sync: { phases: [{ phase: 'PreSync' }, { phase: 'Sync' }, { phase: 'PostSync' }] },
      syncFail: { phases: [] },
      delete: { phases: [] },
    },
    skipped: [],
  });
});

test('plan as text has the columns of a table, and says what is left out', async () => {
  const cwd = folderWith({
    'shop/seed.yaml': JOB('PreSync'),
    'shop/typo.yaml': JOB('presync').replace('name: seed', 'name: typo'),
    'shop/settings.yaml': CONFIG_MAP,
  });
  const { stdout } = await cli(['plan', 'shop'], { cwd });
  expect(stdout.split('\n')).toEqual([
    'shop  shop (directory), 2 resources',
    '  PreSync',
    '      0  Job/seed            hook, deleted when the sync succeeds, replaced by the next sync  waits until it completes',
    '  Sync',
    '      0  ConfigMap/settings',
    '  left out',
    expect.stringMatching(/^ {9}Job\/typo .* Did you mean PreSync\? .*shop\/typo\.yaml:1$/),
    '',
  ]);
});

test('plan says of an application of which nothing is applied why that is', async () => {
  const cwd = folderWith({
    'typo/a.yaml': JOB('presync'),
    'later/a.yaml': JOB('PostDelete'),
  });
  const typo = (await cli(['plan', 'typo'], { cwd })).stdout.split('\n');
  expect(typo.slice(0, 2)).toEqual([
    'typo  typo (directory), 0 resources',
    '  a sync applies nothing: 1 manifest left out (below)',
  ]);
  expect(typo.join('\n')).not.toContain('at once');
  const later = (await cli(['plan', 'later'], { cwd })).stdout.split('\n');
  expect(later[1]).toBe('  a sync applies nothing: its hooks run when the application is deleted');
});

test('plan as Markdown and as a diagram', async () => {
  const markdown = await cli(['plan', '--format', 'markdown']);
  expect(markdown.stdout).toContain(
    '|  |  | Job/db-migration-job | hook, deleted when the sync succeeds | waits until it completes |',
  );
  const diagram = await cli(['plan', '--format', 'mermaid']);
  expect(diagram.stdout).toMatch(/^flowchart TD\n {2}subgraph a0\["sync-hooks-2"\]\n/);
  expect(diagram.stdout).toContain('==>|"waits for Job db-migration-job to complete"|');
});

test('names from files cannot command the terminal', async () => {
  const cwd = folderWith({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a\\e[2Jb"}\n' });
  const { stdout } = await cli(['plan'], { cwd });
  expect(stdout).not.toContain('\x1b');
  expect(stdout).toContain('ConfigMap/a\uFFFD[2Jb');
});

describe.concurrent('a path that is named is read', () => {
  const repository = (files: Readonly<Record<string, string>>): string => {
    const cwd = folderWith(files);
    execFileSync('git', ['init', '-q'], { cwd });
    return cwd;
  };
  const ignoring = (): string =>
    repository({ '.gitignore': 'rendered/\n', 'rendered/a.yaml': CONFIG_MAP, 'shop/b.yaml': CONFIG_MAP });

  test.each(['rendered', 'rendered/a.yaml'])('also where Git ignores it: %s', async (place) => {
    const cwd = ignoring();
    const ran = await cli(['plan', place, '--format', 'json'], { cwd });
    expect(JSON.parse(ran.stdout)).toMatchObject({ applications: [{ source: { path: 'rendered' } }] });
    const simulated = await cli(['simulate', place], { cwd });
    expect([simulated.code, simulated.stderr]).toEqual([0, '']);
  });

  test('and the whole application that it belongs to is planned, which is said', async () => {
    const cwd = repository({
      'shop/a.yaml': CONFIG_MAP,
      'shop/b.yaml': CONFIG_MAP.replace('name: ', 'name: b-'),
      'other/c.yaml': CONFIG_MAP,
    });
    const one = await cli(['plan', 'shop/a.yaml', '--format', 'json'], { cwd });
    const whole = await cli(['plan', 'shop', '--format', 'json'], { cwd });
    expect(one.stdout).toBe(whole.stdout);
    expect(JSON.parse(whole.stdout)).toMatchObject({ applications: [{ source: { path: 'shop' } }] });
    expect([one.stderr, whole.stderr]).toEqual([
      'shop/a.yaml is part of the application shop (shop): this is the plan of all its 2 files.\n',
      '',
    ]);
    const alone = await cli(['plan', 'other/c.yaml'], { cwd });
    expect(alone.stderr).toBe('');
  });

  test('also one that only decides about it: values of a chart', async () => {
    const cwd = repository({
      'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'shop/values.yaml': 'a: 1\n',
      'shop/templates/a.yaml': CONFIG_MAP,
    });
    const { stdout, stderr } = await cli(['plan', 'shop/values.yaml', '--no-render', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ applications: [{ source: { kind: 'helm', path: 'shop' } }] });
    expect(stderr).toContain('shop/values.yaml is part of the application shop (shop)');
  });

  test('alone outside of a Git repository, which is said where there are more', async () => {
    const cwd = folderWith({ 'shop/a.yaml': CONFIG_MAP, 'shop/b.yaml': CONFIG_MAP, 'other/c.yaml': CONFIG_MAP });
    const env = { GIT_CEILING_DIRECTORIES: path.dirname(cwd) };
    const { stderr } = await cli(['plan', 'shop/a.yaml'], { cwd, env });
    expect(stderr).toBe(
      'shop/a.yaml is planned alone, without the files beside it: outside of a Git repository only what is named is read. Name its folder to plan all of them.\n',
    );
    expect((await cli(['plan', 'other/c.yaml'], { cwd, env })).stderr).toBe('');
  });

  test('and what Git ignores is not, where it is not named', async () => {
    const { stdout } = await cli(['plan', '--format', 'json'], { cwd: ignoring() });
    expect(JSON.parse(stdout)).toMatchObject({ applications: [{ source: { path: 'shop' } }] });
  });

  test('a folder without any manifest has an empty plan, and nothing to simulate', async () => {
    const cwd = repository({ 'empty/README.md': '#\n' });
    const planned = await cli(['plan', 'empty', '--format', 'json'], { cwd });
    expect([planned.code, JSON.parse(planned.stdout)]).toEqual([0, { version: 1, applications: [] }]);
    expect(await cli(['simulate', 'empty'], { cwd })).toMatchObject({
      code: 2,
      stderr: 'No application here: no manifest was found\n',
    });
  });

  test.each(['plan', 'simulate'])('%s tells of a file that is too large to be read: exit code 2', async (command) => {
    const cwd = folderWith({ 'big/a.yaml': `${CONFIG_MAP}${'#'.repeat(11 * 1024 * 1024)}\n` });
    const told = {
      code: 2,
      stdout: '',
      stderr:
        'big/a.yaml: The file is not read: it has 12 MiB, more than 10 (argocdHooks.maxFileSize). What it holds is missing in the plan.\n',
    };
    expect(await cli([command, 'big'], { cwd })).toEqual(told);
    expect(await cli([command, 'big/a.yaml'], { cwd })).toEqual(told);
  });
});
