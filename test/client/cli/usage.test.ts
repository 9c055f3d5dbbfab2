import { describe, expect, test } from 'vitest';
import { cli, folderWith } from './run-cli.ts';

describe.concurrent('wrong usage is one clear line, and exit code 2', () => {
  test.each([
    [['lint', '--fixx'], 'unknown flag --fixx of lint: '],
    [['lint', '--fix'], 'unknown flag --fix of lint: '],
    [['plan', '--diff', 'HEAD'], 'unknown flag --diff of plan: '],
    [['sync', '--resume'], 'unknown flag --resume of sync: '],
    [['simulate', '--prun'], 'unknown flag --prun of simulate: did you mean --prune?'],
    [['simulate', '-x'], 'unknown flag -x of simulate: '],
    [['deploy'], 'unknown command deploy: the commands are lint, plan, simulate, sync, language-server'],
    [['--bogus'], 'unknown flag --bogus: the commands are lint, '],
    [['plan', '--format', 'xml'], '--format is one of text, json, markdown, mermaid, not xml'],
    [['lint', '--format', 'sarif'], '--format is one of text, json, not sarif'],
    [['plan', 'nowhere'], 'nowhere cannot be read: there is no such file or folder'],
    [['simulate', '--wave-delay', 'soon'], '--wave-delay is a number, not soon'],
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
    [['simulate', '--upgrade', 'no-such-revision'], '--upgrade no-such-revision: Git knows no such revision here'],
    [['plan', '--color', 'blue'], '--color is one of auto, always, never, not blue'],
    [['plan', '--config', 'nowhere.yaml'], 'The settings nowhere.yaml cannot be read: '],
    [['sync', '--prune', '--yes'], '--prune of sync is not there yet: '],
    [['sync', '--prune-last', '--yes'], '--prune-last of sync is not there yet: '],
    [['sync', '--yes', '--as-group', 'admins'], '--as-group needs --as: '],
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
  const others = await Promise.all(['lint', 'plan', 'sync', 'language-server'].map((name) => cli([name, '--help'])));
  expect(others.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  for (const flag of ['--fix', '--diff', '--resume', 'sarif', '--control', '--prune'])
    expect(others.map((help) => help.stdout).join('')).not.toContain(flag);
});

test('the version is one line', async () => {
  expect((await cli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  expect((await cli(['lint', '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
});

test('colors come only where they are wanted', async () => {
  const folder = folderWith({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' });
  const colored = '\x1b[';
  expect((await cli(['plan'], { cwd: folder })).stdout).not.toContain(colored);
  expect((await cli(['plan', '--color', 'always'], { cwd: folder })).stdout).toContain(colored);
  expect((await cli(['plan', '--color', 'auto'], { cwd: folder, env: { NO_COLOR: '1' } })).stdout).not.toContain(
    colored,
  );
});
