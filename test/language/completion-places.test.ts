import { describe, expect, it } from 'vitest';
import { completed } from './fixture.ts';

const HOOK = 'argocd.argoproj.io/hook';
const WAVE = 'argocd.argoproj.io/sync-wave';

/** A Job with this below its name. */
const job = (below: string): string => `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n${below}`;
const json = (annotations: string): string =>
  `{\n  "apiVersion": "v1",\n  "kind": "Pod",\n  "metadata": {"annotations": {${annotations}}}\n}\n`;

/** The text after choosing a label; undefined where it is not offered. */
function chosen(text: string, label: string): string | undefined {
  const here = completed(text);
  return here?.labels.includes(label) ? here.choose(label) : undefined;
}

describe('a key of annotations', () => {
  it.each([
    ['in an empty map', '  annotations:\n    |\n', `  annotations:\n    ${WAVE}: \n`],
    ['at the end of the file', '  annotations:\n    |', `  annotations:\n    ${WAVE}: `],
    ['half typed at the end of the file', '  annotations:\n    argo|', `  annotations:\n    ${WAVE}: `],
    ['not yet further in than its map', '  annotations:\n  |\nspec: {}\n', `  annotations:\n    ${WAVE}: \nspec: {}\n`],
    ['at the start of the line', '  annotations:\n|\nspec: {}\n', `  annotations:\n    ${WAVE}: \nspec: {}\n`],
    ['below blank lines', '  annotations:\n\n\n    |\n', `  annotations:\n\n\n    ${WAVE}: \n`],
    ['below a comment', '  annotations: # why\n# here\n    |\n', `  annotations: # why\n# here\n    ${WAVE}: \n`],
    [
      'between others',
      '  annotations:\n    a: b\n    |\n    c: d\n',
      `  annotations:\n    a: b\n    ${WAVE}: \n    c: d\n`,
    ],
    [
      'without a colon, which YAML cannot read',
      '  annotations:\n    a: b\n    argocd|\n    c: d\nspec: [\n',
      `  annotations:\n    a: b\n    ${WAVE}: \n    c: d\nspec: [\n`,
    ],
    ['in front of spaces', '  annotations:\n    |    \n', `  annotations:\n    ${WAVE}: \n`],
    ['left of its neighbors', '  annotations:\n    a: b\n   |\n', `  annotations:\n    a: b\n    ${WAVE}: \n`],
    ['right of the first one', '  annotations:\n      |\n    a: b\n', `  annotations:\n    ${WAVE}: \n    a: b\n`],
    [
      'below a block scalar',
      '  annotations:\n    a: >\n      x\n    |\n',
      `  annotations:\n    a: >\n      x\n    ${WAVE}: \n`,
    ],
    ['in quotes', '  annotations:\n    "argo|": x\n', `  annotations:\n    "${WAVE}": x\n`],
    ['in open quotes', "  annotations:\n    'argo|\n", `  annotations:\n    '${WAVE}': \n`],
    ['in quotes without a colon', '  annotations:\n    "argo|"\n', `  annotations:\n    "${WAVE}": \n`],
    ['in a flow map', '  annotations: {a: b, |}\n', `  annotations: {a: b, ${WAVE}: }\n`],
    ['in an open flow map', '  annotations: {|\n', `  annotations: {${WAVE}: \n`],
    [
      'in a flow map over lines',
      '  annotations: {\n    a: b,\n    argo|\n  }\n',
      `  annotations: {\n    a: b,\n    ${WAVE}: \n  }\n`,
    ],
    [
      'between lines of a template',
      '  annotations:\n    {{- if .Values.a }}\n    a: b\n    {{- end }}\n    |\n    {{- toYaml .Values.b | nindent 4 }}\n'.replace(
        ' | n',
        ' ¦ n',
      ),
      `  annotations:\n    {{- if .Values.a }}\n    a: b\n    {{- end }}\n    ${WAVE}: \n    {{- toYaml .Values.b ¦ nindent 4 }}\n`,
    ],
    [
      'within a condition',
      '  {{- if .x }}\n  annotations:\n{{- if .y }}\n    |\n{{- end }}\n  {{- end }}\n',
      `  {{- if .x }}\n  annotations:\n{{- if .y }}\n    ${WAVE}: \n{{- end }}\n  {{- end }}\n`,
    ],
  ])('is offered %s', (_where, text, expected) => {
    expect(chosen(job(text), WAVE)).toBe(job(expected));
    const windows = (lines: string): string => job(lines).replaceAll('\n', '\r\n');
    expect(chosen(windows(text), WAVE)).toBe(windows(expected));
  });

  it.each([
    ['in an empty map', '|', `"${WAVE}": `],
    ['behind another', '"a": "b", |', `"a": "b", "${WAVE}": `],
    ['in its quotes', '"arg|"', `"${WAVE}": `],
    ['in its quotes, in front of a value', '"arg|": "1"', `"${WAVE}": "1"`],
    ['in open quotes, without taking the rest of the document', '\n    "arg|\n  ', `\n    "${WAVE}": \n  `],
  ])('is offered in JSON %s', (_where, text, expected) => {
    expect(chosen(json(text), WAVE)).toBe(json(expected));
    expect(chosen(`a: b\n---\n${json(text)}`, WAVE)).toBe(`a: b\n---\n${json(expected)}`);
  });

  it('creates its map with the line ends of the file', () => {
    const text = job('  |\nspec: {}\n').replaceAll('\n', '\r\n');
    expect(chosen(text, HOOK)).toBe(job(`  annotations:\n    ${HOOK}: \nspec: {}\n`).replaceAll('\n', '\r\n'));
  });

  it.each([
    ['right behind `annotations:`', job('  annotations:|\n')],
    ['where another value goes on', job('  annotations:\n    a: >\n      x\n      |\n')],
    ['in a list of metadata', job('  finalizers:\n    - argo|\n')],
    ['in labels', job('  annotations:\n    a: b\n  labels:\n    argo|\n')],
    ['in labels of a flow map', 'apiVersion: v1\nkind: Pod\nmetadata: {labels: {|}}\n'],
    ['in labels of JSON', json('').replace('"annotations": {}', '"labels": {|}, "annotations": {}')],
    [
      'in the template of a workload',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  template:\n    metadata:\n      annotations:\n        |\n',
    ],
    [
      'in a template of another kind than an ApplicationSet',
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec:\n  template:\n    metadata:\n      annotations:\n        |\n',
    ],
    ['in commonAnnotations of a manifest', 'apiVersion: v1\nkind: Pod\ncommonAnnotations:\n  |\n'],
    ['in commonAnnotations below another key', 'kind: Kustomization\nx:\n  commonAnnotations:\n    |\n'],
    ['in options of another list', 'kind: Kustomization\nimages:\n- options:\n    annotations:\n      |\n'],
    ['behind a closed quote', job(`  annotations:\n    "a"|: b\n`).replace('"a"|', '"a" |')],
    ['in the indentation of another', job(`  annotations:\n  |  ${HOOK}: Sync\n`)],
  ])('is not offered %s', (_where, text) => {
    expect(completed(text)?.labels.includes(WAVE) ?? false).toBe(false);
  });
});

describe('a value of an annotation', () => {
  it.each([
    ['in front of others', `${HOOK}: |,PreSync`, `${HOOK}: Sync,PreSync`],
    ['in a list whose quote is open', `${HOOK}: "PreSync, |`, `${HOOK}: "PreSync, Sync"`],
    ['behind an anchor', `${HOOK}: &phase |`, `${HOOK}: &phase Sync`],
    ['behind a key in quotes', `"${HOOK}": |`, `"${HOOK}": Sync`],
    ['in place of what is there', `${HOOK}: | PreSync`, `${HOOK}: Sync`],
  ])('is offered %s', (_where, text, expected) => {
    expect(chosen(job(`  annotations:\n    ${text}\nspec: {}\n`), 'Sync')).toBe(
      job(`  annotations:\n    ${expected}\nspec: {}\n`),
    );
  });

  it.each([`${HOOK}: "PreSync"|`, `${HOOK}: &pha|se PreSync`, `${HOOK}: {{ if .x }}|`])(
    'is not offered in %s',
    (text) => {
      expect(completed(job(`  annotations:\n    ${text}\n`))).toBeUndefined();
    },
  );

  it('gets the space that a flow map needs', () => {
    expect(chosen(job(`  annotations: {${HOOK}:|}\n`), 'PreSync')).toBe(job(`  annotations: {${HOOK}: PreSync}\n`));
  });

  it('gets the quotes that JSON needs, and takes nothing of the rest of the document', () => {
    expect(chosen(json(`"${HOOK}": |`), 'PreSync')).toBe(json(`"${HOOK}": "PreSync"`));
    expect(chosen(json(`"${HOOK}": "Pre|`), 'PreSync')).toBe(json(`"${HOOK}": "PreSync"`));
    expect(chosen(json(`"${HOOK}": "PreSync,|"`), 'Sync')).toBe(json(`"${HOOK}": "PreSync,Sync"`));
    expect(chosen(json(`"${WAVE}":|`), '1')).toBe(json(`"${WAVE}": "1"`));
  });
});

describe('a value that begins below its key', () => {
  const hook = (below: string): string => job(`  annotations:\n    ${HOOK}:${below}`);
  const wave = (below: string): string => job(`  annotations:\n    ${WAVE}:${below}`);

  it.each([
    ['on the next line', '\n      |\n', '\n      PreSync\n'],
    ['half typed on the next line', '\n      Pre|\n    a: b\n', '\n      PreSync\n    a: b\n'],
    ['in quotes on the next line', '\n      "Pre|"\n', '\n      "PreSync"\n'],
    ['behind a comment and a blank line', ' # why\n\n      |\n', ' # why\n\n      PreSync\n'],
    ['in a folded block', ' >-\n      |\n', ' >-\n      PreSync\n'],
    ['half typed in a block with a tag', ' !!str >\n      Pre|\nspec: {}\n', ' !!str >\n      PreSync\nspec: {}\n'],
    ['behind a comma in a block', ' >\n      Sync,|\n', ' >\n      Sync,PreSync\n'],
  ])('is offered %s', (_where, text, expected) => {
    expect(chosen(hook(text), 'PreSync')).toBe(hook(expected));
  });

  it('is quoted where it must be, but in a block', () => {
    expect(chosen(wave('\n      |\n'), '1')).toBe(wave('\n      "1"\n'));
    expect(chosen(wave(' >-\n      |\n'), '1')).toBe(wave(' >-\n      1\n'));
  });

  it('is not offered beside the key, nor below a value', () => {
    expect(chosen(hook('\n    |\n'), 'PreSync')).toBeUndefined();
    expect(chosen(hook(' Sync\n      |\n'), 'PreSync')).toBeUndefined();
    expect(chosen(job(`spec:\n  ${HOOK}:\n    |\n`), 'PreSync')).toBeUndefined();
  });
});

describe('other places of annotations', () => {
  const set = (below: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: shops\nspec:\n  template:\n    metadata:\n${below}`;
  const kustomization = (below: string): string =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- web.yaml\n${below}`;

  it('are the template of an ApplicationSet, whose annotations are those of Applications', () => {
    const labels = completed(set('      annotations:\n        |\n'))?.labels ?? [];
    expect(labels[0]).toBe('argocd.argoproj.io/refresh');
    expect(chosen(set('      annotations:\n        |\n'), WAVE)).toBe(set(`      annotations:\n        ${WAVE}: \n`));
    expect(chosen(set('      name: x\n      |\n'), WAVE)).toBe(
      set(`      name: x\n      annotations:\n        ${WAVE}: \n`),
    );
    expect(chosen(set(`      annotations:\n        argocd.argoproj.io/refresh: |\n`), 'hard')).toBe(
      set(`      annotations:\n        argocd.argoproj.io/refresh: hard\n`),
    );
  });

  it.each([
    [
      'common annotations',
      kustomization('commonAnnotations:\n  |\n'),
      kustomization(`commonAnnotations:\n  ${WAVE}: \n`),
    ],
    ['those of a kustomization without a kind', 'commonAnnotations:\n  |\n', `commonAnnotations:\n  ${WAVE}: \n`],
    [
      'those of a component',
      'kind: Component\ncommonAnnotations:\n  |\n',
      `kind: Component\ncommonAnnotations:\n  ${WAVE}: \n`,
    ],
    [
      'at the first column',
      kustomization('commonAnnotations:\n|\n'),
      kustomization(`commonAnnotations:\n  ${WAVE}: \n`),
    ],
    [
      'those of a generator',
      kustomization('configMapGenerator:\n- name: a\n  options:\n    annotations:\n      |\n'),
      kustomization(`configMapGenerator:\n- name: a\n  options:\n    annotations:\n      ${WAVE}: \n`),
    ],
    [
      'those of all generators',
      kustomization('generatorOptions:\n  annotations:\n    |\n'),
      kustomization(`generatorOptions:\n  annotations:\n    ${WAVE}: \n`),
    ],
  ])('are, in a kustomization, %s', (_what, text, expected) => {
    expect(chosen(text, WAVE)).toBe(expected);
  });

  it('do not offer in a kustomization what makes everything a hook', () => {
    const labels = completed(kustomization('commonAnnotations:\n  |\n'))?.labels ?? [];
    expect(labels.filter((label) => label.includes('/hook'))).toEqual([]);
    const value = kustomization(`commonAnnotations:\n  ${WAVE}: "|"\n`);
    expect(chosen(value, '1')).toBe(value.replace('|', '1'));
  });

  it('are metadata in braces', () => {
    const flow = (metadata: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {${metadata}}\n`;
    expect(chosen(flow('name: x, |'), HOOK)).toBe(flow(`name: x, annotations: {${HOOK}: }`));
    expect(chosen(flow('name: x, ann|'), HOOK)).toBe(flow(`name: x, annotations: {${HOOK}: }`));
    expect(chosen(flow('|'), 'annotations')).toBe(flow('annotations: {}'));
    expect(chosen(flow('na|me: x'), HOOK)).toBeUndefined();
    expect(chosen(flow('name: |'), HOOK)).toBeUndefined();
    expect(chosen(flow('labels: {|}'), HOOK)).toBeUndefined();
    expect(chosen(flow('annotations: {}, |'), HOOK)).toBeUndefined();
    const json = (metadata: string): string => `{"apiVersion": "v1", "kind": "Pod", "metadata": {${metadata}}}\n`;
    expect(chosen(json('"name": "x", |'), HOOK)).toBe(json(`"name": "x", "annotations": {"${HOOK}": }`));
    expect(chosen(json('"name": "x", "ann|"'), HOOK)).toBe(json(`"name": "x", "annotations": {"${HOOK}": }`));
    expect(chosen(json('"name": "x|"'), HOOK)).toBeUndefined();
  });
});
