import { describe, expect, it } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver-types';
import { SymbolKeeper } from '../../server/src/language/symbols.ts';
import { openFile, type SourceFile } from '../../server/src/manifest/source-file.ts';
import { yaml } from './fixture.ts';

const outline = (file: SourceFile, keeper = new SymbolKeeper()): DocumentSymbol[] =>
  file.documents.flatMap((placed) => keeper.symbols(placed));

/** `name — detail`, children indented below. */
const lines = (text: string): string[] =>
  outline(openFile('shop.yaml', text)).flatMap(function line({ name, detail, children = [] }): string[] {
    return [
      detail === undefined ? name : `${name} — ${detail}`,
      ...children.flatMap(line).map((child) => `  ${child}`),
    ];
  });

/** The text that a symbol's range, or its selection, covers. */
function covered(text: string, range: DocumentSymbol['range']): string {
  const file = openFile('shop.yaml', text);
  return text.slice(file.offsetAt(range.start), file.offsetAt(range.end));
}

const MIGRATION = yaml`
  apiVersion: batch/v1
  kind: Job
  metadata:
    name: db-migration-job
    annotations:
      argocd.argoproj.io/hook: PreSync
      example.com/owner: me
      argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
  spec: {}
`;

const manifest = (kind: string, annotations: string): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\n  annotations: {${annotations}}\n`;

describe('document symbols', () => {
  it('tell each manifest by name, kind, phase and wave, with its ordering annotations below', () => {
    expect(lines(MIGRATION)).toEqual([
      'db-migration-job — Job · PreSync · wave 0',
      '  argocd.argoproj.io/hook — PreSync',
      '  argocd.argoproj.io/hook-delete-policy — BeforeHookCreation,HookSucceeded',
    ]);
  });

  it('cover the manifest, and select its name', () => {
    const text = `# shop\n---\n${MIGRATION}---\nkind: Pod\n`;
    const [job, pod] = outline(openFile('shop.yaml', text));
    if (!job || !pod) throw new Error('two symbols were expected');
    expect(covered(text, job.range)).toMatch(/^apiVersion: batch\/v1\n[^]*spec: \{\}\n?$/);
    expect(covered(text, job.selectionRange)).toBe('db-migration-job');
    expect(job.children?.map(({ range }) => covered(text, range))).toEqual([
      'argocd.argoproj.io/hook: PreSync',
      'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded',
    ]);
    expect(covered(text, pod.selectionRange)).toBe('Pod');
  });

  it.each([
    [manifest('ConfigMap', ''), 'ConfigMap'],
    [manifest('ConfigMap', 'argocd.argoproj.io/sync-wave: "-5"'), 'ConfigMap · wave −5'],
    [manifest('Pod', 'helm.sh/hook: post-install, helm.sh/hook-weight: "3"'), 'Pod · PostSync · wave 3'],
    [manifest('Pod', 'argocd.argoproj.io/hook: "PreSync,PostSync"'), 'Pod · PreSync, PostSync · wave 0'],
    [manifest('Pod', 'argocd.argoproj.io/hook: SyncFail, argocd.argoproj.io/sync-wave: "2"'), 'Pod · SyncFail'],
    [manifest('Pod', 'argocd.argoproj.io/hook: PostDelete, argocd.argoproj.io/sync-wave: "2"'), 'Pod · PostDelete'],
    [manifest('Pod', 'argocd.argoproj.io/hook: Skip'), 'Pod · Skip'],
    [manifest('Pod', 'argocd.argoproj.io/hook: presync'), 'Pod · left out'],
  ])('say what becomes of it: %s', (text, detail) => {
    expect(outline(openFile('shop.yaml', text))[0]?.detail).toBe(detail);
  });

  it('name what has no name yet', () => {
    expect(lines('apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: seed-\n')).toEqual(['seed-… — Pod']);
    expect(lines('apiVersion: v1\nkind: Pod\n')).toEqual(['Pod — Pod']);
    expect(lines('kind: Pod\nmetadata:\n  name: "{{ .Release.Name }}-seed"\n')).toEqual([
      '{{ .Release.Name }}-seed — Pod',
    ]);
  });

  it('find every item of a list, and every document beside broken ones', () => {
    const items =
      'apiVersion: v1\nkind: List\nitems:\n- {kind: Pod, metadata: {name: a}}\n- {kind: Pod, metadata: {name: b}}\n';
    expect(lines(`a: [\n---\n${items}---\n"\n---\nkind: Pod\nmetadata: {name: c}\n---\nno: manifest\n`)).toEqual([
      'a — Pod',
      'b — Pod',
      'c — Pod',
    ]);
  });

  it('reach to the end of their document, also where it cannot be read that far', () => {
    const text = `${MIGRATION}status: [\n  a: a: }\n# behind it\n\n---\nkind: Pod\n`;
    const [job] = outline(openFile('shop.yaml', text));
    expect(job && covered(text, job.range)).toBe(text.slice(0, text.indexOf('\n\n---')));
  });

  it('stay inside of their manifest where parts are written elsewhere', () => {
    const text = yaml`
      apiVersion: v1
      kind: List
      items:
      - kind: Pod
        metadata: &shared
          name: a
          annotations: &own
            argocd.argoproj.io/sync-wave: "1"
      - kind: Pod
        metadata: *shared
      - kind: Pod
        metadata:
          name: c
          annotations:
            <<: *own
    `;
    expect(lines(text)).toEqual([
      'a — Pod · wave 1',
      '  argocd.argoproj.io/sync-wave — 1',
      'a — Pod · wave 1',
      'c — Pod · wave 1',
    ]);
    for (const { range, selectionRange } of outline(openFile('shop.yaml', text))) {
      expect(covered(text, range)).toContain(covered(text, selectionRange));
      expect(selectionRange.start.line).toBeGreaterThanOrEqual(range.start.line);
    }
  });

  it('move with their document when lines come or go above it', () => {
    const keeper = new SymbolKeeper();
    const file = openFile('shop.yaml', `kind: Pod\n---\n${MIGRATION}`);
    const before = outline(file, keeper)[1];
    const start = { line: 0, character: 0 };
    const after = outline(file.changed({ range: { start, end: start }, text: '# a\n# b\n' }, 2), keeper)[1];
    expect(after).toEqual(outline(openFile('shop.yaml', `# a\n# b\nkind: Pod\n---\n${MIGRATION}`))[1]);
    expect((after?.range.start.line ?? 0) - (before?.range.start.line ?? 0)).toBe(2);
  });
});
