import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hover } from '../../server/src/language/hover.ts';
import { parseDocument } from '../../server/src/manifest/document.ts';
import { completed, withCursor } from './fixture.ts';
import { edited } from './edited.ts';

const HOOK = 'argocd.argoproj.io/hook';
const WAVE = 'argocd.argoproj.io/sync-wave';
const POINTER = '/metadata/annotations/argocd.argoproj.io~1';
const MARK = '¦';

/** The text after choosing a label; undefined where it is not offered. */
function chosen(text: string, label: string): string | undefined {
  const here = completed(text, {}, MARK);
  return here?.labels.includes(label) ? here.choose(label) : undefined;
}

/** What the hover at the cursor says, from its first words on, and where it stands. */
function explained(marked: string): { text: string; on: string } | undefined {
  const { text, offset } = withCursor(marked, MARK);
  const found = hover(parseDocument(text), offset, { argocdVersion: '3.6.1' });
  return found && { text: found.markdown, on: text.slice(found.span.start, found.span.end) };
}

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
const kustomization = (text: string): string => `kind: Kustomization\nresources: [job.yaml]\n${text}`;
const patched = (patch: string): string =>
  kustomization(`patches:\n- target: {kind: Job}\n  patch: |-\n${indented(patch, 4)}images: []\n`);
const strategic = (below: string): string => `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\n${below}`;
const set = (template: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: x}\nspec:\n  template: ${template}\n`;
const application = (helm: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec:\n  source:\n    helm:\n${indented(helm, 6)}`;

describe('a key is offered', () => {
  it.each([
    [
      'in a strategic patch',
      patched(strategic(`  annotations:\n    ${MARK}\n`)),
      patched(strategic(`  annotations:\n    ${WAVE}: \n`)),
    ],
    [
      'half typed in one',
      patched(strategic(`  annotations:\n    a: b\n    argo${MARK}\n`)),
      patched(strategic(`  annotations:\n    a: b\n    ${WAVE}: \n`)),
    ],
    ['with its map in one', patched(strategic(`  ${MARK}\n`)), patched(strategic(`  annotations:\n    ${WAVE}: \n`))],
    [
      'in a flow map of one',
      patched(strategic(`  annotations: {${MARK}}\n`)),
      patched(strategic(`  annotations: {${WAVE}: }\n`)),
    ],
    [
      'in the second of two patches in a list',
      kustomization(
        `patchesStrategicMerge:\n- |\n${indented(`kind: List\n---\n${strategic(`  annotations:\n    ${MARK}\n`)}`, 2)}`,
      ),
      kustomization(
        `patchesStrategicMerge:\n- |\n${indented(`kind: List\n---\n${strategic(`  annotations:\n    ${WAVE}: \n`)}`, 2)}`,
      ),
    ],
    [
      'in the path of a JSON patch',
      patched(`- op: add\n  path: /metadata/annotations/${MARK}\n`),
      patched(`- op: add\n  path: ${POINTER}sync-wave\n`),
    ],
    [
      'half typed in one',
      `- op: add\n  path: "/metadata/annotations/argocd.argoproj.io~1${MARK}"\n`,
      `- op: add\n  path: "${POINTER}sync-wave"\n`,
    ],
    [
      'in place of another',
      `- path: ${POINTER}ho${MARK}ok\n  op: replace\n`,
      `- path: ${POINTER}sync-wave\n  op: replace\n`,
    ],
    [
      'in JSON',
      `[{"op": "add", "path": "/metadata/annotations/${MARK}", "value": "1"}]\n`,
      `[{"op": "add", "path": "${POINTER}sync-wave", "value": "1"}]\n`,
    ],
    [
      'in JSON within quotes',
      kustomization(`patches:\n- patch: '[{"op":"add","path":"/metadata/annotations/${MARK}'\n`),
      kustomization(`patches:\n- patch: '[{"op":"add","path":"${POINTER}sync-wave'\n`),
    ],
    ['in values of a chart', `job:\n  annotations:\n    ${MARK}\n`, `job:\n  annotations:\n    ${WAVE}: \n`],
    [
      'in values that an Application gives',
      application(`valuesObject:\n  jobAnnotations:\n    ${MARK}\n`),
      application(`valuesObject:\n  jobAnnotations:\n    ${WAVE}: \n`),
    ],
    [
      'in values within a text',
      application(`values: |\n  job:\n    annotations:\n      ${MARK}\n`),
      application(`values: |\n  job:\n    annotations:\n      ${WAVE}: \n`),
    ],
    [
      'beside one of ours in any map of values',
      `job:\n  extra:\n    ${HOOK}: Sync\n    ${MARK}\n`,
      `job:\n  extra:\n    ${HOOK}: Sync\n    ${WAVE}: \n`,
    ],
    ['in a flow map of values', `job: {annotations: {${MARK}}}\n`, `job: {annotations: {${WAVE}: }}\n`],
    [
      'in a flow map of common annotations',
      kustomization(`commonAnnotations: {a: b, ${MARK}}\n`),
      kustomization(`commonAnnotations: {a: b, ${WAVE}: }\n`),
    ],
    [
      'in a flow map of generators',
      kustomization(`generatorOptions: {annotations: {${MARK}}}\n`),
      kustomization(`generatorOptions: {annotations: {${WAVE}: }}\n`),
    ],
    [
      'in a JSON kustomization',
      `{"kind": "Kustomization", "commonAnnotations": {"${MARK}"}}\n`,
      `{"kind": "Kustomization", "commonAnnotations": {"${WAVE}": }}\n`,
    ],
    [
      'in a flow map of an ApplicationSet',
      set(`{metadata: {annotations: {${MARK}}}}`),
      set(`{metadata: {annotations: {${WAVE}: }}}`),
    ],
    [
      'with its map in the metadata of one',
      set(`{metadata: {name: x, ${MARK}}}`),
      set(`{metadata: {name: x, annotations: {${WAVE}: }}}`),
    ],
  ])('%s', (_where, text, expected) => {
    expect(chosen(text, WAVE)).toBe(expected);
    expect(chosen(text.replaceAll('\n', '\r\n'), WAVE)).toBe(expected.replaceAll('\n', '\r\n'));
  });
});

describe('no key is offered', () => {
  it.each([
    ['in another path of a JSON patch', `- op: add\n  path: /metadata/labels/${MARK}\n`],
    ['in a path that is none of an operation', `- x: add\n  path: /metadata/annotations/${MARK}\n`],
    ['for annotations of pods in one', `- op: add\n  path: /spec/template/metadata/annotations/${MARK}\n`],
    ['in labels of a patch', patched(strategic(`  labels:\n    ${MARK}\n`))],
    ['in labels of values', `job:\n  labels:\n    ${HOOK}: x\n    ${MARK}\n`],
    [
      'in another text of a kustomization',
      kustomization(`x:\n- y: |\n    metadata:\n      annotations:\n        ${MARK}\n`),
    ],
    [
      'in a text within a patch',
      patched(`kind: ConfigMap\ndata:\n  a: |\n    metadata:\n      annotations:\n        ${MARK}\n`),
    ],
    ['in metadata whose kind is still to come', `metadata:\n  annotations:\n    ${MARK}\n`],
    ['in annotations somewhere in a manifest', `kind: Pod\nspec:\n  annotations:\n    ${MARK}\n`],
  ])('%s', (_where, text) => {
    expect(chosen(text, WAVE)).toBeUndefined();
  });

  it('that another operation of the patch writes already', () => {
    const text = `- op: add\n  path: ${POINTER}sync-wave\n  value: "1"\n- op: add\n  path: /metadata/annotations/${MARK}\n`;
    expect(chosen(text, WAVE)).toBeUndefined();
    expect(chosen(text, HOOK)).toContain(`path: ${POINTER}hook\n`);
  });
});

describe('a value is offered', () => {
  it.each([
    [
      'in a strategic patch',
      patched(strategic(`  annotations:\n    ${HOOK}: ${MARK}\n`)),
      patched(strategic(`  annotations:\n    ${HOOK}: PreSync\n`)),
    ],
    [
      'in a JSON patch',
      patched(`- op: add\n  path: ${POINTER}hook\n  value: ${MARK}\n`),
      patched(`- op: add\n  path: ${POINTER}hook\n  value: PreSync\n`),
    ],
    [
      'behind a comma in one',
      `- op: add\n  value: "Sync,${MARK}"\n  path: ${POINTER}hook\n`,
      `- op: add\n  value: "Sync,PreSync"\n  path: ${POINTER}hook\n`,
    ],
    [
      'in JSON',
      `[{"op": "add", "path": "${POINTER}hook", "value": "${MARK}"}]\n`,
      `[{"op": "add", "path": "${POINTER}hook", "value": "PreSync"}]\n`,
    ],
    [
      'in JSON, with its quotes',
      `[{"op": "add", "path": "${POINTER}hook", "value":${MARK}}]\n`,
      `[{"op": "add", "path": "${POINTER}hook", "value": "PreSync"}]\n`,
    ],
    [
      'in JSON, whose quote is open',
      `[{"op": "add", "value": "Pre${MARK}, "path": "${POINTER}hook"}]\n`,
      `[{"op": "add", "value": "PreSync", "path": "${POINTER}hook"}]\n`,
    ],
    [
      'in JSON within quotes',
      kustomization(`patches:\n- patch: '[{"op":"add","path":"${POINTER}hook","value":"${MARK}"}]'\n`),
      kustomization(`patches:\n- patch: '[{"op":"add","path":"${POINTER}hook","value":"PreSync"}]'\n`),
    ],
    [
      'in a flow map of operations',
      `- {op: add, path: ${POINTER}hook, value: ${MARK}}\n`,
      `- {op: add, path: ${POINTER}hook, value: PreSync}\n`,
    ],
    ['in values of a chart', `a:\n  b:\n    ${HOOK}: ${MARK}\n`, `a:\n  b:\n    ${HOOK}: PreSync\n`],
    ['in a flow map of values', `a: {b: {${HOOK}: ${MARK}}}\n`, `a: {b: {${HOOK}: PreSync}}\n`],
    [
      'in values within a text',
      application(`values: |\n  a:\n    ${HOOK}: Pre${MARK}\n`),
      application(`values: |\n  a:\n    ${HOOK}: PreSync\n`),
    ],
    [
      'in JSON of an ApplicationSet',
      set(`{"metadata": {"annotations": {"${HOOK}": "${MARK}"}}}`),
      set(`{"metadata": {"annotations": {"${HOOK}": "PreSync"}}}`),
    ],
  ])('%s', (_where, text, expected) => {
    expect(chosen(text, 'PreSync')).toBe(expected);
  });

  it('in quotes where it is no text without', () => {
    const text = (value: string): string => `- op: add\n  path: ${POINTER}sync-wave\n  value: ${value}\n`;
    expect(chosen(text(MARK), '1')).toBe(text('"1"'));
    expect(chosen(`[{"op":"add","path":"${POINTER}sync-wave","value":${MARK}}]`, '1')).toContain('"value": "1"}');
  });

  it('for no value of another path, and for none that a template decides', () => {
    expect(chosen(`- op: add\n  path: /metadata/labels/a\n  value: ${MARK}\n`, 'PreSync')).toBeUndefined();
    expect(chosen(`- op: add\n  path: ${POINTER}hook\n  value: {{ .x }}${MARK}\n`, 'PreSync')).toBeUndefined();
    expect(chosen(`kind: Pod\nspec:\n  ${HOOK}: ${MARK}\n`, 'PreSync')).toBeUndefined();
  });
});

describe('the hover', () => {
  it.each([
    [
      'of a key in a strategic patch',
      patched(strategic(`  annotations:\n    argocd.argo${MARK}proj.io/hook: Sync\n`)),
      HOOK,
      'Here: a patch writes it',
    ],
    [
      'of a value in one',
      patched(strategic(`  annotations:\n    ${HOOK}: PreSync,Po${MARK}stSync\n`)),
      'PostSync',
      'Here: a patch writes it',
    ],
    [
      'of a key in a JSON patch',
      patched(`- op: add\n  path: ${POINTER}ho${MARK}ok\n  value: Sync\n`),
      'argocd.argoproj.io~1hook',
      'Here: a patch writes it',
    ],
    [
      'of a value in JSON',
      `[{"op": "add", "path": "${POINTER}hook", "value": "Pre${MARK}Sync"}]\n`,
      'PreSync',
      'Here: a patch writes it',
    ],
    ['of a key in values', `a:\n  b:\n    argocd.${MARK}argoproj.io/hook: Sync\n`, HOOK, 'Here: a value of a chart'],
    [
      'of a value in a flow map of values',
      `a: {b: {${HOOK}: Pre${MARK}Sync}}\n`,
      'PreSync',
      'Here: a value of a chart',
    ],
    [
      'of a key in a flow map of a kustomization',
      kustomization(`commonAnnotations: {${MARK}${WAVE}: "1"}\n`),
      WAVE,
      'Here: kustomize writes it',
    ],
    [
      'of a key in a flow map of an ApplicationSet',
      set(`{metadata: {annotations: {${MARK}${WAVE}: "1"}}}`),
      WAVE,
      'Here: every Application',
    ],
  ])('explains it: %s', (_what, text, on, here) => {
    expect(explained(text)?.on).toBe(on);
    expect(explained(text)?.text).toContain(here);
  });

  it('speaks of no place in the sync for a manifest that is a patch', () => {
    const text = strategic(`  annotations:\n    ${HOOK}: PreSync\n`);
    const at = (word: string): string | undefined =>
      hover(parseDocument(text), text.indexOf(word) + 1, { argocdVersion: '3.6.1', patch: true })?.markdown;
    expect(at(HOOK)).toContain('Here: a patch writes it');
    expect(at('PreSync')).toContain('Here: a patch writes it');
    expect(at('PreSync')).not.toContain('wave 0');
    expect(at('Job')).toBeUndefined();
  });

  it('says nothing of other paths and values', () => {
    expect(explained(`- op: add\n  path: /metadata/labels/argocd.argoproj.io~1ho${MARK}ok\n`)).toBeUndefined();
    expect(explained(`- op: add\n  path: /metadata/labels/x\n  value: Pre${MARK}Sync\n`)).toBeUndefined();
    expect(explained(`labels:\n  argocd.argo${MARK}proj.io/hook: Sync\n`)).toBeUndefined();
  });
});

it('at any place of such texts after random edits nothing is thrown, and what is replaced holds the cursor', () => {
  const texts = [
    patched(`- op: add\n  path: ${POINTER}hook\n  value: PreSync\n`),
    patched(strategic(`  annotations: {${HOOK}: PreSync}\n`)),
    `[{"op": "add", "path": "${POINTER}hook", "value": "PreSync"}]\n`,
    application(`values: |\n  a:\n    ${HOOK}: PreSync\nvaluesObject: {b: {${WAVE}: "1"}}\n`),
    set(`{metadata: {annotations: {${WAVE}: "1"}}}`),
    kustomization(`commonAnnotations: {${WAVE}: "1"}\n`),
  ];
  fc.assert(
    fc.property(edited(texts), fc.nat(500), (text, cursor) => {
      const offset = cursor % (text.length + 1);
      completed(text.slice(0, offset) + MARK + text.slice(offset), {}, MARK);
      const found = hover(parseDocument(text), offset, { argocdVersion: '3.6.1' });
      if (found)
        expect(found.span.start <= offset && offset <= found.span.end && found.span.end <= text.length).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});
