import { describe, expect, it } from 'vitest';
import { actionsOf, fixed, hook, job, judge, yaml } from '../fixture.ts';

const says = (rule: string, text: string): string[] =>
  judge(text)
    .lines.filter((line) => line.split(' ')[1] === `${rule}:`)
    .map((line) => line.replace(` ${rule}`, ''));

describe('skip-then-pruned', () => {
  it('tells what becomes of the live object, and what keeps it', () => {
    expect(says('skip-then-pruned', hook('Skip'))).toEqual([
      'info: Argo CD leaves the live object of Job db-migration alone only for as long as this manifest is in Git: once it is removed, a sync that prunes deletes that object, since it never received the Skip. To keep it, give the live object argocd.argoproj.io/sync-options: Prune=false.',
    ]);
    const title = 'Apply it and never prune it: Prune=false in place of Skip';
    expect(fixed(hook('Skip'), title)).toBe(job('argocd.argoproj.io/sync-options: Prune=false'));
    expect(fixed(job('argocd.argoproj.io/hook: Skip\nargocd.argoproj.io/sync-options: "Replace=true"'), title)).toBe(
      job('argocd.argoproj.io/sync-options: "Replace=true,Prune=false"'),
    );
  });

  it('says nothing of what is no Skip alone, or has thought of it', () => {
    for (const text of [
      hook('Skip,Sync'),
      hook('"{{ .Values.hook }}"'),
      job('argocd.argoproj.io/hook: Skip\nargocd.argoproj.io/sync-options: Prune=false'),
      job('argocd.argoproj.io/hook: Skip\nargocd.argoproj.io/sync-options: "{{ .Values.options }}"'),
    ])
      expect(says('skip-then-pruned', text)).toEqual([]);
  });
});

describe('duplicate-annotation-key', () => {
  const KEY = 'argocd.argoproj.io/sync-options';

  it('says which one wins, and makes one list of both', () => {
    const text = job(`${KEY}: Prune=false\na: "b"\n${KEY}: Replace=true,Prune=false`);
    expect(says('duplicate-annotation-key', text)).toEqual([
      `warning: ${KEY} stands more than once on Job db-migration: the last one wins (Replace=true,Prune=false), and this one is lost. Make one list of them, or remove one.`,
    ]);
    expect(judge(text).findings[0]?.related?.map(({ message }) => message)).toEqual(['This one wins.']);
    expect(fixed(text, 'Make one list of them: Prune=false,Replace=true')).toBe(
      job(`a: "b"\n${KEY}: Prune=false,Replace=true`),
    );
    expect(fixed(text, 'Remove this one, which is lost anyway')).toBe(job(`a: "b"\n${KEY}: Replace=true,Prune=false`));
  });

  it('repairs by itself only what says the same twice', () => {
    const [action] = actionsOf(job('a: "b"\na: "b"\nc: "d"\nc: "e"'), { only: ['source.fixAll'] });
    expect(action?.edit?.changes?.['file:///test.yaml']).toHaveLength(1);
  });

  it('says nothing of merge keys, or of what a template chooses from', () => {
    expect(says('duplicate-annotation-key', job('<<: {a: "b"}\na: "c"'))).toEqual([]);
    expect(
      says('duplicate-annotation-key', job('{{- if .Values.x }}\na: "b"\n{{- else }}\na: "c"\n{{- end }}')),
    ).toEqual([]);
  });
});

describe('misplaced-annotations', () => {
  const WAVE = 'argocd.argoproj.io/sync-wave';
  const deployment = (own: string, pods: string): string => yaml`
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
${own}    spec:
      template:
        metadata:
          labels: {app: web}
${pods}        spec: {}
  `;
  const pods = `          annotations:
            ${WAVE}: "5"
            example.com/a: b
`;

  it('in the template of pods, and moves them', () => {
    const text = deployment('', pods);
    expect(says('misplaced-annotations', text)).toEqual([
      `warning: ${WAVE} does nothing here: it stands on the pods that Deployment web makes, which Argo CD does not apply itself. Move it to metadata.annotations of Deployment web.`,
    ]);
    expect(judge(text).marked).toContain(`«${WAVE}»: "5"`);
    expect(fixed(text, `Move ${WAVE} to the annotations of the object`)).toBe(
      deployment(
        `      annotations:\n        ${WAVE}: "5"\n`,
        '          annotations:\n            example.com/a: b\n',
      ),
    );
  });

  it('moves all of them with the map that held nothing else', () => {
    const both =
      '          annotations:\n            argocd.argoproj.io/hook: Sync\n            argocd.argoproj.io/sync-wave: 5\n';
    expect(fixed(deployment('', both), 'Move them to the annotations of the object')).toBe(
      deployment(
        '      annotations:\n        argocd.argoproj.io/hook: "Sync"\n        argocd.argoproj.io/sync-wave: "5"\n',
        '',
      ),
    );
  });

  it.each([
    ['the object carries it too', deployment(`      annotations: {${WAVE}: "5"}\n`, pods)],
    ['it is none that orders', deployment('', pods.replace(WAVE, 'argocd.argoproj.io/ignore-resource-updates'))],
    ['a template may bring it', deployment('      annotations: {{ include "x" . }}\n', pods)],
    [
      'the template is an object that gets applied',
      `kind: ApplicationSet\napiVersion: argoproj.io/v1alpha1\nspec:\n  template:\n    metadata:\n      annotations: {${WAVE}: "1"}\n`,
    ],
    [
      'it is made into a Secret',
      `kind: ExternalSecret\napiVersion: external-secrets.io/v1\nspec:\n  target:\n    template:\n      metadata:\n        annotations: {${WAVE}: "1"}\n`,
    ],
    [
      'it is written by a generator of kustomize',
      `kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\ncommonAnnotations: {${WAVE}: "1"}\n`,
    ],
    ['it is a label', `kind: Pod\nmetadata:\n  labels: {${WAVE}: "1"}\n`],
  ])('says nothing where %s', (_, text) => {
    expect(says('misplaced-annotations', text)).toEqual([]);
  });

  it.each([
    [`kind: Pod\nmetadata:\n  name: a\n  metadata:\n    annotations:\n      ${WAVE}: "1"\n`, 'in a metadata within'],
    [`kind: Pod\nmetadata:\n  name: a\nannotations:\n  ${WAVE}: "1"\n`, 'beside the metadata of Pod a, not within it'],
    [`kind: Pod\nmetadata:\n  name: a\n  ${WAVE}: "1"\n`, 'in the metadata of Pod a itself'],
    [`kind: Pod\nmetadata:\n  name: a\n${WAVE}: "1"\n`, 'beside the metadata of Pod a, not among its annotations'],
    [
      `kind: CronJob\nmetadata:\n  name: a\nspec:\n  jobTemplate:\n    metadata:\n      annotations:\n        ${WAVE}: "1"\n`,
      'on the Jobs that CronJob a makes',
    ],
    [
      `kind: CronJob\nmetadata:\n  name: a\nspec: {jobTemplate: {spec: {template: {metadata: {annotations: {${WAVE}: "1"}}}}}}\n`,
      'on the pods that CronJob a makes',
    ],
    [
      `kind: List\nmetadata:\n  annotations:\n    ${WAVE}: "1"\nitems:\n- kind: Pod\n- kind: Pod\n`,
      'on the List itself, of which Argo CD applies the items alone. Give it to each item',
    ],
    [
      `kind: List\nitems:\n- kind: Pod\n  metadata: {name: x}\n- kind: Pod\n  metadata: {name: a, ${WAVE}: "1"}\n`,
      'in the metadata of Pod a itself',
    ],
  ])('%s', (text, where) => {
    const found = says('misplaced-annotations', text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(where);
    expect(judge(text).marked).toContain(`«${WAVE}»`);
  });

  it('offers no move that would write into what it takes away', () => {
    const text = `kind: Pod\nmetadata:\n  ${WAVE}: "1"\nspec: {}\n`;
    expect(actionsOf(text).filter(({ title }) => title.startsWith('Move'))).toEqual([]);
    const first = `kind: Pod\nmetadata:\n  ${WAVE}: "1"\n  name: a\n`;
    expect(fixed(first, `Move ${WAVE} to the annotations of the object`)).toBe(
      `kind: Pod\nmetadata:\n  name: a\n  annotations:\n    ${WAVE}: "1"\n`,
    );
  });

  it('moves a key out of metadata itself', () => {
    const text = `kind: Pod\nmetadata:\n  name: a\n  ${WAVE}: "1"\nspec: {}\n`;
    expect(fixed(text, `Move ${WAVE} to the annotations of the object`)).toBe(
      `kind: Pod\nmetadata:\n  name: a\n  annotations:\n    ${WAVE}: "1"\nspec: {}\n`,
    );
  });
});
