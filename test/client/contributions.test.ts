import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../server/src/language/diagnostics/rules.ts';

const root = path.resolve(import.meta.dirname, '../..');
const file = path.join(root, 'package.json');

interface Section {
  readonly title: string;
  properties: Record<string, unknown>;
}

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly enablement?: string;
}

interface Manifest {
  readonly main: string;
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly configuration: readonly Section[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

const read = (): Manifest => JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;

const LEVELS = {
  off: 'Never.',
  hint: 'As a hint.',
  info: 'As information.',
  warning: 'As a warning.',
  error: 'As an error.',
};

/** The setting of every rule, as the rules themselves describe it. */
function ruleSettings(): Record<string, unknown> {
  const settings = RULES.map((rule): [string, unknown] => [
    `argocdHooks.rules.${rule.id}`,
    {
      type: 'string',
      scope: 'resource',
      enum: ['default', ...Object.keys(LEVELS)],
      markdownEnumDescriptions: [
        rule.levels.length === 1 ? LEVELS[rule.defaultLevel] : `As it deserves: ${rule.levels.join(' or ')}.`,
        ...Object.values(LEVELS),
      ],
      default: 'default',
      markdownDescription: `${rule.title}\n\n${rule.docs.replaceAll('\n', ' ')}`,
    },
  ]);
  return Object.fromEntries(settings);
}

describe('package.json', () => {
  const manifest = read();

  // To bring it up to date: UPDATE_CONTRIBUTIONS=1 npx vitest run test/client/contributions.test.ts
  test('has the setting of every rule, in the words of the rule', () => {
    const section = manifest.contributes.configuration.find(({ title }) => title === 'Diagnostics');
    if (process.env['UPDATE_CONTRIBUTIONS'] !== undefined && section) {
      section.properties = ruleSettings();
      fs.writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
    }
    expect(section?.properties).toEqual(ruleSettings());
  });

  test('every command has a title and the category, and every command that is named exists', () => {
    const { commands, menus, viewsWelcome } = manifest.contributes;
    const names = new Set(commands.map(({ command }) => command));
    expect(names.size).toBe(commands.length);
    for (const { title, category } of commands) expect([title === '', category]).toEqual([false, 'Argo CD Hooks']);
    const linked = viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(argocdHooks\.\w+)/g)].map((m) => m[1]),
    );
    const used = [...Object.values(menus).flat(), ...linked.map((command) => ({ command: command ?? '' }))];
    expect(used.filter(({ command }) => !names.has(command))).toEqual([]);
  });

  test('no sync can be started in a workspace that is not trusted, nor with settings of one', () => {
    const { commands, configuration } = manifest.contributes;
    const starting = commands.filter(({ command }) => /\.(runSync|simulateSync)$/.test(command));
    expect(starting.map(({ enablement }) => enablement?.includes('isWorkspaceTrusted'))).toEqual([true, true]);
    const sync = Object.keys(configuration.find(({ title }) => title === 'Sync')?.properties ?? {});
    expect([...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort()).toEqual(sync.sort());
  });
});
