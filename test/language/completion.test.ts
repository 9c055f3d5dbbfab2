import { describe, expect, it } from 'vitest';
import { completed, yaml } from './fixture.ts';

const job = (annotations: string): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
${annotations}
spec: {}
`;

describe('completion of values', () => {
  it('offers the phases, the most used first, in place of what is typed', () => {
    const here = completed(job('    argocd.argoproj.io/hook: Pre|'));
    expect(here?.labels).toEqual(['Sync', 'PreSync', 'PostSync', 'SyncFail', 'Skip', 'PreDelete', 'PostDelete']);
    expect(here?.choose('PreSync')).toBe(job('    argocd.argoproj.io/hook: PreSync'));
  });

  it('works where nothing is typed yet, with and without the space behind the colon', () => {
    expect(completed(job('    argocd.argoproj.io/hook: |'))?.choose('Sync')).toBe(
      job('    argocd.argoproj.io/hook: Sync'),
    );
    expect(completed(job('    argocd.argoproj.io/hook:|'))?.choose('Sync')).toBe(
      job('    argocd.argoproj.io/hook: Sync'),
    );
  });

  it('replaces the word that the cursor stands in, and leaves a comment alone', () => {
    expect(completed(job('    argocd.argoproj.io/hook: Pr|eSyn  # why'))?.choose('PostSync')).toBe(
      job('    argocd.argoproj.io/hook: PostSync  # why'),
    );
    expect(completed(job('    argocd.argoproj.io/hook: PreSync # w|hy'))).toBeUndefined();
  });

  it('offers the next item of a comma list without those that are there', () => {
    const here = completed(job('    argocd.argoproj.io/hook-delete-policy: HookSucceeded, |'));
    expect(here?.labels).toEqual(['BeforeHookCreation', 'HookFailed']);
    expect(here?.choose('BeforeHookCreation')).toBe(
      job('    argocd.argoproj.io/hook-delete-policy: HookSucceeded, BeforeHookCreation'),
    );
  });

  it('replaces one item in the middle of a quoted list', () => {
    expect(completed(job('    argocd.argoproj.io/hook: "PreSync,Po|,SyncFail"'))?.choose('PostSync')).toBe(
      job('    argocd.argoproj.io/hook: "PreSync,PostSync,SyncFail"'),
    );
  });

  it('offers Skip alone only, and one value of an option', () => {
    expect(completed(job('    argocd.argoproj.io/hook: PreSync,|'))?.labels).not.toContain('Skip');
    const options = completed(job('    argocd.argoproj.io/sync-options: Prune=false,|'))?.labels;
    expect(options).toContain('Delete=false');
    expect(options).not.toContain('Prune=confirm');
    expect(options).not.toContain('CreateNamespace=true');
  });

  it('marks what the configured Argo CD does not know, and offers it last', () => {
    const hook = job('    argocd.argoproj.io/hook: |');
    const old = completed(hook, { argocdVersion: '2.9' });
    expect(old?.labels.slice(-2)).toEqual(['PreDelete', 'PostDelete']);
    expect(old?.beside.get('PreDelete')).toBe('needs Argo CD 3.3');
    expect(old?.details.get('PostDelete')).toMatch(/^Needs Argo CD 2\.10: /);
    const less = completed(hook, { argocdVersion: '2.10' });
    expect(less?.beside.get('PostDelete')).toBe('');
    expect(less?.beside.get('PreDelete')).toBe('needs Argo CD 3.3');
    const options = completed(job('    argocd.argoproj.io/sync-options: |'), { argocdVersion: '2.11' });
    expect(options?.labels[4]).toBe('Validate=false');
    expect(options?.labels.slice(-4)).toEqual([
      'Force=true',
      'Prune=confirm',
      'Delete=confirm',
      'ServerSideApply=false',
    ]);
  });

  const USES = [
    { phase: 'PreSync', wave: -1, label: 'Job migrate' },
    { phase: 'Sync', wave: 0, label: 'Deployment web' },
    { phase: 'Sync', wave: 5, label: 'Deployment worker' },
    { phase: 'Sync', wave: 5, label: 'Service worker' },
  ];

  it('quotes waves, and offers the free ones around and between those of the phase, with what stands in each', () => {
    const here = completed(job('    argocd.argoproj.io/sync-wave: |'), { waves: () => USES });
    expect(here?.labels).toEqual(['6', '-1', '1', '0', '5']);
    expect(here?.beside.get('5')).toBe('Deployment worker, Service worker');
    expect(here?.details.get('5')).toBe('wave 5: Deployment worker, Service worker');
    expect(here?.details.get('6')).toBe('free: after everything else of Sync');
    expect(here?.choose('-1')).toBe(job('    argocd.argoproj.io/sync-wave: "-1"'));
  });

  it('looks at the waves of the phases that the manifest is a hook of, and at all where a template decides', () => {
    const labels = (hook: string): readonly string[] | undefined =>
      completed(job(`    argocd.argoproj.io/sync-wave: |\n    ${hook}`), { waves: () => USES })?.labels;
    expect(labels('argocd.argoproj.io/hook: PreSync')).toEqual(['1', '-2', '0', '-1']);
    expect(labels('helm.sh/hook: pre-install')).toEqual(['1', '-2', '0', '-1']);
    expect(labels('argocd.argoproj.io/hook: PreSync,Sync')).toEqual(['6', '-2', '1', '-1', '0', '5']);
    expect(labels('argocd.argoproj.io/hook: {{ .phase }}')).toEqual(['6', '-2', '1', '-1', '0', '5']);
  });

  it('keeps the quotes that are there, and closes one that is open', () => {
    expect(completed(job(`    argocd.argoproj.io/sync-wave: "|"`))?.choose('1')).toBe(
      job(`    argocd.argoproj.io/sync-wave: "1"`),
    );
    expect(completed(job(`    argocd.argoproj.io/sync-wave: '3|'`))?.choose('1')).toBe(
      job(`    argocd.argoproj.io/sync-wave: '1'`),
    );
    expect(completed(job(`    argocd.argoproj.io/sync-wave: "|`))?.choose('1')).toBe(
      job(`    argocd.argoproj.io/sync-wave: "1"`),
    );
  });

  it('quotes booleans and times', () => {
    expect(completed(job('    argocd.argoproj.io/ignore-healthcheck: |'))?.choose('true')).toBe(
      job('    argocd.argoproj.io/ignore-healthcheck: "true"'),
    );
    const application = yaml`
      apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata:
        annotations:
          argocd.argoproj.io/deletion-approved: |
    `;
    expect(completed(application)?.choose('2026-11-26T03:00:00Z')).toContain(
      'deletion-approved: "2026-11-26T03:00:00Z"\n',
    );
  });

  it('works in flow maps and in JSON', () => {
    const flow = (value: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: x, annotations: {argocd.argoproj.io/hook: ${value}}}\n`;
    expect(completed(flow('Pre|'))?.choose('PreSync')).toBe(flow('PreSync'));
    const json = (value: string): string =>
      `{\n  "apiVersion": "v1", "kind": "Pod",\n  "metadata": {"annotations": {\n    "argocd.argoproj.io/hook": "${value}"\n  }}\n}\n`;
    expect(completed(json('Post|Sync'))?.choose('SyncFail')).toBe(json('SyncFail'));
  });

  it('says nothing where a template stands', () => {
    expect(completed(job('    argocd.argoproj.io/hook: {{ .Values.ph|ase }}'))).toBeUndefined();
  });
});

describe('completion of keys', () => {
  it('offers the keys that are not there yet, with a colon', () => {
    const here = completed(job('    argocd.argoproj.io/hook: PreSync\n    argo|'));
    expect(here?.labels.slice(0, 3)).toEqual([
      'argocd.argoproj.io/sync-wave',
      'argocd.argoproj.io/hook-delete-policy',
      'argocd.argoproj.io/sync-options',
    ]);
    expect(here?.labels).not.toContain('argocd.argoproj.io/refresh');
    expect(here?.choose('argocd.argoproj.io/sync-wave')).toBe(
      job('    argocd.argoproj.io/hook: PreSync\n    argocd.argoproj.io/sync-wave: '),
    );
  });

  it('works on an empty line of an empty map, in broken YAML too', () => {
    expect(completed(job('    |'))?.choose('argocd.argoproj.io/hook')).toBe(job('    argocd.argoproj.io/hook: '));
    const broken = `${job('    ar|')}  : [}\n"`;
    expect(completed(broken)?.labels).toContain('argocd.argoproj.io/hook');
  });

  it('replaces a key and leaves its value', () => {
    expect(completed(job('    argocd.argoproj.io/ho|ok: PreSync'))?.choose('argocd.argoproj.io/sync-wave')).toBe(
      job('    argocd.argoproj.io/sync-wave: PreSync'),
    );
  });

  it('offers an Application’s own annotations first', () => {
    const application = yaml`
      apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata:
        annotations:
          |
    `;
    const labels = completed(application)?.labels ?? [];
    expect(labels[0]).toBe('argocd.argoproj.io/refresh');
    expect(labels).toContain('argocd.argoproj.io/sync-wave');
    expect(labels.filter((label) => label === 'argocd.argoproj.io/compare-options')).toHaveLength(1);
  });

  it('creates the annotations below metadata', () => {
    const text = 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\n  |\nspec: {}\n';
    expect(completed(text)?.choose('annotations')).toBe(
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\n  annotations:\n    \nspec: {}\n',
    );
    expect(completed(text)?.choose('argocd.argoproj.io/hook')).toBe(
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\n  annotations:\n    argocd.argoproj.io/hook: \nspec: {}\n',
    );
    expect(completed(job('    a: b').replace('spec', '  |\nspec'))).toBeUndefined();
  });

  it('works in items of a list', () => {
    const list = yaml`
      apiVersion: v1
      kind: List
      items:
      - apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
          annotations:
            argocd.argoproj.io/hook: |
      - apiVersion: v1
        kind: ConfigMap
    `;
    expect(completed(list)?.labels).toContain('PreSync');
  });

  it('works with CRLF, tabs behind keys and comments between', () => {
    const text = job('    # a comment\n\n    argocd.argoproj.io/hook:\t|').replaceAll('\n', '\r\n');
    expect(completed(text)?.choose('Sync')).toBe(text.replace('|', 'Sync'));
  });

  it.each([
    [
      'the template of a workload',
      'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      annotations:\n        |\n',
    ],
    ['labels', 'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    |\n'],
    [
      'a text that only looks like a manifest',
      'apiVersion: v1\nkind: ConfigMap\ndata:\n  x: @\n    metadata:\n      annotations:\n        argocd.argoproj.io/hook: |\n',
    ],
    ['a file that is no manifest', 'metadata:\n  annotations:\n    |\n'],
    ['a comment', 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    # argo|\n'],
    ['another value', 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    example.com/x: |\n'],
  ])('offers nothing in %s', (_where, text) => {
    expect(completed(text.replace('@', '>'))).toBeUndefined();
  });
});
