import { describe, expect, test } from 'vitest';
import { Flags, UsageError } from '../../../client/src/cli/args.ts';
import { configOf, type Config } from '../../../client/src/cli/config.ts';
import { cli, folderWith } from './run-cli.ts';

const read = (text: string): Promise<Config> =>
  configOf(new Flags(new Map([['config', [`${folderWith({ 'settings.json': text })}/settings.json`]]])));

/** What is told, without the name of the file. */
const refusal = async (text: string): Promise<string> => {
  const error: unknown = await read(text).catch((reason: unknown) => reason);
  if (!(error instanceof UsageError)) throw new Error('no usage error');
  return error.message.replace(/The settings \S+settings\.json: /, '');
};

describe('the settings of --config', () => {
  test.each([
    '{"rules": {"stale-hook-reused": "error"}}',
    '{"argocdHooks.rules": {"stale-hook-reused": "error"}}',
    '{"argocdHooks.rules.stale-hook-reused": "error", "editor.fontSize": 14}',
    'rules.stale-hook-reused: error',
  ])('%s is understood', async (text) => {
    expect((await read(text)).levels).toEqual({ 'stale-hook-reused': 'error' });
  });

  test('default is the level that the rule gives itself', async () => {
    expect((await read('{"argocdHooks.rules.stale-hook-reused": "default"}')).levels).toEqual({});
  });

  test('version and protected contexts are read', async () => {
    const config = await read('{"argocdHooks.argocdVersion": "3.1", "argocdHooks.protectedContexts": ["*live*"]}');
    expect(config).toMatchObject({ levels: {}, argocdVersion: '3.1', protectedContexts: ['*live*'] });
    expect((await read('{"argocdHooks.argocdVersion": ""}')).argocdVersion).toBeUndefined();
  });

  test.each([
    ['{"rules": {"stale-hook-reusd": "error"}}', 'there is no rule stale-hook-reusd: did you mean stale-hook-reused?'],
    ['{"argocdHooks.rules.empty": "off"}', 'there is no rule empty: '],
    [
      '{"argocdHooks.rules.empty-hook": "fatal"}',
      'the level of empty-hook is one of default, error, warning, info, hint, off, not "fatal"',
    ],
    ['rules: {empty-hook: 1}', 'the level of empty-hook is one of default, error, warning, info, hint, off, not 1'],
    ['rules: [empty-hook]', 'rules is no mapping'],
    ['argocdVersion: 3.10', 'argocdVersion is a version in quotes, as "3.6"'],
    ['argocdVersion: newest', 'argocdVersion is a version in quotes, as "3.6"'],
    ['protectedContexts: prod', 'protectedContexts is a list of patterns'],
    ['applications: {path: a}', 'applications is a list of mappings, each with a path'],
    ['applications: [a]', 'applications[0] is a mapping with a path, not "a"'],
    ['applications: [{path: a}, {name: b}]', 'applications[1] has no path: name the folder of its manifests'],
    ['applications: [{path: 7}]', 'applications[0].path is a text, not 7'],
    ['applications: [{path: a, recurse: "yes"}]', 'applications[0].recurse is true or false, not "yes"'],
    [
      'applications: [{path: a, recursive: true}]',
      'applications[0] has no recursive: an application has name, path, namespace, recurse, include, exclude',
    ],
    ['exclude: vendor', 'exclude is a list of patterns, as "**/vendor"'],
    ['exclude: [1]', 'exclude is a list of patterns, as "**/vendor"'],
    ['maxFileSize: 10MB', 'maxFileSize is a number of MiB above 0, not "10MB"'],
    ['maxFileSize: 0', 'maxFileSize is a number of MiB above 0, not 0'],
    ['maxFileSize: .nan', 'maxFileSize is a number of MiB above 0, not null'],
  ])('%s is refused', async (text, message) => {
    expect((await refusal(text)).startsWith(message) ? message : await refusal(text)).toBe(message);
  });
});

test('applications, what is left out and the size of files are read', async () => {
  expect(await read('{}')).toMatchObject({ applications: [], exclude: [], maxFileSize: 10 });
  const text = `
applications:
  - path: deploy/shop/
  - {name: all, path: ., namespace: prod, recurse: true, include: "*.yaml", exclude: "x*"}
argocdHooks.exclude: ["**/vendor"]
argocdHooks.maxFileSize: 0.5
`;
  expect(await read(text)).toMatchObject({
    applications: [
      { name: 'shop', path: 'deploy/shop/', namespace: '', recurse: false, include: '', exclude: '' },
      { name: 'all', path: '.', namespace: 'prod', recurse: true, include: '*.yaml', exclude: 'x*' },
    ],
    exclude: ['**/vendor'],
    maxFileSize: 0.5,
  });
});

describe('a call with settings', () => {
  const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
  const cwd = folderWith({
    'settings.yaml':
      'applications: [{name: all, path: deploy, recurse: true}]\nexclude: ["**/vendor"]\nmaxFileSize: 0.01\n',
    'deploy/a/a.yaml': config('a'),
    'deploy/b/b.yaml': config('b'),
    'deploy/vendor/c.yaml': config('c'),
    'deploy/big.yaml': `${config('big')}# ${'x'.repeat(20_000)}\n`,
  });

  test('plans the applications that they name, without what they leave out', async () => {
    const { code, stdout } = await cli(['plan', '--config', 'settings.yaml', '--format', 'json', 'deploy/a'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('"all"');
    for (const name of ['a', 'b']) expect(stdout).toContain(`"name": "${name}"`);
    for (const name of ['c', 'big']) expect(stdout).not.toContain(`"name": "${name}"`);
  });

  test('says which files are too long for them', async () => {
    const { code, stderr } = await cli(['lint', '--config', 'settings.yaml', 'deploy'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'deploy/big.yaml: The file is not read: it has 0.02 MiB, more than 0.01 (argocdHooks.maxFileSize).',
    );
  });
});

test('a rule that is none is one clear line, and exit code 2', async () => {
  const cwd = folderWith({ 'settings.json': '{"rules": {"stale-hook": "error"}}' });
  const { code, stderr } = await cli(['lint', '--config', 'settings.json'], { cwd });
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain('The settings settings.json: there is no rule stale-hook');
});
