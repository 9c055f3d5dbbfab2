import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fillSettings } from '../../client/scripts/lib/rule-settings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const file = path.join(root, 'package.json');

interface Section {
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly enablement?: string;
}

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

interface Manifest {
  readonly main: string;
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly configuration: readonly Section[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

const read = (): Manifest => JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;

describe('package.json', () => {
  const manifest = read();

  test('has the setting of every rule, in the words of the rule (npm run docs)', () => {
    const text = fs.readFileSync(file, 'utf8');
    expect(fillSettings(text)).toBe(text);
    expect(text).toContain('"argocdHooks.rules.unknown-hook-phase"');
  });

  test('every command has a title and the category, and every command that is named exists', () => {
    const { commands, menus, viewsWelcome } = manifest.contributes;
    const names = new Set(commands.map(({ command }) => command));
    expect(names.size).toBe(commands.length);
    for (const { title, category } of commands) expect([title === '', category]).toEqual([false, 'Argo CD Hooks']);
    const linked = viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(argocdHooks\.\w+)/g)].map((m) => m[1]),
    );
    const inMenus = Object.values(menus)
      .flat()
      .flatMap(({ command, submenu }) => (submenu === undefined ? [command] : []));
    expect([...inMenus, ...linked].filter((command) => !names.has(command ?? ''))).toEqual([]);
    for (const { submenu } of Object.values(menus).flat()) {
      if (submenu !== undefined) expect([submenu, menus[submenu]?.length]).not.toEqual([submenu, undefined]);
    }
  });

  test('what needs a cluster is there in a browser too, where the window works on a remote machine', () => {
    const { commands, menus } = manifest.contributes;
    const conditions = [
      ...commands.flatMap(({ enablement }) => enablement ?? []),
      ...Object.values(menus).flatMap((entries) => entries.flatMap(({ when }) => when ?? [])),
    ].filter((condition) => condition.includes('isWeb'));
    expect(conditions.filter((condition) => !condition.includes('(!isWeb || remoteName)'))).toEqual([]);
    expect(conditions.length).toBeGreaterThan(5);
  });

  test('no sync can be started in a workspace that is not trusted, nor a program run with settings of one', () => {
    const { commands, configuration } = manifest.contributes;
    const starting = commands.filter(({ command }) =>
      /\.(runSync|simulateSync|whatIfFails|resumeSync|runAgain|retryFailed|applyApplication)$/.test(command),
    );
    expect(starting.map(({ enablement }) => enablement?.includes('isWorkspaceTrusted'))).toEqual(
      starting.map(() => true),
    );
    expect(starting.length).toBe(7);
    const running = configuration.filter(({ title }) => ['Sync', 'Rendering'].includes(title));
    const settings = running.flatMap(({ properties }) => Object.keys(properties));
    expect([...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort()).toEqual(settings.sort());
  });
});
