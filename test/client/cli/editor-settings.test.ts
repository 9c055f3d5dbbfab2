import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { NEWEST_ARGOCD } from '#core/versions';
import { Flags, UsageError } from '../../../client/src/cli/args.ts';
import { configOf, type Config } from '../../../client/src/cli/config.ts';
import { readEditorSettings } from '../../../client/src/cli/editor-settings.ts';
import { editorSettingsLine } from '../../../client/src/sync/editor-settings.ts';
import { cli, eventsIn, finished, folderWith, startCli } from './run-cli.ts';

const NO_FLAGS = new Flags(new Map());

/** What a process goes by that an editor started. @param settings by their names, without `argocdHooks.` */
async function handedOver(settings: Readonly<Record<string, unknown>>, filesExclude: unknown = {}): Promise<Config> {
  const section: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const [first = '', ...rest] = name.split('.');
    const inner = section[first];
    section[first] =
      rest.length === 0 ? value : { ...(typeof inner === 'object' ? inner : {}), [rest.join('.')]: value };
  }
  const input = new PassThrough();
  input.end(editorSettingsLine({ section, filesExclude }));
  return configOf(NO_FLAGS.ofEditor(await readEditorSettings(input)));
}

/** A setting that decides what is found, rendered or said, with a value that is not its default. */
const GOES: Readonly<Record<string, unknown>> = {
  argocdVersion: '2.10',
  applications: [{ path: 'apps/shop' }],
  exclude: ['**/vendor'],
  maxFileSize: 1,
  'render.enable': false,
  'render.network': true,
  'render.helmPath': '/opt/helm',
  'render.kustomizePath': '/opt/kustomize',
  'render.kubectlPath': '/opt/kubectl',
  'render.kustomizeBuildOptions': '--enable-helm',
};

/** One that no process needs, and why. */
const STAYS: Readonly<Record<string, string>> = {
  enable: 'a folder that is switched off has no application that could be run',
  'inlayHints.enable': 'drawn by the editor',
  'trace.server': 'of the editor and its language server',
  kubeconfig: 'an argument of its own: --kubeconfig',
  protectedContexts: 'the editor asks for the name',
  waveDelay: 'an argument of its own: --wave-delay',
  'simulation.speed': 'an argument of its own: --speed',
};

const PACKAGE = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
};
const SETTINGS = [PACKAGE.contributes.configuration]
  .flat()
  .flatMap(({ properties }) => Object.keys(properties))
  .map((name) => name.replace(/^argocdHooks\./, ''));
const isRule = (name: string): boolean => name.startsWith('rules.');

describe('the settings of the editor', () => {
  test('each goes to the processes that it starts, or is named as one that needs not', () => {
    expect(SETTINGS.filter((name) => !isRule(name)).sort()).toEqual(
      [...Object.keys(GOES), ...Object.keys(STAYS)].sort(),
    );
  });

  test.each(Object.entries(GOES))('%s changes what a process goes by', async (name, value) => {
    expect(await handedOver({ [name]: value })).not.toEqual(await handedOver({}));
  });

  test.each(SETTINGS.filter(isRule).slice(0, 3))('%s is the level of the rule', async (name) => {
    expect((await handedOver({ [name]: 'hint' })).levels).toEqual({ [name.slice('rules.'.length)]: 'hint' });
  });

  test('what the editor hides is not looked at', async () => {
    const { exclude } = await handedOver({ exclude: ['a'] }, { '**/out': true, '**/.git': false });
    expect(exclude).toEqual(['a', '**/out']);
  });

  test('are those of --config where nothing is set', async () => {
    expect(await handedOver({})).toEqual({ ...(await configOf(NO_FLAGS)), argocdVersion: NEWEST_ARGOCD });
  });

  test('a wrong one is as if it were not set, as the language server takes it', async () => {
    expect(await handedOver({ maxFileSize: 'much', applications: [{ name: 'no-path' }] })).toEqual(
      await handedOver({}),
    );
  });

  test('they end at the end of their line, however the text is cut', async () => {
    const input = new PassThrough();
    const settings = readEditorSettings(input);
    const text = `${editorSettingsLine({ section: { exclude: ['größe'] }, filesExclude: {} })}{"type":"confirm"}\n`;
    for (const byte of Buffer.from(text)) input.write(Buffer.from([byte]));
    input.end();
    expect((await settings).settings.exclude).toEqual(['größe']);
    expect(Buffer.concat((await input.toArray()) as Buffer[]).toString()).toBe('{"type":"confirm"}\n');
  });

  test.each([
    [undefined, { authorization: '', strictSsl: true }],
    [
      { authorization: 'Basic YW5u', strictSsl: false },
      { authorization: 'Basic YW5u', strictSsl: false },
    ],
    [
      { authorization: 'Basic x\r\nHost: elsewhere', strictSsl: 'no' },
      { authorization: '', strictSsl: true },
    ],
  ])('of the proxy %j says %j', async (proxy, read) => {
    const input = new PassThrough();
    input.end(`${JSON.stringify({ section: {}, filesExclude: {}, proxy })}\n`);
    expect((await readEditorSettings(input)).proxy).toEqual(read);
  });

  test.each(['', 'no JSON\n', '{"section":'])('%j is none', async (text) => {
    const input = new PassThrough();
    input.end(text);
    await expect(readEditorSettings(input)).rejects.toThrow(UsageError);
  });
});

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n';
const SECTION = { applications: [{ name: 'blue', path: 'deploy', include: 'blue-*.yaml' }] };

describe('a process that the editor starts', () => {
  const folder = (): string => folderWith({ 'deploy/blue-settings.yaml': CONFIG_MAP, 'deploy/other.yaml': CONFIG_MAP });

  test('finds an application that is there by a setting alone', async () => {
    const input = editorSettingsLine({ section: SECTION, filesExclude: {} });
    const args = ['plan', '--editor-settings', '--application', 'blue', '--format', 'json', 'deploy'];
    const { code, stdout } = await cli(args, { cwd: folder(), input });
    const { applications } = JSON.parse(stdout) as { applications: { name: string }[] };
    expect([code, applications.map(({ name }) => name)]).toEqual([0, ['blue']]);
  });

  test('runs it, and reads its control messages after the settings', async () => {
    const args = ['simulate', '--editor-settings', '--application', 'blue', '--format', 'json', '--control', 'deploy'];
    const child = startCli(args, { cwd: folder() });
    // All at once: what follows the settings must not be lost.
    child.stdin.write(`${editorSettingsLine({ section: SECTION, filesExclude: {} })}{"type":"confirm"}\n`);
    const { code, stdout } = await finished(child);
    expect(code).toBe(0);
    expect(eventsIn(stdout).filter(({ type }) => type === 'write')).toHaveLength(1);
  });

  test('that cannot run it ends, although the editor leaves its input open', async () => {
    const template = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a-{{ .Values.name }}"}\n';
    const child = startCli(['simulate', '--editor-settings', '--format', 'json', '--control'], {
      cwd: folderWith({ 'settings.yaml': template }),
    });
    child.stdin.write(editorSettingsLine({ section: {}, filesExclude: {} }));
    const { code, stderr } = await finished(child);
    expect([code, stderr]).toEqual([2, expect.stringContaining('It holds a template that is not resolved')]);
  });
});
