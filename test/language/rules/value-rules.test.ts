import { describe, expect, it } from 'vitest';
import { actionsOf, fixed, job, judging } from '../fixture.ts';

const judge = judging('invalid-sync-wave', 'unquoted-annotation-value', 'unknown-argocd-annotation');

describe('invalid-sync-wave', () => {
  const wave = (value: string, more = ''): string => job(`argocd.argoproj.io/sync-wave: ${value}${more}`);

  it.each([
    ['"1.5"', 'The wave "1.5" is no integer, so Argo CD ignores it: Job db-migration is in wave 0.'],
    ['" 1"', 'The wave " 1" has white space around its number, so Argo CD ignores it: Job db-migration is in wave 0.'],
    ['""', 'The wave is empty, so Argo CD ignores it: Job db-migration is in wave 0.'],
    [
      '"99999999999999999999"',
      'The wave 99999999999999999999 is beyond 64 bits, so Argo CD ignores it: Job db-migration is in wave 0.',
    ],
    ['one', 'The wave "one" is no integer, so Argo CD ignores it: Job db-migration is in wave 0.'],
  ])('%s', (value, message) => {
    expect(judge(wave(value)).lines).toEqual([`error invalid-sync-wave: ${message}`]);
  });

  it('names the Helm weight that counts instead', () => {
    expect(judge(wave('"x"', '\nhelm.sh/hook-weight: "3"')).lines[0]).toContain(
      'is in wave 3, its helm.sh/hook-weight.',
    );
    expect(judge(wave('"x"', '\nhelm.sh/hook-weight: "{{ .Values.weight }}"')).lines[0]).toContain(
      'Job db-migration is in the wave of its helm.sh/hook-weight.',
    );
  });

  it.each(['"0"', '"-5"', '"+5"', '"01"', "'2'", '"{{ .Values.wave }}"', '${WAVE}'])(
    'says nothing about %s',
    (value) => {
      expect(judge(wave(value)).lines).toEqual([]);
    },
  );

  it('trims, or removes', () => {
    expect(fixed(wave('" 1"'), 'Replace with "1"')).toBe(wave('"1"'));
    expect(fixed(wave('"x"', '\na: b'), 'Remove the wave')).toBe(job('a: b'));
  });
});

describe('unquoted-annotation-value', () => {
  it('repeats no long value', () => {
    const applied = `{apiVersion: v1, kind: Secret, metadata: {name: db}, stringData: {password: hunter2}}`;
    const [line] = judge(job(`kubectl.kubernetes.io/last-applied-configuration: ${applied}`)).lines;
    expect(line).toContain('kubectl.kubernetes.io/last-applied-configuration is a map to YAML, no text');
    expect(line).not.toContain('hunter2');
  });

  it.each([
    'argocd.argoproj.io/hook',
    'argocd.argoproj.io/sync-wave',
    '<ANNOTATION_1>\n<ANNOTATION_2>',
    '{a}',
    'c: - d',
  ])('waits for a value that can be read: %s', (entry) => {
    expect(judge(job(`a: "b"\n${entry}`)).lines).toEqual([]);
  });

  it.each([
    ['argocd.argoproj.io/sync-wave: 5', 'argocd.argoproj.io/sync-wave: 5 is a number to YAML, no text'],
    ['example.com/on: yes', 'example.com/on: yes is a boolean to YAML, no text'],
    ['example.com/none: ~', 'example.com/none: ~ is null to YAML, no text'],
    ['example.com/none:', 'The value of example.com/none is empty, which is null to YAML, no text'],
    ['argocd.argoproj.io/sync-wave: !!int "5"', 'argocd.argoproj.io/sync-wave: !!int "5" is a number to YAML, no text'],
    ['a: !!bool yes', 'a: !!bool yes is a boolean to YAML, no text'],
    [
      'argocd.argoproj.io/sync-options: [Prune=false]',
      'argocd.argoproj.io/sync-options: [Prune=false] is a list to YAML',
    ],
    ['a:\n  - b\n  - c', 'a is a list to YAML, no text'],
    ['a: {b: c}', 'a: {b: c} is a map to YAML, no text'],
    ['a: .inf', 'a: .inf is an infinite number to YAML, no text'],
    ['a: .NaN', 'a: .NaN is the number NaN to YAML, no text'],
    ['<<: {a: 5}', 'a: 5 is a number to YAML, no text'],
  ])('%s', (annotation, message) => {
    const [line] = judge(job(annotation)).lines;
    expect(line).toContain(`error unquoted-annotation-value: ${message}`);
    expect(line).toContain('Argo CD cannot generate the manifests of the application');
  });

  it('is an information where a kustomization lists the file', () => {
    expect(judge(job('a: true'), { listedByKustomization: true }).lines[0]).toMatch(/^info unquoted-annotation-value/);
  });

  it('says of a CRD that its annotations are lost', () => {
    const crd =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\n  annotations:\n    a: 1\n';
    expect(judge(crd).lines[0]).toContain('every annotation of CustomResourceDefinition x is lost');
  });

  it.each(['a: 2020-01-01', 'a: nUll', 'a: "5"', 'a: !!str 5', 'a: {{ .Values.x }}', 'a: ${N}', 'a: 5m'])(
    'takes %s for a text',
    (annotation) => {
      expect(judge(job(annotation)).lines).toEqual([]);
    },
  );

  it.each(['a: !!int "5"', 'a: [b]', 'a: {b: c}', 'b: &n "x"\na: !!int 5'])('offers no quotes for %s', (annotation) => {
    expect(actionsOf(job(annotation)).map(({ title }) => title)).toEqual([
      'Disable unquoted-annotation-value here',
      'Disable unquoted-annotation-value for this document',
    ]);
  });

  it('says nothing of a value that cannot be read', () => {
    expect(judge(job('a: !!int "x"')).lines).toEqual([]);
  });

  it('quotes one value, or all of the file', () => {
    const text = `${job('a: 0o17\nb: on')}---\n${job('c: 1.50\nd:')}`;
    expect(fixed(text, 'Quote the value: "on"')).toContain('b: "on"\n');
    const all = fixed(text, 'Quote all 4 values in this file');
    expect(all).toContain('b: "on"\n');
    expect(all).toContain('c: "1.50"\n    d: ""\n');
    expect(judge(all).lines).toEqual([]);
  });
});

describe('unknown-argocd-annotation', () => {
  it.each([
    ['argocd.argoproj.io/sync-waves', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/syncwave', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/sync-option', 'argocd.argoproj.io/sync-options'],
    ['argocd.argoproj.io/hook-deletion-policy', 'argocd.argoproj.io/hook-delete-policy'],
    ['argocd.argoproj.io/hook-delete-polcy', 'argocd.argoproj.io/hook-delete-policy'],
    ['argoproj.io/sync-wave', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoprj.io/sync-wave', 'argocd.argoproj.io/sync-wave'],
    ['sync-wave', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/wave', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/hook-weight', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/delete-policy', 'argocd.argoproj.io/hook-delete-policy'],
    ['example.com/wave', undefined],
    ['argocd.argoproj.io/managed-by', undefined],
    ['argocd.argoproj.io/something-else', undefined],
    ['workflows.argoproj.io/description', undefined],
    ['example.com/hook', undefined],
    ['hook', undefined],
  ])('%s → %s', (key, meant) => {
    const text = job(`${key}: "1"`);
    const { lines, marked } = judge(text);
    if (meant === undefined) return expect(lines).toEqual([]);
    expect(lines).toEqual([
      `warning unknown-argocd-annotation: Argo CD knows no annotation ${key} and ignores it on Job db-migration. Did you mean ${meant}?`,
    ]);
    expect(marked).toContain(`«${key}»: "1"`);
    expect(fixed(text, `Rename to ${meant}`)).toBe(job(`${meant}: "1"`));
  });

  it('takes out the key whose place is taken, and the one that nothing could take', () => {
    const weight = 'argocd.argoproj.io/hook-weight: "1"';
    const wave = 'argocd.argoproj.io/sync-wave: "2"';
    expect(fixed(job(`${weight}\n${wave}`), 'Remove argocd.argoproj.io/hook-weight')).toBe(job(wave));
    const depends = job(`argocd.argoproj.io/depends-on: database\n${wave}`);
    expect(judge(depends).lines).toEqual([
      'warning unknown-argocd-annotation: Argo CD knows no annotation argocd.argoproj.io/depends-on and ignores it on Job db-migration. What comes first is said by argocd.argoproj.io/sync-wave alone.',
    ]);
    expect(fixed(depends, 'Remove argocd.argoproj.io/depends-on')).toBe(job(wave));
  });

  it('judges a key whose value is a template, and no key that is one', () => {
    expect(judge(job('argocd.argoproj.io/sync-waves: "{{ .Values.wave }}"')).lines).toHaveLength(1);
    expect(judge(job('argocd.argoproj.io/sync-waves{{ .x }}: "1"')).lines).toEqual([]);
  });

  it('offers no rename, but to take it out, where the right key is there already', () => {
    const text = job('argocd.argoproj.io/sync-waves: "1"\nargocd.argoproj.io/sync-wave: "2"');
    expect(actionsOf(text).map((action) => action.title)).toEqual([
      'Remove argocd.argoproj.io/sync-waves',
      'Disable unknown-argocd-annotation here',
      'Disable unknown-argocd-annotation for this document',
    ]);
  });
});
