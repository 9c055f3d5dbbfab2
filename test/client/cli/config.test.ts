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
  ])('%s is refused', async (text, message) => {
    expect((await refusal(text)).startsWith(message) ? message : await refusal(text)).toBe(message);
  });
});

test('a rule that is none is one clear line, and exit code 2', async () => {
  const cwd = folderWith({ 'settings.json': '{"rules": {"stale-hook": "error"}}' });
  const { code, stderr } = await cli(['lint', '--config', 'settings.json'], { cwd });
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain('The settings settings.json: there is no rule stale-hook');
});
