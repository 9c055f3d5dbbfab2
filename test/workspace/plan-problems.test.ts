import { describe, expect, test } from 'vitest';
import { openIndex } from '../../server/src/workspace/index.ts';
import { syncSource } from '../../server/src/workspace/source.ts';
import { manifest, MemoryFiles } from './memory-files.ts';

const CONFIG = manifest('ConfigMap', 'settings');
const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** The problems of the plan of the first application, and why a sync of it is refused. */
async function opened(texts: Readonly<Record<string, string>>) {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'root' });
  const [application] = index.applications();
  if (!application) throw new Error('no application');
  const plan = index.plan(application);
  const shown = (problems: readonly { file?: string; line?: number; message: string }[]): string[] =>
    problems.map(({ file, line, message }) => `${file ?? ''}:${line ?? ''} ${message}`);
  return { plan, problems: shown(plan.problems), refused: shown(syncSource(index, application).refused) };
}

const annotated = (entry: string): string => `${CONFIG}  annotations:\n    a: "x"\n    ${entry}\n`;

describe('the problems of a plan name what a sync refuses', () => {
  test.each([
    [
      'a wave that is a number',
      annotated(`${SYNC_WAVE}: 5`),
      `a/x.yaml:7 The value of ${SYNC_WAVE} in the annotations is a number, no text: Argo CD then fails to read the whole application. Put it in quotes.`,
    ],
    [
      'a wave with a tag',
      annotated(`${SYNC_WAVE}: !!int "5"`),
      `a/x.yaml:7 The value of ${SYNC_WAVE} in the annotations is a number`,
    ],
    [
      'a list of options',
      annotated('argocd.argoproj.io/sync-options: [Prune=false]'),
      'a/x.yaml:7 The value of argocd.argoproj.io/sync-options in the annotations is a list, no text: Argo CD then fails to read the whole application. Write it as one text',
    ],
    ['a label', `${CONFIG}  labels: {a: yes}\n`, 'a/x.yaml:5 The value of a in the labels is a boolean'],
    [
      'a template as a wave',
      annotated(`${SYNC_WAVE}: "{{ .Values.w }}"`),
      `a/x.yaml:7 It holds a template that is not resolved ({{ .Values.w }}) as its ${SYNC_WAVE}: what that comes to is not known here`,
    ],
    [
      'an item of a list',
      `apiVersion: v1\nkind: List\nitems:\n- ${CONFIG.replaceAll('\n', '\n  ')}\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: x\n    annotations:\n      ${SYNC_WAVE}: 5\n`,
      `The value of ${SYNC_WAVE} in the annotations is a number`,
    ],
    ['an object without an apiVersion', `${CONFIG}---\nkind: Secret\n`, 'a/x.yaml:6 This object has no apiVersion'],
    ['text behind an end mark', `${CONFIG}...\n${CONFIG}`, 'a/x.yaml:6 Argo CD reads nothing behind a `...`'],
    ['content behind a separator', `${CONFIG}--- {a: 1}\n`, 'Argo CD cannot read a file with a `---`'],
  ])('%s', async (_what, text, message) => {
    const { problems, refused } = await opened({ 'a/x.yaml': text, 'a/y.yaml': CONFIG });
    expect(problems[0]).toContain(message);
    expect(refused).toContain(problems[0]);
  });

  test('but not what Helm or kustomize may still change', async () => {
    const text = annotated(`${SYNC_WAVE}: 5`);
    const charted = await opened({
      'a/Chart.yaml': 'name: a\n',
      'a/templates/x.yaml': text.replace('"x"', '"{{ .Values.x }}"'),
    });
    expect(charted.problems).toEqual([expect.stringContaining('is a chart that is not rendered')]);
    const kustomized = await opened({ 'a/kustomization.yaml': 'resources: [x.yaml]\n', 'a/x.yaml': text });
    expect(kustomized.problems).toEqual([expect.stringContaining('is a kustomization that is not rendered')]);
  });
});

test('a wave or a hook from a template is not known, and the plan says so', async () => {
  const { plan } = await opened({
    'a/x.yaml': `${manifest('ConfigMap', 'x', { [SYNC_WAVE]: '{{ .Values.w }}' })}---\n${manifest('Job', 'y', { 'argocd.argoproj.io/hook': '{{ .Values.h }}' })}`,
  });
  const [task] = plan.plans.sync.phases.flatMap((p) => p.waves.flatMap((w) => w.batches.flatMap((b) => b.tasks)));
  expect(task?.waveReason.text).toBe(
    `The wave comes from a template (${SYNC_WAVE}: {{ .Values.w }}) and is not known here: shown in wave 0.`,
  );
  expect(plan.skipped[0]?.reason.text).toContain('The hook comes from a template ({{ .Values.h }})');
});

test('a folder that cannot be read is a problem of the application that it lies in, and of no other', async () => {
  const files = new MemoryFiles({ 'a/x.yaml': CONFIG, 'b/y.yaml': CONFIG });
  const unreadable = new Map([['a/secret', 'The folder cannot be read (EACCES).']]);
  const index = await openIndex(Object.assign(files, { unreadableFolders: () => unreadable }), { rootName: 'root' });
  const problems = (): number[] => index.applications().map((application) => index.plan(application).problems.length);
  expect(problems()).toEqual([1, 0]);
  const [first] = index.applications();
  expect(first && syncSource(index, first).refused).toMatchObject([{ file: 'a/secret' }]);
  unreadable.clear();
  await index.list('.');
  expect(problems()).toEqual([0, 0]);
});
