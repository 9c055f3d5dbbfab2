import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../server/src/manifest/edit.ts';
import { fixedText, safeFixes } from '../../server/src/language/diagnostics/fix-all.ts';
import type { Finding } from '../../server/src/language/diagnostics/model.ts';
import { openFile } from '../../server/src/manifest/source-file.ts';
import { actionsOf, fixed, hook, job, judge } from './fixture.ts';

const titles = (text: string, options: Parameters<typeof actionsOf>[1] = {}): string[] =>
  actionsOf(text, options).map(({ title }) => title);
const HERE = 'Disable unknown-hook-phase here';
const DOCUMENT = 'Disable unknown-hook-phase for this document';
const IGNORE = '# argocd-hooks: ignore unknown-hook-phase';

describe('a rule is disabled', () => {
  it('on one line, as that is indented, and on no other', () => {
    const text = hook('presync');
    const after = fixed(text, HERE);
    expect(after).toBe(text.replace('    argocd', `    ${IGNORE}\n    argocd`));
    expect(judge(after).lines).toEqual([]);
    expect(judge(`${after}---\n${text}`).lines).toHaveLength(1);
  });

  it('in its document, below the separator, and in no other', () => {
    const after = fixed(`a: b\n---\n${hook('presync')}`, DOCUMENT);
    expect(after).toBe(`a: b\n---\n${IGNORE}\n${hook('presync')}`);
    expect(judge(after).lines).toEqual([]);
    expect(judge(`${after}---\n${hook('presync')}`).lines).toHaveLength(1);
    expect(fixed(`--- # x\n${hook('presync')}`, DOCUMENT)).toBe(`--- # x\n${IGNORE}\n${hook('presync')}`);
    expect(fixed(`\ufeff${hook('presync')}`, DOCUMENT)).toBe(`\ufeff${IGNORE}\n${hook('presync')}`);
  });

  it('with the line ends that the file has', () => {
    const text = hook('presync').replaceAll('\n', '\r\n');
    for (const title of [HERE, DOCUMENT]) {
      const after = fixed(text, title);
      expect(after).toContain(`${IGNORE}\r\n`);
      expect(judge(after).lines).toEqual([]);
    }
  });

  it.each([
    ['a value on the next line', hook('\n      presync')],
    ['a flow map over several lines', 'kind: Job\nmetadata: {annotations: {\n  argocd.argoproj.io/hook: presync}}\n'],
    ['a block', hook('|\n      presync')],
    ['a chart’s template', `{{- if .Values.job }}\n${hook('presync')}{{- end }}\n`],
    [
      'a document in a list',
      'kind: List\nitems:\n- kind: Job\n  metadata: {annotations: {argocd.argoproj.io/hook: x}}\n',
    ],
  ])('in %s', (_, text) => {
    expect(judge(text).lines).toHaveLength(1);
    for (const title of [HERE, DOCUMENT]) expect(judge(fixed(text, title)).lines).toEqual([]);
  });

  it('nowhere in JSON, and nowhere above a document that shares the line of its separator', () => {
    const json = '{"kind": "Job", "metadata": {"annotations": {"argocd.argoproj.io/hook": "presync"}}}\n';
    expect(titles(json)).toEqual(['Replace with PreSync']);
    expect(titles(`--- ${json}`)).toEqual(['Replace with PreSync']);
  });

  it('by a comment that names several, with commas or spaces, at the top of a chart’s template too', () => {
    const text = job('argocd.argoproj.io/hook: presync\nargocd.argoproj.io/sync-wave: "x"');
    for (const list of ['unknown-hook-phase, invalid-sync-wave', 'invalid-sync-wave unknown-hook-phase']) {
      expect(judge(`# argocd-hooks: ignore ${list}\n${text}`).lines).toEqual([]);
      expect(judge(`{{- if .Values.a }}\n# argocd-hooks: ignore ${list}\n${text}{{- end }}\n`).lines).toEqual([]);
    }
    expect(judge(`# argocd-hooks: ignore unknown-hook\n${text}`).lines).toHaveLength(2);
  });
});

describe('a rule is repaired in the whole file', () => {
  const twice = `${hook('presync')}---\n${hook('postsync,Typo')}`;

  it('where it can be in more than one place', () => {
    const at = { start: { line: 5, character: 30 }, end: { line: 5, character: 30 } };
    expect(titles(twice, { range: at })).toEqual([
      'Replace with PreSync',
      'Fix all unknown-hook-phase in this file',
      HERE,
      DOCUMENT,
    ]);
    expect(fixed(twice, 'Fix all unknown-hook-phase in this file', { range: at })).toBe(
      `${hook('PreSync')}---\n${hook('PostSync,Typo')}`,
    );
    expect(titles(hook('presync'))).not.toContain('Fix all unknown-hook-phase in this file');
  });

  it('never by two edits that touch each other', () => {
    const finding = (...spans: readonly (readonly [number, number])[]): Finding => ({
      rule: 'x',
      level: 'error',
      span: { start: 0, end: 1 },
      message: '',
      fixes: () => [
        {
          title: '',
          preferred: true,
          safe: true,
          edits: spans.map(([start, end]) => ({ start, end, newText: '-' })),
        },
      ],
    });
    const fixes = safeFixes([finding([2, 4], [6, 8]), finding([3, 5]), finding([8, 9]), finding([0, 1])]);
    expect(
      applyEdits(
        '0123456789',
        fixes.flatMap(({ edits }) => edits),
      ),
    ).toBe('-1-45-89');
  });
});

describe('everything certain', () => {
  const options = { argocdVersion: '3.6.1', listedByKustomization: false, levels: {} };
  const fixedFile = (text: string): string | undefined =>
    fixedText(
      openFile('a.yaml', text).documents.map((placed) => ({ placed, findings: judge(placed.document.text).findings })),
      options,
    );

  it('is repaired until nothing certain is left', () => {
    expect(fixedFile(`${hook('pre-sync')}---\n${job('argocd.argoproj.io/sync-wave: 5')}`)).toBe(
      `${hook('PreSync')}---\n${job('argocd.argoproj.io/sync-wave: "5"')}`,
    );
  });

  it('is nothing where all is well, or where only a guess is left', () => {
    expect(fixedFile(hook('PreSync'))).toBeUndefined();
    expect(fixedFile(hook('PreSymc'))).toBeUndefined();
    expect(fixedFile(hook('presync').replaceAll('\n', '\r'))).toBeUndefined();
  });
});

describe('the documentation of a rule', () => {
  it('is opened by a command of the server, where the client shows pages', () => {
    const [action, ...more] = actionsOf(hook('presync'), { pages: true }).filter(({ command }) => command);
    expect(more).toEqual([]);
    expect(action).toMatchObject({
      title: 'Open documentation of unknown-hook-phase',
      command: {
        command: 'argocdHooks.openPage',
        arguments: ['https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/'],
      },
    });
  });
});
