import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../server/src/manifest/document.ts';

/** `kind target «key» «value»` of each annotation that stands apart from its object, as it is written. */
function parts(text: string): string[] {
  return parseDocument(text).parts.flatMap(({ kind, target, manifest }) =>
    manifest.annotations.map(({ keySpan, valueSpan }) => {
      const who = [kind, target.kind, target.name].filter((word) => word !== '').join(' ');
      return `${who} «${text.slice(keySpan.start, keySpan.end)}» «${text.slice(valueSpan.start, valueSpan.end)}»`;
    }),
  );
}

const WAVE = 'argocd.argoproj.io/sync-wave';
const POINTER = '/metadata/annotations/argocd.argoproj.io~1sync-wave';
const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
const strategic = `kind: Job\nmetadata:\n  name: x\n  annotations:\n    ${WAVE}: "1"\n`;
const operation = `- op: add\n  path: ${POINTER}\n  value: "1"\n`;
const set = (source: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  template:\n    spec:\n      source:\n${indented(source, 8)}`;
const application = (source: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  sources:\n  - chart: x\n${indented(source, 4)}`;

describe('annotations that stand apart from their objects are', () => {
  test.each([
    ['common annotations', `kind: Kustomization\ncommonAnnotations: {${WAVE}: "1"}\n`, [`common «${WAVE}» «"1"»`]],
    [
      'those of a kustomization without a kind',
      `resources: [a.yaml]\ncommonAnnotations:\n  ${WAVE}: '1'\n`,
      [`common «${WAVE}» «'1'»`],
    ],
    [
      'those of all generators',
      `kind: Kustomization\ngeneratorOptions:\n  annotations:\n    ${WAVE}: 1\n`,
      [`generator «${WAVE}» «1»`],
    ],
    [
      'those of one',
      `kind: Kustomization\nsecretGenerator:\n- name: a\n  options: {annotations: {${WAVE}: "1"}}\n`,
      [`generator Secret a «${WAVE}» «"1"»`],
    ],
    [
      'a strategic patch in a block',
      `kind: Kustomization\npatches:\n- patch: |-\n${indented(strategic, 4)}`,
      [`patch «${WAVE}» «"1"»`],
    ],
    [
      'several in one block',
      `kind: Kustomization\npatchesStrategicMerge:\n- |\n${indented(`${strategic}---\n${strategic.replace('"1"', '"2"')}`, 2)}`,
      [`patch «${WAVE}» «"1"»`, `patch «${WAVE}» «"2"»`],
    ],
    [
      'a JSON patch in a block',
      `kind: Kustomization\npatches:\n- target: {kind: Job, name: x}\n  patch: |\n${indented(operation, 4)}`,
      ['json-patch Job x «argocd.argoproj.io~1sync-wave» «"1"»'],
    ],
    [
      'one in JSON',
      `kind: Kustomization\npatchesJson6902:\n- patch: '[{"op": "replace", "path": "${POINTER}", "value": "1"}]'\n`,
      ['json-patch «argocd.argoproj.io~1sync-wave» «"1"»'],
    ],
    [
      'one in JSON over lines',
      `kind: Kustomization\npatches:\n- patch: >-\n    [{"op": "add",\n      "path": "/metadata/annotations",\n      "value": {"${WAVE}": "1"}}]\n`,
      [`json-patch «"${WAVE}"» «"1"»`],
    ],
    ['one in a file of its own', operation, ['json-patch «argocd.argoproj.io~1sync-wave» «"1"»']],
    ['values of a chart', `a:\n  b:\n  - annotations:\n      ${WAVE}: "1"\n# ${WAVE}: x\n`, [`values «${WAVE}» «"1"»`]],
    [
      'what an Application gives to kustomize',
      application(
        `kustomize:\n  commonAnnotations: {${WAVE}: "1"}\n  patches:\n  - patch: |\n${indented(operation, 6)}`,
      ),
      [`common «${WAVE}» «"1"»`, 'json-patch «argocd.argoproj.io~1sync-wave» «"1"»'],
    ],
    [
      'what an ApplicationSet gives to Helm',
      set(
        `helm:\n  valuesObject: {a: {annotations: {${WAVE}: "1"}}}\n  values: |\n    a:\n      annotations:\n        ${WAVE}: "2"\n`,
      ),
      [`values «${WAVE}» «"1"»`, `values «${WAVE}» «"2"»`],
    ],
  ])('%s', (_what, text, expected) => {
    expect(parts(text)).toEqual(expected);
    expect(parts(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });
});

describe('no annotations apart from their objects are', () => {
  test.each([
    ['those of a manifest', strategic],
    [
      'those of the pods of a workload',
      `kind: Deployment\nspec:\n  template:\n    metadata:\n${indented(strategic, 6)}`,
    ],
    ['those of a manifest whose kind is still to come', strategic.replace('kind: Job\n', '')],
    ['labels of values', `labels:\n  ${WAVE}: "1"\npodLabels:\n  ${WAVE}: "1"\n`],
    ['other operations of a JSON patch', operation.replace('add', 'test')],
    ['those of pods in a JSON patch', operation.replace('/metadata', '/spec/template/metadata')],
    ['a text with escapes', 'kind: Kustomization\npatches:\n- patch: "[{\\"op\\": \\"add\\"}]"\n'],
    [
      'a patch within a patch',
      `kind: Kustomization\npatches:\n- patch: |\n    kind: Kustomization\n    patches:\n    - patch: |\n${indented(operation, 8)}`,
    ],
  ])('%s', (_what, text) => {
    expect(parts(text)).toEqual([]);
  });
});
