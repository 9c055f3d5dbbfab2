import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placesIn, taskKey, taskName } from '../../server/src/core/plan/query.ts';
import type { ApplicationPlan } from '../../server/src/core/plan/model.ts';
import { moveToWave, newNumbers, renumberWaves, type WaveChange } from '../../server/src/language/wave-changes.ts';
import { applyEdits } from '../../server/src/manifest/edit.ts';
import { openIndex, type WorkspaceIndex } from '../../server/src/workspace/index.ts';
import { MemoryFiles } from '../workspace/memory-files.ts';
import { yaml } from './fixture.ts';
import { planIf } from '../../server/src/workspace/plan-input.ts';

type Texts = Readonly<Record<string, string>>;

interface Opened {
  readonly index: WorkspaceIndex;
  readonly texts: Texts;
  readonly plan: ApplicationPlan;
}

async function open(texts: Texts): Promise<Opened> {
  const index = await openIndex(new MemoryFiles(texts), { rootName: 'shop' });
  const [application] = index.applications();
  if (!application) throw new Error('no application');
  return { index, texts, plan: index.plan(application) };
}

function sourceOf({ index, plan }: Opened): Parameters<typeof moveToWave>[0] {
  const [application] = index.applications();
  if (!application) throw new Error('no application');
  return { plan, fileOf: (path) => index.file(path), planIf: (change) => planIf(index, application, change) };
}

/** The texts after the edits of a change. */
function edited({ texts }: Opened, change: WaveChange): Texts {
  const after = Object.entries(texts).map(([file, text]): [string, string] => {
    const edits = (change.edits.get(file) ?? []).map(({ placed, edit: { start, end, newText } }) => ({
      start: placed.start + start,
      end: placed.start + end,
      newText,
    }));
    return [file, applyEdits(text, edits)];
  });
  return Object.fromEntries(after);
}

/** `PreSync -1 Job migrate` for each task, in the order of the plan. */
const order = (plan: ApplicationPlan): string[] =>
  [...placesIn(plan.plans.sync), ...placesIn(plan.plans.syncFail)].map(
    ({ phase, wave, task }) => `${phase} ${wave.wave} ${task.kind} ${taskName(task)}`,
  );

/** Moves what stands at a line of a file (1-based), and gives the file's new text or why not. */
async function moved(text: string, wave: number, line = 1, file = 'a.yaml'): Promise<string> {
  const opened = await open({ [file]: text });
  const change = moveToWave(sourceOf(opened), [{ file, line }], wave);
  const [refused] = change.refused;
  return refused ? `${refused.name}: ${refused.reason}` : (edited(opened, change)[file] ?? '');
}

const job = (annotations: string): string =>
  `apiVersion: v1\nkind: Job\nmetadata:\n  name: x\n${annotations}spec: {}\n`;

describe('a manifest is moved to a wave', () => {
  test.each([
    [
      'its wave is written anew, in the quotes that it has',
      "  annotations:\n    argocd.argoproj.io/sync-wave: '1' # soon\n",
      "  annotations:\n    argocd.argoproj.io/sync-wave: '5' # soon\n",
    ],
    [
      'an annotation is added behind the others',
      '  annotations:\n    argocd.argoproj.io/hook: PreSync\n',
      '  annotations:\n    argocd.argoproj.io/hook: PreSync\n    argocd.argoproj.io/sync-wave: "5"\n',
    ],
    ['annotations are made', '', '  annotations:\n    argocd.argoproj.io/sync-wave: "5"\n'],
    [
      "the weight of Helm's hook changes, so that Helm orders it alike",
      '  annotations:\n    helm.sh/hook: pre-install\n    helm.sh/hook-weight: "-5"\n',
      '  annotations:\n    helm.sh/hook: pre-install\n    helm.sh/hook-weight: "5"\n',
    ],
    [
      "Helm's hook without a weight gets one",
      '  annotations:\n    helm.sh/hook: pre-install\n',
      '  annotations:\n    helm.sh/hook: pre-install\n    helm.sh/hook-weight: "5"\n',
    ],
    [
      'where both are there the sync wave counts',
      '  annotations:\n    helm.sh/hook-weight: "1"\n    argocd.argoproj.io/sync-wave: "2"\n',
      '  annotations:\n    helm.sh/hook-weight: "1"\n    argocd.argoproj.io/sync-wave: "5"\n',
    ],
    [
      'a wave that is no number gives way',
      '  annotations:\n    argocd.argoproj.io/sync-wave: five\n',
      '  annotations:\n    argocd.argoproj.io/sync-wave: "5"\n',
    ],
    ['in a flow map', '  annotations: { a: b }\n', '  annotations: { a: b, argocd.argoproj.io/sync-wave: "5" }\n'],
  ])('%s', async (_name, before, after) => {
    expect(await moved(job(before), 5)).toBe(job(after));
  });

  test('ends of lines stay', async () => {
    const windows = job('  annotations:\n    a: b\n').replaceAll('\n', '\r\n');
    expect(await moved(windows, 5)).toBe(
      job('  annotations:\n    a: b\n    argocd.argoproj.io/sync-wave: "5"\n').replaceAll('\n', '\r\n'),
    );
  });

  test('it is in that wave already', async () => {
    expect(await moved(job(''), 0)).toBe(job(''));
  });

  test('several at once, in one file and in two, and a hook of two phases once', async () => {
    const two = job('  annotations:\n    argocd.argoproj.io/hook: PreSync,PostSync\n');
    const opened = await open({
      'a.yaml': `${two}---\n${job('').replace('Job', 'Pod')}`,
      'b.yaml': job('').replace('x', 'z'),
    });
    const places = placesIn(opened.plan.plans.sync).map(({ task }) => ({
      file: task.file ?? '',
      line: task.line ?? 1,
    }));
    const change = moveToWave(sourceOf(opened), places, -3);
    expect(order((await open(edited(opened, change))).plan)).toEqual([
      'PreSync -3 Job x',
      'Sync -3 Pod x',
      'Sync -3 Job z',
      'PostSync -3 Job x',
    ]);
    expect(change.diff.map(({ change: kind, task }) => `${kind} ${task}`)).toContain('moved /Pod//x');
  });
});

describe('a move is refused', () => {
  test.each([
    ['a template', job('  annotations:\n    a: "{{ .Values.a }}"\n'), /^Job x: It holds a template/],
    [
      'a template elsewhere in its document, which has to be masked',
      `kind: List\napiVersion: v1\nitems:\n${job('')
        .replace(/^(?=.)/gm, '  ')
        .replace(' ', '-')}- kind: ConfigMap\n  apiVersion: v1\n  metadata: { name: {{ .Values.name }} }\n`,
      /^Job x: It holds a template/,
      4,
    ],
    [
      'nothing there',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: y }\n---\n',
      /^What stands at line 7 of a.yaml: No manifest/,
      7,
    ],
    [
      'what is left out',
      job('  annotations:\n    argocd.argoproj.io/hook: Never\n'),
      /^What stands at line 1 of a.yaml: Argo CD leaves it out: "Never" is no phase/,
    ],
    [
      'hooks of the deletion',
      job('  annotations:\n    argocd.argoproj.io/hook: PostDelete\n'),
      /^Job x: Argo CD runs all PostDelete hooks at once/,
    ],
    [
      'a Namespace goes before what is in it',
      yaml`
        kind: Namespace
        apiVersion: v1
        metadata: { name: shop }
        ---
        kind: ConfigMap
        apiVersion: v1
        metadata: { name: settings, namespace: shop }
      `,
      /^Namespace shop: It stays in wave 0\. Takes wave 0 of ConfigMap settings, which needs it; it declares wave 5\.$/,
    ],
    [
      'annotations of an alias are shared',
      'apiVersion: v1\nkind: Job\nmetadata:\n  name: x\n  labels: &all { a: b }\n  annotations: *all\n',
      /^Job x: Its annotations stand elsewhere/,
    ],
  ])('%s', async (_name, text, reason, line = 1) => {
    expect(await moved(text, 5, line)).toMatch(reason);
  });

  test('no number', async () => {
    expect(await moved(job(''), Number.NaN)).toMatch(/NaN is no wave/);
  });
});

describe('waves are numbered anew', () => {
  test.each([
    [[0, 3, 4, 17], { gap: 5, keepNegative: true }, { 0: 0, 3: 5, 4: 10, 17: 15 }],
    [[-7, -2, 0, 1], { gap: 10, keepNegative: true }, { '-7': -20, '-2': -10, 0: 0, 1: 10 }],
    [[-7, -2, 0, 1], { gap: 1, keepNegative: false }, { '-7': 0, '-2': 1, 0: 2, 1: 3 }],
    [[4, 9], { gap: 1, keepNegative: true }, { 0: 0, 4: 1, 9: 2 }],
  ])('%j by %j', (waves, numbering, expected) => {
    expect(Object.fromEntries(newNumbers(waves, numbering))).toEqual(expected);
  });

  test('all or nothing', async () => {
    const wave = (n: number): string => `  annotations:\n    argocd.argoproj.io/sync-wave: "${n}"\n`;
    const opened = await open({
      'a.yaml': job(wave(7)),
      'b.yaml': job(wave(9)).replace('name: x', 'name: z').replace('spec: {}', 'spec: "{{ .Values.spec }}"'),
    });
    const change = renumberWaves(sourceOf(opened), { gap: 1, keepNegative: true });
    expect([change.edits.size, change.refused.map(({ name }) => name)]).toEqual([0, ['Job z']]);
  });
});

const HELM: Readonly<Record<string, string>> = { PreSync: 'pre-install', PostSync: 'post-install' };
const GROUPS: Readonly<Record<string, string>> = { Job: 'batch/v1', Deployment: 'apps/v1' };

/** Manifests that need one another, in several files, with waves here and there. */
const manifestArb = fc
  .record({
    kind: fc.constantFrom('ConfigMap', 'Job', 'Namespace', 'Deployment'),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    namespace: fc.constantFrom('', 'a', 'b'),
    hook: fc.constantFrom('', 'PreSync', 'PostSync', 'PreSync,PostSync', 'SyncFail'),
    helm: fc.boolean(),
    wave: fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined }),
    file: fc.constantFrom('one.yaml', 'two.yaml', 'three.yaml'),
  })
  .map(({ kind, name, namespace, hook, helm, wave, file }) => {
    const phase = helm ? HELM[hook] : undefined;
    const annotations = [
      ...(hook === '' ? [] : [phase ? `helm.sh/hook: ${phase}` : `argocd.argoproj.io/hook: ${hook}`]),
      ...(wave === undefined ? [] : [`${phase ? 'helm.sh/hook-weight' : 'argocd.argoproj.io/sync-wave'}: "${wave}"`]),
    ];
    const text = [
      `apiVersion: ${GROUPS[kind] ?? 'v1'}`,
      `kind: ${kind}`,
      'metadata:',
      `  name: ${name}`,
      ...(namespace === '' || kind === 'Namespace' ? [] : [`  namespace: ${namespace}`]),
      ...(annotations.length === 0 ? [] : ['  annotations:', ...annotations.map((line) => `    ${line}`)]),
    ].join('\n');
    return { file, text };
  });

const workspaceArb = fc.array(manifestArb, { minLength: 1, maxLength: 8 }).map((manifests) => {
  const texts: Record<string, string> = {};
  for (const { file, text } of manifests) {
    const before = texts[file];
    texts[file] = before === undefined ? `${text}\n` : `${before}---\n${text}\n`;
  }
  return texts;
});

const namesOf = (plan: ApplicationPlan): string[] => order(plan).map((line) => line.replace(/ -?\d+/, ''));

describe('whatever the manifests are', () => {
  test('numbering anew leaves the order of the tasks as it was', async () => {
    await fc.assert(
      fc.asyncProperty(workspaceArb, fc.constantFrom(1, 5, 10), fc.boolean(), async (texts, gap, keepNegative) => {
        const before = await open(texts);
        const change = renumberWaves(sourceOf(before), { gap, keepNegative });
        expect(change.refused).toEqual([]);
        const after = await open(edited(before, change));
        expect(namesOf(after.plan)).toEqual(namesOf(before.plan));
        // Waves that were the same are the same, and no others are.
        const groups = (plan: ApplicationPlan): number =>
          new Set(order(plan).map((line) => line.split(' ').slice(0, 2).join())).size;
        expect(groups(after.plan)).toBe(groups(before.plan));
        expect(renumberWaves(sourceOf(after), { gap, keepNegative }).edits.size).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test('what is moved runs in the wave that was asked for, or the refusal says why', async () => {
    await fc.assert(
      fc.asyncProperty(workspaceArb, fc.nat(), fc.integer({ min: -9, max: 9 }), async (texts, pick, wave) => {
        const before = await open(texts);
        const tasks = [...placesIn(before.plan.plans.sync), ...placesIn(before.plan.plans.syncFail)];
        const { task } = tasks[pick % tasks.length] ?? {};
        if (!task) return;
        const place = { file: task.file ?? '', line: task.line ?? 1 };
        const change = moveToWave(sourceOf(before), [place], wave);
        const after = await open(edited(before, change));
        const found = [...placesIn(after.plan.plans.sync), ...placesIn(after.plan.plans.syncFail)].filter(
          (one) => taskKey(one.task) === taskKey(task) && one.task.file === place.file && one.task.line === place.line,
        );
        if (change.refused.length === 0) expect(new Set(found.map((one) => one.wave.wave))).toEqual(new Set([wave]));
        else {
          expect([change.edits.size, change.refused[0]?.reason]).toEqual([0, expect.stringMatching(/which needs it/)]);
          expect(order(after.plan)).toEqual(order(before.plan));
        }
      }),
      { numRuns: 200 },
    );
  });
});
