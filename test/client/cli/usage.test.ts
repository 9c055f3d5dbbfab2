import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { wantsColor } from '../../../client/src/cli/output.ts';
import { GUIDE } from '../guide.ts';
import { cli, folderWith, MAIN } from './run-cli.ts';

describe.concurrent('wrong usage is one clear line, and exit code 2', () => {
  test.each([
    [['lint', '--fixx'], 'unknown flag --fixx of lint: '],
    [['sync', '--continue'], 'unknown flag --continue of sync: '],
    [['simulate', '--prun'], 'unknown flag --prun of simulate: did you mean --prune?'],
    [['simulate', '-x'], 'unknown flag -x of simulate: '],
    [
      ['deploy'],
      'unknown command deploy: the commands are lint, plan, simulate, sync, status, delete, application, history, language-server',
    ],
    [['--bogus'], 'unknown flag --bogus: the commands are lint, '],
    [['plan', '--format', 'xml'], '--format is one of text, json, markdown, mermaid, not xml'],
    [['lint', '--format', 'xml'], '--format is one of text, json, sarif, not xml'],
    [['plan', 'nowhere'], 'nowhere cannot be read: there is no such file or folder'],
    [['simulate', '--wave-delay', 'soon'], '--wave-delay is a number, not soon'],
    [['simulate', '--wave-delay', '-1'], '--wave-delay must not be negative: -1'],
    [['simulate', '--speed', '-0.5'], '--speed must not be negative: -0.5'],
    [['simulate', '--retry', '1.5'], '--retry is a whole number, not 1.5'],
    [['simulate', '--timeout', '5'], '--timeout is a duration, as 500ms, 90s, 10m or 1m30s, not 5'],
    [['simulate', '--prune=yes'], '--prune takes no value'],
    [['simulate', '--format'], '--format needs a value: --format FORMAT'],
    [['simulate', '--resource', 'web'], '--resource is GROUP:KIND:[NAMESPACE/]NAME, as apps:Deployment:web, not web'],
    [['simulate', '--fail', 'seed'], 'No manifest of the application is called seed: there are '],
    [['simulate', '--application', 'other'], 'No application here is called other'],
    [['simulate', '--scenario', 'nowhere.yaml'], 'The scenario nowhere.yaml cannot be read: '],
    [['simulate', '-', '--control'], '- and --control cannot go together: both read the standard input'],
    [['simulate', '--speed', '0'], '--speed is more than 0'],
    [
      ['simulate', '--upgrade', 'no-such-revision'],
      '--upgrade no-such-revision: Git knows no revision no-such-revision here',
    ],
    [['plan', '--color', 'blue'], '--color is one of auto, always, never, not blue'],
    [['plan', '--config', 'nowhere.yaml'], 'The settings nowhere.yaml cannot be read: '],
    [
      ['simulate', '--retry-backoff-duration', '5'],
      '--retry-backoff-duration is a duration, as 500ms, 90s, 10m or 1m30s, not 5',
    ],
    [['sync', '--yes', '--as-group', 'admins'], '--as-group needs --as: '],
    [['sync', '--yes', '--as-uid', '7'], '--as-uid needs --as: '],
  ] as const)('%j', async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr.startsWith(message) ? message : stderr).toBe(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });
});

test('help goes to the standard output; without a command it is no answer', async () => {
  const help = await cli(['--help']);
  expect([help.code, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('Usage: argocd-hooks COMMAND');
  const nothing = await cli([]);
  expect([nothing.code, nothing.stdout]).toEqual([2, '']);
  expect(nothing.stderr).toBe(help.stdout);
});

test('each command tells its flags, and none that is not there', async () => {
  const { stdout } = await cli(['simulate', '--help']);
  for (const flag of [
    '--application NAME',
    '--upgrade [REV]',
    '--speed N',
    '--fail NAME',
    'storage: WaitForFirstConsumer',
  ])
    expect(stdout).toContain(flag);
  expect(stdout).not.toContain('--control');
  const others = await Promise.all(
    ['lint', 'plan', 'sync', 'history', 'language-server'].map((name) => cli([name, '--help'])),
  );
  expect(others.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(others.map((help) => help.stdout).join('')).not.toContain('--control');
});

test('the version is one line', async () => {
  expect((await cli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  expect((await cli(['lint', '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
});

test('output that cannot be written is told: exit code 2', async (context) => {
  if (!existsSync('/dev/full')) return context.skip();
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [MAIN, 'plan'], { cwd: GUIDE, stdio: ['ignore', full, 'pipe'] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  closeSync(full);
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toMatch(/^The output cannot be written: .*ENOSPC/);
});

test('colors come only on a terminal, and only where they are wanted', () => {
  expect(wantsColor('auto', true, {})).toBe(true);
  expect(wantsColor('auto', true, { NO_COLOR: '', TERM: 'xterm' })).toBe(true);
  expect(wantsColor('auto', true, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColor('auto', true, { TERM: 'dumb' })).toBe(false);
  expect(wantsColor('auto', false, {})).toBe(false);
  expect(wantsColor('never', true, {})).toBe(false);
  expect(wantsColor('always', false, { NO_COLOR: '1' })).toBe(true);
});

test('--color decides for a process', async () => {
  const cwd = folderWith({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' });
  const colored = '\x1b[';
  expect((await cli(['plan'], { cwd })).stdout).not.toContain(colored);
  expect((await cli(['plan', '--color', 'always'], { cwd })).stdout).toContain(colored);
});

test('NO_COLOR is heard on a terminal', async (context) => {
  if (spawnSync('script', ['--version']).status !== 0) return context.skip();
  const cwd = folderWith({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' });
  const onTerminal = (env: Readonly<Record<string, string>>): string =>
    spawnSync('script', ['-qec', `'${process.execPath}' '${MAIN}' plan`, '/dev/null'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', TERM: 'xterm', ...env },
      encoding: 'utf8',
      input: '',
    }).stdout;
  expect(onTerminal({})).toContain('\x1b[1ma');
  const plain = onTerminal({ NO_COLOR: '1' });
  expect(plain).toContain('ConfigMap/a');
  expect(plain).not.toContain('\x1b[1m');
});

test('messages that nobody can read any more change no exit code', async () => {
  for (const [args, expected] of [
    [['lint', 'nowhere'], 2],
    [['plan', '--bogus'], 2],
    [['lint'], 0],
  ] as const) {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: GUIDE, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.destroy();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(expected);
  }
});

test('odd input is no error', async () => {
  const cwd = folderWith({
    'empty.yaml': '',
    'long.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: long}\ndata: {x: ${'y'.repeat(1_000_000)}}\n`,
    'sub/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  });
  writeFileSync(path.join(cwd, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xfc, 0x0a, 0x00]));
  symlinkSync('../sub', path.join(cwd, 'sub/loop'));
  symlinkSync('self.yaml', path.join(cwd, 'self.yaml'));
  for (const command of ['lint', 'plan']) {
    const ran = await cli([command], { cwd });
    expect([command, ran.code, ran.stderr.includes('bug')]).toEqual([command, 0, false]);
    expect((await cli([command, '-'], { input: '' })).code).toBe(0);
  }
});
