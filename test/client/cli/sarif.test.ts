import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Repository } from '../../workspace/repository.ts';
import { cli, folderWith } from './run-cli.ts';

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Place {
  readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
  readonly region: Region;
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: Place }[];
  readonly relatedLocations?: readonly {
    readonly physicalLocation: Place;
    readonly message: { readonly text: string };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly fixes?: readonly {
    readonly description: { readonly text: string };
    readonly artifactChanges: readonly {
      readonly artifactLocation: Place['artifactLocation'];
      readonly replacements: readonly {
        readonly deletedRegion: Region;
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
}
interface RuleObject {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri: string;
  readonly defaultConfiguration: { readonly level: string };
}
interface Log {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly semanticVersion: string;
        readonly rules: readonly RuleObject[];
      };
    };
    readonly columnKind: string;
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly unknown[];
    }[];
    readonly results: readonly Result[];
  }[];
}

const JOB = (phase: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\n  annotations:\n    argocd.argoproj.io/hook: ${phase}\n`;

async function run(
  args: readonly string[],
  cwd: string,
  input = '',
): Promise<{ log: Log; run: Log['runs'][number]; code: number | null }> {
  const { stdout, code } = await cli(['lint', '--format', 'sarif', ...args], { cwd, input });
  const log = JSON.parse(stdout) as Log;
  const [first] = log.runs;
  if (!first) throw new Error('no run');
  return { log, run: first, code };
}

describe.concurrent('lint --format sarif', () => {
  test('has all that code scanning asks for', async () => {
    const cwd = folderWith({ 'shop/a b.yaml': JOB('presync'), 'shop/ü.yaml': JOB('PreSync,whatever') });
    const { log, run: found, code } = await run([], cwd);
    expect(code).toBe(1);
    expect([log.$schema, log.version, log.runs.length, found.columnKind]).toEqual([
      'https://json.schemastore.org/sarif-2.1.0.json',
      '2.1.0',
      1,
      'utf16CodeUnits',
    ]);
    const { name, semanticVersion, rules } = found.tool.driver;
    expect(name).toBe('argocd-hooks');
    expect(semanticVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      for (const text of [rule.shortDescription.text, rule.fullDescription.text, rule.help.text, rule.help.markdown])
        expect(text.trim()).not.toBe('');
      expect(rule.shortDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1024);
      expect(new URL(rule.helpUri).protocol).toBe('https:');
      expect(rule.defaultConfiguration.level).toMatch(/^(?:error|warning|note)$/);
    }
    expect(found.results.length).toBeGreaterThan(1);
    for (const result of found.results) {
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(result.level).toMatch(/^(?:error|warning|note)$/);
      expect(result.message.text).not.toBe('');
      expect(result.locations).toHaveLength(1);
      const { artifactLocation, region } = result.locations[0]?.physicalLocation ?? {};
      expect(artifactLocation?.uri).toMatch(/^shop\/(?:a%20b|%C3%BC)\.yaml$/);
      const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region ?? {};
      expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThan(0);
      expect(endLine > startLine || endColumn >= startColumn).toBe(true);
      expect(result.partialFingerprints['argocdHooks/v1']).toMatch(/^[0-9a-f]{32}$/);
    }
    expect(found.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  });

  test('says how a finding is repaired', async () => {
    const { run: found } = await run([], folderWith({ 'a.yaml': JOB('presync') }));
    const [fix] = found.results.find(({ ruleId }) => ruleId === 'unknown-hook-phase')?.fixes ?? [];
    expect(fix?.artifactChanges).toEqual([
      {
        artifactLocation: { uri: 'a.yaml', uriBaseId: '%SRCROOT%' },
        replacements: [
          {
            deletedRegion: { startLine: 6, startColumn: 30, endLine: 6, endColumn: 37 },
            insertedContent: { text: 'PreSync' },
          },
        ],
      },
    ]);
    expect(fix?.description.text).toContain('PreSync');
  });

  test('names places from the root of the repository, wherever it runs', async () => {
    const { folder } = new Repository().write({ 'apps/shop/a.yaml': JOB('presync'), 'apps/b.yaml': JOB('presync') });
    const { run: found } = await run(['.', '../b.yaml'], path.join(folder, 'apps/shop'));
    const uris = found.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri);
    expect(new Set(uris)).toEqual(new Set(['apps/shop/a.yaml', 'apps/b.yaml']));
  });

  test('knows a finding again when lines come above it', async () => {
    const prints = async (text: string): Promise<string[]> =>
      (await run([], folderWith({ 'a.yaml': text }))).run.results.map(
        (result) => result.partialFingerprints['argocdHooks/v1'] ?? '',
      );
    const twice = `${JOB('whatever')}---\n${JOB('whatever')}`;
    const before = await prints(twice);
    expect(new Set(before).size).toBe(before.length);
    expect(await prints(`# one\n# two\n${twice}`)).toEqual(before);
  });

  test('takes the standard input, which has no place in the repository', async () => {
    const { run: found, code } = await run(['-'], folderWith({}), JOB('presync'));
    expect(code).toBe(1);
    expect(found.results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual({ uri: '-' });
  });

  test('tells of files that could not be read', async () => {
    const cwd = folderWith({ 'a.yaml': `# ${'x'.repeat(11 * 1024 * 1024)}` });
    const { run: found, code } = await run([], cwd);
    expect(code).toBe(2);
    expect(found.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ level: 'error', message: { text: expect.stringContaining('MiB') as string } }],
      },
    ]);
  });

  test('has no result where nothing is wrong', async () => {
    const { run: found, code } = await run(
      [],
      folderWith({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }),
    );
    expect([code, found.results]).toEqual([0, []]);
  });
});
