// Red Hat's language server for YAML beside ours: what one of them says the other does not repeat.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic, Range } from 'vscode-languageserver';
import { RULES } from '../../server/src/language/diagnostics/rules.ts';
import { TestSession } from '../lsp/harness.ts';
import { YamlServer } from './yaml-server.ts';

const yaml = new YamlServer();
const ours = new TestSession({ initializationOptions: { yamlValidation: true } });
beforeAll(async () => {
  await yaml.start();
  await ours.start();
}, 60_000);
afterAll(async () => {
  yaml.end();
  await ours.end();
});

const annotated = (lines: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: db-migration\n  annotations:\n${lines}`;

let opened = 0;

async function both(text: string): Promise<{ theirs: readonly Diagnostic[]; ours: readonly Diagnostic[] }> {
  const name = `${opened++}.yaml`;
  await ours.open(name, text);
  return { theirs: await yaml.open(`file:///${name}`, text), ours: await ours.diagnostics(name) };
}

const overlap = (a: Range, b: Range): boolean =>
  a.start.line === b.start.line && a.start.character < b.end.character && b.start.character < a.end.character;

describe('beside Red Hat’s YAML server', { timeout: 30_000 }, () => {
  it('it does see the schema, so that it would say what it has to say', async () => {
    const { theirs } = await both('apiVersion: 1\n');
    expect(theirs.map(({ message }) => message)).toEqual(['Incorrect type. Expected "string".']);
  });

  it('completes and explains nothing of what we do', async () => {
    const text = annotated('    argocd.argoproj.io/hook: Pre\n    \n');
    await both(text);
    const uri = `file:///${opened - 1}.yaml`;
    for (const position of [
      { line: 5, character: 8 },
      { line: 5, character: 31 },
      { line: 6, character: 4 },
    ]) {
      const asked = { textDocument: { uri }, position };
      const completion = await yaml.connection.sendRequest<{ items: unknown[] }>('textDocument/completion', asked);
      expect(completion.items).toEqual([]);
      const hover = await yaml.connection.sendRequest<{ contents: { value: string } } | null>(
        'textDocument/hover',
        asked,
      );
      expect(hover?.contents.value ?? '').toBe('');
    }
  });

  it('of all that our rules tell, none is told by both, but for the type of a value', async () => {
    for (const { id, examples } of RULES.filter(({ check }) => check !== undefined)) {
      if (examples.file !== undefined || id === 'unquoted-annotation-value') continue;
      const said = await both(examples.bad);
      for (const { range, code } of said.ours)
        expect(
          said.theirs.filter((their) => overlap(range, their.range)),
          `${id}: ${String(code)}`,
        ).toEqual([]);
    }
  });

  it('of one place only one of both says something', async () => {
    const wrong = [
      'argocd.argoproj.io/hook: presync',
      'argocd.argoproj.io/sync-wave: "one"',
      'argocd.argoproj.io/hook: ""',
      'argocd.argoproj.io/hooks: Sync',
    ];
    for (const line of wrong) {
      const said = await both(annotated(`    ${line}\n`));
      expect(said.ours, line).toHaveLength(1);
      expect(said.theirs, line).toEqual([]);
    }
  });

  it('of a value without quotes it says the type, and we what comes of it', async () => {
    const said = await both(annotated('    argocd.argoproj.io/sync-wave: 5\n'));
    expect(said.theirs.map(({ message }) => message)).toEqual(['Incorrect type. Expected "string".']);
    expect(said.ours.map(({ code }) => code)).toEqual(['unquoted-annotation-value']);
    expect(said.ours.every(({ range }) => said.theirs.some((their) => overlap(range, their.range)))).toBe(true);
  });

  it('what it says of the syntax we do not repeat', async () => {
    for (const text of [annotated('    a: "b\n'), annotated('  \ta: b\n   c: d\n'), 'a: [1, 2\nb: {\n']) {
      const said = await both(text);
      expect(said.theirs.length, text).toBeGreaterThan(0);
      expect(said.ours, text).toEqual([]);
    }
  });
});
