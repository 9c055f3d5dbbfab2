import { hasFailed } from '#core/sync/results';
import { describe, expect, test } from 'vitest';
import type { ApplicationPlan, Gate, PlanTask, PlanWave } from '#core/plan/model';
import type { ApplicationSummary, PlanResult } from '#protocol';
import { badgeOf } from '../../client/src/vscode/plan/badge.ts';
import { markOf, markOfTask } from '../../client/src/vscode/plan/run-marks.ts';
import { nodeAt } from '../../client/src/vscode/plan/follow.ts';
import { applicationNode } from '../../client/src/vscode/plan/nodes.ts';
import type { ApplicationView, PlanNode } from '../../client/src/vscode/plan/node.ts';
import { afterEvent, isRunning, startOf, type RunState } from '../../client/src/vscode/sync/run-state.ts';
import type { RunEvent } from '../../client/src/sync/events.ts';
import type { ResourceStatus } from '../../client/src/sync/status-model.ts';
import { liveStatus, type LiveStatus } from '../../client/src/vscode/plan/live-marks.ts';

const OPEN: Gate = { waits: false, for: [], notWaitedFor: [], mayHang: [] };

function task(kind: string, name: string, more: Partial<PlanTask> = {}): PlanTask {
  const group = kind === 'Job' ? 'batch' : kind === 'Deployment' ? 'apps' : '';
  return {
    ...{ group, version: 'v1', kind, namespace: '', name, generateName: null, hook: [], deletePolicies: [] },
    ...{ wave: 0, declaredWave: 0, prune: false },
    phaseReason: { code: 'default', text: 'No hook annotation: a resource of the Sync phase.' },
    waveReason: { code: 'default', text: 'No sync-wave annotation: wave 0.' },
    ...more,
  };
}

const wave = (number: number, tasks: PlanTask[], gate: Gate = OPEN): PlanWave => ({
  wave: number,
  gate,
  batches: tasks.map((one) => ({ group: one.group, kind: one.kind, tasks: [one] })),
});

function plan(more: Partial<ApplicationPlan>, sync: ApplicationPlan['plans']['sync']['phases']): ApplicationPlan {
  return {
    name: 'shop',
    source: { kind: 'directory', path: 'apps/shop', reason: 'The manifests of one folder.' },
    namespace: 'shop',
    plans: { sync: { phases: sync }, syncFail: { phases: [] }, delete: { phases: [] } },
    skipped: [],
    problems: [],
    ...more,
  };
}

const summary: ApplicationSummary = {
  ...{ folder: 'file:///w', path: 'apps/shop', name: 'shop' },
  ...{ resources: 3, hooks: 1, leftOut: 0, problems: 0, ordered: true },
};

function view(result: ApplicationPlan, run?: RunState): ApplicationView {
  const whole: PlanResult = { application: summary, version: 1, plan: result };
  return { summary, result: whole, ...(run ? { run } : {}) };
}

/** The tree as text: one row a line, indented, label and description apart by two spaces. */
function draw(node: PlanNode, depth = 0): string {
  const icon = node.icon?.id ?? '';
  const own = `${'  '.repeat(depth)}[${icon}] ${node.label}  ${node.description}`;
  return [own, ...(node.children ?? []).map((child) => draw(child, depth + 1))].join('\n');
}

const JOB = task('Job', 'db-migration', {
  hook: ['PreSync'],
  deletePolicies: ['HookSucceeded'],
  wave: -1,
  file: 'apps/shop/migrate.yaml',
  line: 4,
});
const WEB = task('Deployment', 'web', { file: 'apps/shop/web.yaml', line: 1 });
const SERVICE = task('Service', 'web', { file: 'apps/shop/web.yaml', line: 20 });
const SLACK = task('Job', '', { generateName: 'slack-', hook: ['PostSync'], deletePolicies: ['HookSucceeded'] });

const SHOP = plan({}, [
  {
    phase: 'PreSync',
    waves: [wave(-1, [JOB], { ...OPEN, waits: true, for: [{ task: 'batch/Job//db-migration', until: 'completes' }] })],
  },
  {
    phase: 'Sync',
    waves: [
      wave(0, [SERVICE, WEB], {
        ...OPEN,
        waits: true,
        for: [{ task: 'apps/Deployment//web', until: 'healthy' }],
        mayHang: [{ task: 'apps/Deployment//web', reason: 'the Deployment is paused' }],
      }),
      wave(5, [task('ServiceMonitor', 'web', { group: 'monitoring.coreos.com' })]),
    ],
  },
  { phase: 'PostSync', waves: [wave(0, [SLACK], OPEN)] },
]);

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const here = (seconds: number): number => Date.UTC(2026, 0, 1) + seconds * 1000;

function run(events: readonly RunEvent[]): RunState {
  let state = startOf(summary, 'kind-dev');
  for (const event of events) state = afterEvent(state, event, Date.parse(event.time));
  return state;
}

const operation = (s: number, phase: 'Running' | 'Terminating', message: string): RunEvent => ({
  type: 'operation',
  time: at(s),
  phase,
  message,
});

type TaskEvent = Extract<RunEvent, { type: 'task' }>;
const told = (s: number, name: string, phase: TaskEvent['phase'], more: Partial<TaskEvent>): RunEvent => ({
  ...{ type: 'task', time: at(s), task: name, phase, wave: 0, status: '', hookPhase: '', message: '' },
  ...more,
});

const result = (s: number, phase: 'Succeeded' | 'Failed', message: string, left: readonly string[]): RunEvent => ({
  type: 'result',
  time: at(s),
  operation: { phase, message, startedAt: at(0), finishedAt: at(s) },
  results: [],
  left,
  criticalPath: { seconds: 0, tasks: [] },
  waited: { seconds: 0 },
});

test('a namespace that the sync would have made is there already, once something was applied without it', () => {
  const namespace = task('Namespace', 'shop');
  const begun = run([operation(0, 'Running', '')]);
  expect(markOfTask(begun, 'PreSync', namespace, undefined, 0).state).toBe('waiting');
  const applied = run([operation(0, 'Running', ''), told(1, 'batch/Job//migrate', 'PreSync', { status: 'Synced' })]);
  expect(markOfTask(applied, 'PreSync', namespace, undefined, 0)).toMatchObject({
    state: 'done',
    text: 'there already',
  });
  // One that the application brings along is applied as any other resource.
  const own = { ...namespace, file: 'namespace.yaml' };
  expect(markOfTask(applied, 'PreSync', own, undefined, 0).state).toBe('waiting');
});

test('a task whose apply was refused has failed, though no hook says so', () => {
  const refused = told(3, '/Service//web', 'Sync', { status: 'SyncFailed', message: 'denied' });
  const state = [operation(0, 'Running', ''), refused].reduce(
    (before, event) => afterEvent(before, event, Date.parse(event.time)),
    startOf(summary, 'kind-dev'),
  );
  const [run] = [...state.tasks.values()];
  expect(run && [hasFailed(run), isRunning(run), run.finishedAt !== undefined]).toEqual([true, false, true]);
  expect(markOf(state, 'Sync', run, 0)).toMatchObject({ state: 'failed', text: 'failed after 0:00 · denied' });
});

describe('the tree of a plan', () => {
  test('shows phases, waves with what they wait for, and what becomes of each task', () => {
    expect(draw(applicationNode(view(SHOP), { open: true, here: 0 }))).toMatchInlineSnapshot(`
      "[layers] shop  apps/shop · 3 resources · 1 problem
        [milestone] PreSync  1 hook
          [watch] wave −1  waits for Job db-migration to complete
            [gear] db-migration  ⚓ Job · deleted when the sync succeeds
        [milestone] Sync  3 resources
          [warning] wave 0  waits for Deployment web to be healthy · can wait for ever
            [plug] web  Service
            [warning] web  Deployment · ⚠ can wait for ever
          [circle-large-outline] wave 5  does not wait
            [symbol-misc] web  ServiceMonitor · monitoring.coreos.com
        [milestone] PostSync  1 hook · does not wait
          [gear] slack-…  ⚓ Job · new name every sync · deleted when the sync succeeds"
    `);
  });

  test('a phase with wave 0 alone shows no level for it', () => {
    const flat = plan({}, [{ phase: 'Sync', waves: [wave(0, [WEB])] }]);
    expect(draw(applicationNode(view(flat), { open: true, here: 0 }))).toMatchInlineSnapshot(`
      "[layers] shop  apps/shop · 3 resources
        [milestone] Sync  1 resource · does not wait
          [server-process] web  Deployment"
    `);
  });

  test('says what is left out and what was not read', () => {
    const odd = plan(
      {
        skipped: [
          {
            ...{ file: 'seed.yaml', line: 6, group: 'batch', kind: 'Job', name: 'seed' },
            reason: { code: 'unknown-hook', text: '"presync" is no phase of Argo CD' },
          },
        ],
        problems: [{ file: 'broken.yaml', line: 2, message: 'This document is no YAML.' }],
      },
      [],
    );
    const counted = { ...view(odd), summary: { ...summary, leftOut: 1, problems: 2 } };
    expect(draw(applicationNode(counted, { open: true, here: 0 }))).toMatchInlineSnapshot(`
      "[layers] shop  apps/shop · 3 resources · 1 left out · 2 problems
        [eye-closed] Left out  1 manifest that Argo CD does not apply
          [warning] seed  Job · "presync" is no phase of Argo CD
        [warning] Not read  1 place that the plan does not know
          [warning] broken.yaml  line 2 · This document is no YAML."
    `);
  });

  test('tells in the tooltip of what was not rendered how its tool is installed', () => {
    const help = { title: 'How to install Helm', url: 'https://helm.sh/docs/intro/install/' };
    const odd = plan({ problems: [{ file: 'shop/Chart.yaml', line: 1, message: 'There is no helm_3.', help }] }, []);
    const [left] = applicationNode(view(odd), { open: true, here: 0 }).children ?? [];
    expect(left?.children?.[0]?.tooltip).toBe(
      'There is no helm\\_3.\n\n[How to install Helm](https://helm.sh/docs/intro/install/)',
    );
  });

  test('an application that was not opened has no children yet', () => {
    expect(applicationNode({ summary }, { open: false, here: 0 })).toMatchObject({
      children: undefined,
      fold: 'closed',
    });
  });

  test('an application says in which of several roots it lies', () => {
    const rootName = (): string => 'blue';
    const drawing = { open: false, here: 0, rootName };
    expect(applicationNode(view(SHOP), drawing).description).toMatch(/^blue • /);
    expect(applicationNode(view(SHOP, run([])), drawing).description).toMatch(/^blue · /);
  });

  test('an application whose manifests come from a chart of a registry says which', () => {
    const chart = 'chart ingress-nginx 4.11.x from https://charts.example.com';
    const node = applicationNode({ summary: { ...summary, chart } }, { open: false, here: 0 });
    expect(node.icon?.id).toBe('package');
    expect(node.description).toBe(`${chart} · 3 resources`);
    expect(node.tooltip).toBe(`**shop** · \`${chart}\``);
  });

  test('ids are unique and stay when the plan is made anew', () => {
    const ids = (node: PlanNode): string[] => [node.id, ...(node.children ?? []).flatMap(ids)];
    const first = ids(applicationNode(view(SHOP), { open: true, here: 0 }));
    expect(new Set(first).size).toBe(first.length);
    expect(ids(applicationNode(view(structuredClone(SHOP)), { open: true, here: 99 }))).toEqual(first);
  });

  test('the tooltip holds the reasons, the gate and the policy in words', () => {
    const phase = applicationNode(view(SHOP), { open: true, here: 0 }).children?.[0];
    expect(phase?.children?.[0]?.children?.[0]?.tooltip).toMatchInlineSnapshot(`
      "**Job db-migration**

      **PreSync**: No hook annotation: a resource of the Sync phase.

      **wave −1**: No sync-wave annotation: wave 0.

      The next wave waits until it completes.

      **HookSucceeded** deletes the hook when the whole sync has succeeded.

      $(file) \`apps/shop/migrate.yaml\`, line 4"
    `);
  });
});

describe('the tree while a sync runs', () => {
  const begun = [
    operation(0, 'Running', 'waiting for completion of hook batch/Job/db-migration'),
    told(1, 'batch/Job/shop/db-migration', 'PreSync', { wave: -1, status: 'Synced', hookPhase: 'Running' }),
  ];

  test('running tasks show their time, the others wait', () => {
    expect(draw(applicationNode(view(SHOP, run(begun)), { open: true, here: here(43) }))).toMatchInlineSnapshot(`
      "[sync~spin] shop  kind-dev · running 0:43 · waiting for Job db-migration since 42 s
        [loading~spin] PreSync  1 hook
          [loading~spin] wave −1  0:42 · waits for Job db-migration to complete
            [loading~spin] db-migration  ⚓ Job · running 0:42
        [milestone] Sync  3 resources
          [warning] wave 0  waits for Deployment web to be healthy · can wait for ever
            [circle-outline] web  Service
            [circle-outline] web  Deployment · ⚠ can wait for ever
          [circle-large-outline] wave 5  does not wait
            [circle-outline] web  ServiceMonitor · monitoring.coreos.com
        [milestone] PostSync  1 hook · does not wait
          [circle-outline] slack-…  ⚓ Job · new name every sync · deleted when the sync succeeds"
    `);
  });

  test('the badge tells of syncs that run, and otherwise of problems', () => {
    expect(badgeOf([run(begun)], 3)).toEqual({
      value: 1,
      tooltip: 'shop is being synced (kind-dev): waits for 1 resource',
    });
    const two = [...begun, told(2, 'batch/Job/shop/seed', 'PreSync', { status: 'Synced', hookPhase: 'Running' })];
    expect(badgeOf([run(two), run([])], 3)?.value).toBe(2);
    expect(badgeOf([run([operation(0, 'Running', '')])], 3)).toEqual({
      value: 1,
      tooltip: 'shop is being synced (kind-dev)',
    });
    expect(badgeOf([run([])], 3)).toEqual({ value: 3, tooltip: '3 problems in the plans of this workspace' });
    expect(badgeOf([], 0)).toBeUndefined();
  });

  test('what a task waits for, why it does not go on, and what to do', () => {
    const waiting: RunEvent = {
      type: 'waiting',
      time: at(12),
      task: 'batch/Job/shop/db-migration',
      phase: 'PreSync',
      wave: -1,
      since: at(1),
      progress: '0 of 1 pods finished',
      reasons: ['Pod db-migration-x: not scheduled: 0/3 nodes are available'],
      advice: ['No node takes the pod: make room.'],
    };
    const root = applicationNode(view(SHOP, run([...begun, waiting])), { open: true, here: here(13) });
    expect(root.description).toBe(
      'kind-dev · running 0:13 · waiting for Job db-migration since 12 s: 0 of 1 pods finished; Pod db-migration-x: not scheduled: 0/3 nodes are available',
    );
    const task = root.children?.[0]?.children?.[0]?.children?.[0];
    expect(task?.description).toBe(
      '⚓ Job · running 0:12 · 0 of 1 pods finished · ⚠ Pod db-migration-x: not scheduled: 0/3 nodes are available',
    );
    expect(task?.tooltip).toContain('$(lightbulb) No node takes the pod: make room.');
  });

  test('a finished sync shows times, what was deleted, and what is left', () => {
    const events: RunEvent[] = [
      ...begun,
      told(16, 'batch/Job/shop/db-migration', 'PreSync', { wave: -1, status: 'Synced', hookPhase: 'Succeeded' }),
      told(17, 'apps/Deployment/shop/web', 'Sync', { status: 'Synced', hookPhase: 'Running' }),
      told(19, 'apps/Deployment/shop/web', 'Sync', { status: 'Synced', hookPhase: 'Succeeded' }),
      told(19, '/Service/shop/web', 'Sync', { status: 'Synced', hookPhase: 'Succeeded' }),
      told(19, 'monitoring.coreos.com/ServiceMonitor/shop/web', 'Sync', {
        wave: 5,
        status: 'Synced',
        hookPhase: 'Running',
      }),
      told(20, 'batch/Job/shop/slack-1a2b3c4-postsync-1767225600', 'PostSync', {
        status: 'Synced',
        hookPhase: 'Running',
      }),
      told(22, 'batch/Job/shop/slack-1a2b3c4-postsync-1767225600', 'PostSync', {
        status: 'Synced',
        hookPhase: 'Succeeded',
      }),
      { type: 'write', time: at(22), verb: 'delete', object: 'batch/Job/shop/db-migration', dryRun: false },
      result(23, 'Succeeded', 'successfully synced (all tasks run)', ['apps/Deployment/shop/web', '/Service/shop/web']),
    ];
    expect(draw(applicationNode(view(SHOP, run(events)), { open: true, here: here(99) }))).toMatchInlineSnapshot(`
      "[pass] shop  kind-dev · succeeded in 0:23
        [pass] PreSync  1 hook
          [pass] wave −1  0:15 · waits for Job db-migration to complete
            [trash] db-migration  ⚓ Job · done in 0:15 · deleted
        [pass] Sync  3 resources
          [pass] wave 0  0:02 · waits for Deployment web to be healthy · can wait for ever
            [pass] web  Service · done
            [pass] web  Deployment · done in 0:02
          [pass] wave 5  does not wait
            [pass] web  ServiceMonitor · applied
        [pass] PostSync  1 hook · 0:02 · does not wait
          [pass] slack-…  ⚓ Job · done in 0:02
        [server] Left in the cluster  2 objects
          [server-process] Deployment web  shop
          [plug] Service web  shop"
    `);
  });

  test('a failed hook shows its message, and what was not reached', () => {
    const events: RunEvent[] = [
      ...begun,
      told(9, 'batch/Job/shop/db-migration', 'PreSync', {
        ...{ wave: -1, status: 'Synced', hookPhase: 'Failed', message: 'Job has reached the specified backoff limit' },
      }),
      result(9, 'Failed', 'one or more synchronization tasks completed unsuccessfully', [
        'batch/Job/shop/db-migration',
      ]),
    ];
    expect(draw(applicationNode(view(SHOP, run(events)), { open: true, here: here(99) }))).toMatchInlineSnapshot(`
      "[error] shop  kind-dev · failed · one or more synchronization tasks completed unsuccessfully
        [error] PreSync  1 hook
          [error] wave −1  0:08 · waits for Job db-migration to complete
            [error] db-migration  ⚓ Job · failed after 0:08 · Job has reached the specified backoff limit
        [circle-slash] Sync  3 resources
          [circle-slash] wave 0  waits for Deployment web to be healthy · can wait for ever
            [circle-slash] web  Service · not reached
            [circle-slash] web  Deployment · not reached
          [circle-slash] wave 5  does not wait
            [circle-slash] web  ServiceMonitor · not reached
        [circle-slash] PostSync  1 hook · does not wait
          [circle-slash] slack-…  ⚓ Job · not reached
        [server] Left in the cluster  1 object
          [gear] Job db-migration  shop"
    `);
  });

  test('a hook is deleted by a policy also where the word of its end comes after the delete', () => {
    const slack = 'batch/Job/shop/slack-1a2b3c4-postsync-1';
    const state = run([
      operation(0, 'Running', ''),
      told(1, slack, 'PostSync', { status: 'Synced', hookPhase: 'Running' }),
      { type: 'write', time: at(3), verb: 'delete', object: slack, dryRun: false },
      told(3, slack, 'PostSync', { status: 'Synced', hookPhase: 'Succeeded' }),
    ]);
    expect([...state.tasks.values()]).toMatchObject([{ hookPhase: 'Succeeded', deleted: true }]);
  });

  test('a delete before the hook is created anew does not count as deleted by a policy', () => {
    const events: RunEvent[] = [
      operation(0, 'Running', ''),
      told(0, 'batch/Job/shop/db-migration', 'PreSync', {}),
      { type: 'write', time: at(1), verb: 'delete', object: 'batch/Job/shop/db-migration', dryRun: false },
      { type: 'write', time: at(2), verb: 'create', object: 'batch/Job/shop/db-migration', dryRun: false },
      told(2, 'batch/Job/shop/db-migration', 'PreSync', { status: 'Synced', hookPhase: 'Running' }),
      told(7, 'batch/Job/shop/db-migration', 'PreSync', { status: 'Synced', hookPhase: 'Succeeded' }),
    ];
    expect([...run(events).tasks.values()]).toMatchObject([
      { deleted: false, startedAt: here(2), finishedAt: here(7) },
    ]);
  });

  test('a simulation that runs ten times as fast shows its own time', () => {
    const state = afterEvent(startOf(summary, 'simulation'), operation(0, 'Running', ''), here(1000), 10);
    const shown = afterEvent(
      state,
      told(0, 'batch/Job/shop/db-migration', 'PreSync', { status: 'Synced', hookPhase: 'Running' }),
      here(1000),
      10,
    );
    expect(draw(applicationNode(view(SHOP, shown), { open: true, here: here(1003) }))).toContain('running 0:30');
  });
});

describe('the row of a place in a file', () => {
  const roots = [applicationNode(view(SHOP), { open: true, here: 0 })];
  test.each([
    ['apps/shop/web.yaml', 1, 'Deployment'],
    ['apps/shop/web.yaml', 19, 'Deployment'],
    ['apps/shop/web.yaml', 20, 'Service'],
    ['apps/shop/web.yaml', 400, 'Service'],
    ['apps/shop/migrate.yaml', 5, '⚓ Job · deleted when the sync succeeds'],
  ])('%s:%i', (file, line, description) => {
    expect(nodeAt(roots, 'file:///w', file, line)?.description).toContain(description);
  });

  test('nothing above the first manifest, and nothing of another folder', () => {
    expect(nodeAt(roots, 'file:///w', 'apps/shop/migrate.yaml', 3)).toBeUndefined();
    expect(nodeAt(roots, 'file:///other', 'apps/shop/web.yaml', 3)).toBeUndefined();
  });
});

describe('the tree beside the live objects', () => {
  const live = (resources: readonly Partial<ResourceStatus>[]): LiveStatus =>
    liveStatus(
      {
        application: 'shop',
        cluster: {
          kind: 'kubernetes',
          context: 'kind-dev',
          server: '',
          namespace: '',
          user: '',
          origin: '',
          version: '',
        },
        namespace: 'shop',
        revision: 'HEAD',
        sync: 'OutOfSync',
        health: 'Degraded',
        notes: ['alice may not list secrets'],
        resources: resources.map((one) => ({
          ...{ task: '', phase: 'Sync' as const, wave: 0, hook: false, sync: 'Synced' as const },
          ...{ health: '' as const, healthMessage: '', note: '', diff: [], ...one },
        })),
      },
      0,
    );

  test('says of each resource how it stands, and names what is in the cluster alone', () => {
    const status = live([
      {
        task: 'batch/Job/shop/db-migration',
        phase: 'PreSync',
        wave: -1,
        hook: true,
        sync: '',
        note: 'not there',
      },
      {
        task: 'apps/Deployment/shop/web',
        sync: 'OutOfSync',
        health: 'Degraded',
        healthMessage: 'Deployment "web" exceeded its progress deadline',
        diff: ['- spec.replicas: 1', '+ spec.replicas: 3'],
        texts: { before: 'a', after: 'b' },
      },
      { task: '/Service/shop/web', sync: 'Missing', health: 'Missing' },
      { task: '/ConfigMap/shop/old', sync: 'Extra' },
    ]);
    const root = applicationNode({ ...view(SHOP), live: status }, { open: true, here: 0 });
    const all = draw(root)
      .split('\n')
      .map((line) => line.trim());
    expect(all[0]).toBe('[error] shop  OutOfSync · Degraded · kind-dev');
    expect(root.tooltip).toContain('Live status in context kind-dev');
    expect(root.tooltip).toContain('$(warning) alice may not list secrets');
    expect(all).toContain('[circle-large-outline] db-migration  ⚓ Job · not there');
    expect(all).toContain('[circle-slash] web  Service · Missing');
    expect(all).toContain(
      '[error] web  Deployment · OutOfSync · Degraded · Deployment "web" exceeded its progress deadline · ⚠ can wait for ever',
    );
    expect(all).toContain('[server] In the cluster alone  1 object that no manifest has any more');
    const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.children ?? []).flatMap(nodes)];
    const web = nodes(root).find(({ trait }) => trait === 'differs');
    expect(web?.label).toBe('web');
    expect(web?.tooltip).toContain('```diff\n- spec.replicas: 1\n+ spec.replicas: 3\n```');
  });

  test('it holds while a run asks for a yes', () => {
    const asking = { ...run([]), stage: 'confirming' as const };
    const root = applicationNode(
      { ...view(SHOP, asking), live: live([{ task: '/Service/shop/web', sync: 'Missing', health: 'Missing' }]) },
      { open: true, here: 0 },
    );
    const drawn = draw(root);
    expect(drawn).toContain('[circle-slash] web  Service · Missing');
    expect(drawn.split('\n')[0]).toContain('waiting for your confirmation');
  });

  test('a run takes its place', () => {
    const root = applicationNode(
      { ...view(SHOP, { ...run([]), stage: 'running' as const }), live: live([{ task: '/Service/shop/web' }]) },
      { open: true, here: 0 },
    );
    expect(draw(root)).not.toContain('Synced');
  });
});
