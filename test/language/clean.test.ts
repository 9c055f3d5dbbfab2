import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEWEST_ARGOCD } from '../../server/src/core/versions.ts';
import { isClean } from '../../server/src/language/diagnostics/clean.ts';
import { diagnose, findingsIn, type DiagnoseOptions } from '../../server/src/language/diagnostics/diagnose.ts';
import { parseDocument } from '../../server/src/manifest/document.ts';

const PREFIX = 'argocd.argoproj.io/';
const KEYS = [
  ...['hook', 'hook-delete-policy', 'sync-wave', 'sync-options', 'hooks', 'refresh'].map((name) => PREFIX + name),
  ...['helm.sh/hook', 'helm.sh/hook-weight', 'helm.sh/hook-delete-policy', 'sync-wave', 'example.com/a', '5', '~'],
];
const VALUES = [
  ...['PreSync', 'Sync,PostSync', 'presync', 'Skip', 'Skip,Sync', 'HookSucceeded', 'BeforeHookCreation', 'HookFailed'],
  ...['SyncFail', 'PostDelete', 'pre-delete', 'HookSucceeded,HookFailed', 'Replace=true', 'Force=true,Replace=true'],
  ...[
    '"5"',
    "'-1'",
    '5',
    '',
    '""',
    'yes',
    'Prune=false',
    'prune=no',
    'pre-install',
    'pre-rollback',
    'Prune=False',
    'Replace=false,CreateNamespace=true',
    'HookSucceeded,HookFailed',
    'PreDelete,PostSync',
    'test',
    '*a',
    '&a x',
    '!!str 5',
    '- x',
  ],
  ...['|\n      Sync', '>-\n      a\n      b', '{a: b}', '[a]', '"a\\nb"', 'x # y', '{{ x }}', '$(X)', '"Sync, Typo"'],
];
const entry = fc
  .tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES))
  .map(([key, value]) => `    ${key}: ${value}\n`);
const noise = fc.constantFrom(
  '',
  '\n',
  '# argocd-hooks: ignore empty-hook\n',
  '  <<: {a: b}\n',
  '\t\n',
  ' x\n',
  'kind: List\nitems: []\n',
  '---\n',
  '"\n',
  '- a\n',
  '? b\n',
  '{\n',
  '\r',
  '# {{ x }}\n',
  '{{- if .x }}\n',
  '  {{- include "a" . | nindent 2 }}\n',
  '    {{ x }}: {{ y }}\n',
  '    x: "{{ y }}"\n',
);
const manifest = fc
  .tuple(
    fc.constantFrom(
      'kind: Job\napiVersion: batch/v1\n',
      'kind: Application\napiVersion: argoproj.io/v1alpha1\n',
      'kind: ConfigMap\n',
      'kind: Namespace\napiVersion: v1\n',
      'kind: Pod\napiVersion: v1\n',
      'kind: Deployment\n',
      '',
    ),
    fc.constantFrom(
      'name: a',
      'generateName: a-',
      'name: a\n  generateName: cleanup-',
      `generateName: ${'x'.repeat(60)}`,
    ),
    noise,
    fc.array(entry, { maxLength: 4 }),
    noise,
    fc.constantFrom(
      '',
      'spec:\n  ttlSecondsAfterFinished: 5\n',
      'spec:\n  suspend: true\n  template: {spec: {containers: [{name: a}]}}\n',
      'spec: {template: {metadata: {labels: {sidecar.istio.io/inject: "true"}}, spec: {containers: []}}}\n',
      'spec:\n  syncPolicy:\n    syncOptions: [Typo=true]\n',
      'spec: *x\n',
      `spec:\n  template:\n    metadata:\n      annotations:\n        ${PREFIX}sync-wave: "1"\n`,
      `annotations:\n  ${PREFIX}hook: Sync\n`,
      `${PREFIX}hook: Sync\n`,
    ),
  )
  .map(
    ([head, name, a, entries, b, tail]) =>
      `${head}metadata:\n  ${name}\n${a}  annotations:\n${entries.join('')}${b}${tail}`,
  );

const options: DiagnoseOptions = { argocdVersion: NEWEST_ARGOCD, listedByKustomization: false, levels: {} };
const slowly = (text: string) => {
  const document = parseDocument(text);
  return findingsIn(document, options);
};
const told = (findings: ReturnType<typeof slowly>) =>
  findings.map(({ rule, span, message }) => ({ rule, span, message }));

describe('a document that is clean by its values', () => {
  it('has no findings where they are looked for with their places', () => {
    let clean = 0;
    fc.assert(
      fc.property(manifest, (text) => {
        if (isClean({ document: parseDocument(text), ...options })) clean++;
        expect(told(diagnose(parseDocument(text), options))).toEqual(told(slowly(text)));
      }),
      { numRuns: 3_000 },
    );
    expect(clean).toBeGreaterThan(50);
  });

  it('may hold templates elsewhere', () => {
    const of = (text: string): boolean => isClean({ document: parseDocument(text), ...options });
    const job = (phase: string): string => `kind: Job\nmetadata:\n  annotations:\n    ${PREFIX}hook: ${phase}\n`;
    expect(of(`${job('Sync')}    # {{ x }}\n`)).toBe(true);
    expect(of(`${job('Sync')}spec: {description: "{{ x }}"}\n`)).toBe(true);
    expect(of(`{{- if .x }}\n${job('Sync')}{{- end }}\n`)).toBe(true);
    expect(of(`{{- if .x }}\n${job('Typo')}{{- end }}\n`)).toBe(false);
    expect(of(`${job(`Typo # {{ "\n    ${PREFIX}hook: Sync # "}}`)}`)).toBe(false);
  });

  it('is not one with a key that comes twice, or with anything that values do not show', () => {
    const of = (annotations: string): boolean =>
      isClean({ document: parseDocument(`kind: Job\nmetadata:\n  annotations:\n${annotations}`), ...options });
    expect(of(`    ${PREFIX}hook: Sync\n`)).toBe(true);
    expect(of(`    ${PREFIX}hook: Typo\n    ${PREFIX}hook: Sync\n`)).toBe(false);
    expect(of(`    ${PREFIX}hook: "{{ x }}"\n`)).toBe(false);
    expect(of(`    ${PREFIX}hook: {{ x }}\n`)).toBe(false);
    expect(of(`    {{ x }}: Sync\n`)).toBe(false);
    expect(of(`    ${PREFIX}hook: Typo\n`)).toBe(false);
    expect(of(`    <<: {a: 5}\n`)).toBe(false);
  });
});
