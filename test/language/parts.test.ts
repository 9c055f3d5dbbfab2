import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionsOf, fixed, judge, lintFiles } from './fixture.ts';
import { edited } from './edited.ts';

const HOOK = 'argocd.argoproj.io/hook';
const POLICY = 'argocd.argoproj.io/hook-delete-policy';
const WAVE = 'argocd.argoproj.io/sync-wave';
const OPTIONS = 'argocd.argoproj.io/sync-options';
const pointer = (name: string): string => `/metadata/annotations/argocd.argoproj.io~1${name}`;

const says = (text: string): readonly string[] => judge(text).lines;
const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

const kustomization = (text: string): string => `kind: Kustomization\nresources: [job.yaml]\n${text}`;
/** A kustomization with this patch, for a Job. */
const patched = (patch: string, target = '{kind: Job, name: migrate}'): string =>
  kustomization(`patches:\n- target: ${target}\n  patch: |-\n${indented(patch, 4)}`);
const operation = (name: string, value: string): string => `- op: add\n  path: ${pointer(name)}\n  value: ${value}\n`;
const strategic = (annotations: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n${indented(annotations, 4)}`;
const values = (annotations: string): string =>
  `migrate:\n  enabled: true\n  annotations:\n${indented(annotations, 4)}`;

describe('a patch within a kustomization', () => {
  it('has a misspelt phase told where it is written, and repaired', () => {
    const text = patched(operation('hook', 'PreSink # why'));
    expect(says(text)).toEqual([
      'error unknown-hook-phase: "PreSink" is no phase of Argo CD: without a valid helm.sh/hook beside it, Job migrate is never applied, and a live copy of it is deleted when a sync prunes. Did you mean PreSync?',
    ]);
    expect(judge(text).marked).toContain('value: «PreSink» # why');
    expect(fixed(text, 'Replace with PreSync')).toBe(text.replace('PreSink', 'PreSync'));
  });

  it('has the same told of a strategic one, which says itself what it changes', () => {
    const text = patched(strategic(`${HOOK}: PreSink\n`), '{kind: Job, labelSelector: "a=b"}');
    expect(says(text)).toEqual([expect.stringContaining('each Job is never applied')]);
    expect(says(text.replace('- target: {kind: Job, labelSelector: "a=b"}\n ', '-'))).toEqual([
      expect.stringContaining('Job migrate is never applied'),
    ]);
    expect(fixed(text, 'Replace with PreSync')).toBe(text.replace('PreSink', 'PreSync'));
  });

  it.each([
    [
      operation('hook-delete-policy', 'HookSucceded'),
      'warning unknown-delete-policy',
      'Replace with HookSucceeded',
      operation('hook-delete-policy', 'HookSucceeded'),
    ],
    [operation('sync-wave', '" 5"'), 'error invalid-sync-wave', 'Replace with "5"', operation('sync-wave', '"5"')],
    [
      operation('sync-wave', '5'),
      'info unquoted-annotation-value',
      'Quote the value: "5"',
      operation('sync-wave', '"5"'),
    ],
    [
      operation('sync-waves', '"5"'),
      'warning unknown-argocd-annotation',
      `Rename to ${WAVE}`,
      operation('sync-wave', '"5"'),
    ],
    [
      operation('sync-options', 'Prune=False'),
      'error option-value-case',
      'Replace with Prune=false',
      operation('sync-options', 'Prune=false'),
    ],
    [operation('hook', 'Skip,Sync'), 'warning skip-combined', 'Remove Skip', operation('hook', 'Sync')],
    [operation('hook', '""'), 'error empty-hook', 'Make it a Sync hook', operation('hook', '"Sync"')],
    [strategic(`${WAVE}: " 5"\n`), 'error invalid-sync-wave', 'Replace with "5"', strategic(`${WAVE}: "5"\n`)],
    [strategic(`a: "b"\n${WAVE}: "x"\n`), 'error invalid-sync-wave', 'Remove the wave', strategic('a: "b"\n')],
    [
      strategic(`${OPTIONS}: CreateNamespace=true\n`),
      'warning app-level-option-on-resource',
      'Remove CreateNamespace=true',
      strategic('').replace('  annotations:\n', ''),
    ],
  ])('is judged by its values alone: %#', (patch, finding, title, repaired) => {
    for (const text of [patched(patch), patched(patch).replaceAll('\n', '\r\n')]) {
      expect(says(text)).toEqual([expect.stringContaining(`${finding}: `)]);
      const eol = text.includes('\r\n') ? '\r\n' : '\n';
      expect(fixed(text, title)).toBe(patched(repaired).replaceAll('\n', eol));
    }
  });

  it('is judged in JSON, too', () => {
    const json = (value: string): string =>
      kustomization(`patches:\n- patch: '[{"op": "add", "path": "${pointer('hook')}", "value": "${value}"}]'\n`);
    expect(fixed(json('PreSync,postsync'), 'Replace with PostSync')).toBe(json('PreSync,PostSync'));
    const file = `[{"op": "add", "path": "/metadata/annotations", "value": {"${HOOK}": "presync"}}]\n`;
    expect(fixed(file, 'Replace with PreSync')).toBe(file.replace('presync', 'PreSync'));
  });

  it('is silenced by a comment within it, and where the action puts one', () => {
    const text = patched(`# argocd-hooks: ignore empty-hook\n${operation('hook', 'PreSink')}`);
    expect(says(text)).toHaveLength(1);
    expect(says(fixed(text, 'Disable unknown-hook-phase here'))).toEqual([]);
    expect(
      says(
        text
          .replace('empty-hook', 'unknown-hook-phase')
          .replace('  value', '  # argocd-hooks: ignore unknown-hook-phase\n      value'),
      ),
    ).toEqual([]);
  });

  it('gets no comment that would become a part of its JSON', () => {
    const json = `[{"op": "add", "path": "${pointer('hook')}",\n  "value": "PreSink"}]\n`;
    const titles = (text: string): string[] => actionsOf(text).map(({ title }) => title);
    const here = 'Disable unknown-hook-phase here';
    expect(titles(patched(json))).not.toContain(here);
    expect(titles(patched(json).replace('|-', '>-'))).not.toContain(here);
    expect(titles(patched(json))).toContain('Disable unknown-hook-phase for this document');
    expect(says(fixed(patched(json), 'Disable unknown-hook-phase for this document'))).toEqual([]);
    const quoted = kustomization(`patches:\n- patch: '${json.replace('\n  ', ' ').trim()}'\n`);
    expect(says(fixed(quoted, here))).toEqual([]);
  });

  it.each([
    ['a policy, whose hook the base may have', patched(operation('hook-delete-policy', 'HookSucceeded'))],
    ['a hook, whose deadline the base may have', patched(strategic(`${HOOK}: PreSync\n`))],
    ['a policy that would leave a hook for good', patched(strategic(`${HOOK}: PreSync\n${POLICY}: HookFailed\n`))],
    ['null, which takes an annotation away', patched(strategic(`${HOOK}:\n${WAVE}: null\n`))],
    ['templates', patched(operation('hook', '{{ .Values.hook }}') + operation('sync-wave', '${WAVE}'))],
    ['one key in two operations', patched(operation('sync-wave', '"1"') + operation('sync-wave', '"2"'))],
    ['an operation that writes nothing', patched(operation('hook', 'PreSink').replace('add', 'test'))],
    ['a text in another place', kustomization(`x:\n  patch: |\n${indented(operation('hook', 'PreSink'), 4)}`)],
  ])('is not judged by what only a whole manifest can tell: %s', (_what, text) => {
    expect(says(text)).toEqual([]);
  });
});

describe('annotations that kustomize adds', () => {
  it.each([
    ['commonAnnotations:\n  ', 'everything that kustomize builds here'],
    ['generatorOptions:\n  annotations:\n    ', 'what the generators make'],
    ['configMapGenerator:\n- name: settings\n  options:\n    annotations:\n      ', 'ConfigMap settings'],
  ])('are judged: %#', (place, who) => {
    const text = (entry: string): string => kustomization(`${place}${entry}\n`);
    expect(says(text(`${WAVE}: "1.5"`))).toEqual([
      `error invalid-sync-wave: The wave "1.5" is no integer, so Argo CD ignores it: ${who} is in the wave of a helm.sh/hook-weight that it may have, else in wave 0.`,
    ]);
    expect(says(text(`example.com/a: yes`))).toEqual([
      'error unquoted-annotation-value: example.com/a: yes is a boolean to YAML, no text: kustomize takes texts alone there and builds nothing, so nothing of the application is synced. Put it in quotes.',
    ]);
    expect(fixed(text(`${WAVE}: 5`), 'Quote the value: "5"')).toBe(text(`${WAVE}: "5"`));
    expect(says(text(`${WAVE}: "5"`))).toEqual([]);
    expect(says(text(`${WAVE}: $(WAVE)`))).toEqual([]);
  });
});

describe('values of a chart', () => {
  it('are judged, and never an error: a template decides what becomes of them', () => {
    const text = values(`${HOOK}: PreSink\n${POLICY}: HookSucceded\n${WAVE}: 5\nargocd.argoproj.io/sync-option: x\n`);
    expect(judge(text).lines.map((line) => line.split(':')[0])).toEqual([
      'warning unknown-hook-phase',
      'warning unknown-delete-policy',
      'info unquoted-annotation-value',
      'warning unknown-argocd-annotation',
    ]);
    expect(fixed(text, 'Replace with PreSync')).toBe(text.replace('PreSink', 'PreSync'));
    const [all] = actionsOf(text, { only: ['source.fixAll'] });
    expect(all?.edit?.changes?.['file:///test.yaml']).toHaveLength(1);
  });

  it('are judged where an Application gives them', () => {
    const application = (helm: string): string =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  source:\n    helm:\n${indented(helm, 6)}`;
    const object = application(`valuesObject:\n${indented(values(`${HOOK}: presync\n`), 2)}`);
    const block = application(`values: |\n${indented(values(`${HOOK}: presync\n`), 2)}`);
    for (const text of [object, block]) {
      expect(says(text)).toEqual([expect.stringContaining('warning unknown-hook-phase: "presync"')]);
      expect(fixed(text, 'Replace with PreSync')).toBe(text.replace('presync', 'PreSync'));
    }
  });

  it.each([
    ['commented defaults', values(`a: "b"\n# ${HOOK}: presync\n`)],
    ['numbers of others', values('prometheus.io/port: 9090\nsync-wave: 5\n')],
    ['common annotations of others', 'commonAnnotations:\n  a: 5\n'],
    ['labels', 'labels:\n  argocd.argoproj.io/hook: 5\n'],
    ['keys without a value', values(`${HOOK}:\n${WAVE}: ~\n`)],
    ['templates', values(`${HOOK}: "{{ .Values.phase }}"\n`)],
  ])('are left alone where they are %s', (_what, text) => {
    expect(says(text)).toEqual([]);
  });
});

describe('the template of an ApplicationSet', () => {
  const set = (template: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: shops}\nspec:\n  template:\n${indented(template, 4)}`;

  it('has annotations and sync options judged as those of the Applications that come from it', () => {
    const text = set(
      `metadata:\n  name: '{{.shop}}'\n  annotations:\n    ${WAVE}: "x"\n    a: 5\nspec:\n  syncPolicy:\n    syncOptions: [Prune=False, CreateNamespaces=true, "A=b,C=d"]\n`,
    );
    expect(says(text).map((line) => line.split(/(?<=: ".*") |(?<=\w): /)[0])).toEqual([
      'error invalid-sync-wave',
      'error unquoted-annotation-value',
      'error option-value-case',
      'warning unknown-sync-option',
      'warning comma-in-sync-options-item',
    ]);
    expect(says(text)[0]).toContain('each Application of ApplicationSet shops is in the wave');
    expect(says(text)[1]).toContain('the API server takes texts alone there and refuses the ApplicationSet.');
    expect(fixed(text, 'Replace with CreateNamespace=true')).toBe(text.replace('Namespaces', 'Namespace'));
  });

  it('is left alone where its templates decide', () => {
    expect(
      says(set(`metadata:\n  annotations: {${WAVE}: '{{.wave}}'}\nspec: {syncPolicy: {syncOptions: ['{{.o}}']}}\n`)),
    ).toEqual([]);
  });
});

describe('a file that a kustomization takes for a patch', () => {
  const files = (kustomize: string, patch: string): Readonly<Record<string, string>> => ({
    'prod/kustomization.yaml': kustomize,
    'prod/job.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec: {activeDeadlineSeconds: 60}\n',
    'prod/patch.yaml': patch,
  });
  const lint = async (patch: string, kustomize = 'resources: [job.yaml]\npatches: [{path: patch.yaml}]\n') =>
    (await lintFiles(files(kustomize, patch)))
      .filter(({ file }) => file === 'prod/patch.yaml')
      .map(({ severity, rule, line }) => `${severity} ${rule} ${line}`);

  it('is judged by its values alone', async () => {
    const patch = strategic(`${HOOK}: PreSync,sync\n${POLICY}: HookFailed\n${WAVE}: 5\n`);
    expect(await lint(patch)).toEqual(['warning unknown-hook-phase 6', 'info unquoted-annotation-value 8']);
    expect(await lint(patch, 'resources: [job.yaml, patch.yaml]\n')).toContain('error stale-hook-reused 7');
    expect(await lint(strategic(`${POLICY}: HookFailed\n${WAVE}: null\n`))).toEqual([]);
    expect(await lint(operation('hook', 'PreSink'))).toEqual(['error unknown-hook-phase 3']);
  });
});

it('random edits of such texts throw nothing, and leave every place within the text', () => {
  const texts = [
    patched(operation('hook', 'PreSink') + operation('sync-wave', '5')),
    patched(strategic(`${HOOK}: PreSink\n${WAVE}: 5\n`)),
    kustomization(`commonAnnotations:\n  ${WAVE}: 5\ngeneratorOptions: {annotations: {${OPTIONS}: Prune=False}}\n`),
    kustomization(`patches:\n- patch: '[{"op": "add", "path": "${pointer('hook')}", "value": "x"}]'\n`),
    values(`${HOOK}: presync\n${WAVE}: 5\n`),
  ];
  fc.assert(
    fc.property(edited(texts), (text) => {
      for (const { span, fixes } of judge(text).findings) {
        expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
        for (const { edits: own } of fixes())
          for (const { start, end } of own) expect(0 <= start && start <= end && end <= text.length).toBe(true);
      }
    }),
    { numRuns: 1_500 },
  );
});
