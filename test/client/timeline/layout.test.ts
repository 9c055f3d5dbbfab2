import { describe, expect, test } from 'vitest';
import { FOLDS_OVER } from '../../../client/src/timeline/bars.ts';
import type { Picture, PictureBar } from '../../../client/src/timeline/layout.ts';
import type { Timeline, TimelineTask } from '../../../client/src/timeline/model.ts';
import type { RunState } from '../../../client/src/vscode/sync/run-state.ts';
import { START } from '../simulated.ts';
import { drawn, picture, planOf, SHOP, statesOf } from './shop.ts';

/** What stands beside a bar, and how it is drawn: `[==///] db-migration 12 s *`, `*` where it is critical. */
function barText(bar: PictureBar): string {
  const drawing = bar.flat
    ? ''
    : `${'='.repeat(Math.ceil(bar.width / 20))}${'/'.repeat(Math.ceil(bar.restWidth / 20))}`;
  const words = [`[${drawing}]`, bar.name, bar.kind, bar.time, bar.state, bar.critical ? '*' : ''];
  return words.filter((word) => word !== '').join(' ');
}

/** The picture as text: lanes, their columns, their bars, their gates. */
function sketch({ lanes, columns, bars, gates }: Picture): string[] {
  return lanes.flatMap(({ lane }, at) => [
    lane.title,
    ...columns.flatMap((column, index) =>
      column.lane === at
        ? [
            `  ${[column.title, column.time].filter((text) => text !== '').join(' ')}`,
            ...bars.filter((bar) => bar.column === index).map((bar) => `    ${barText(bar)}`),
            `    | ${gates[index]?.view.state ?? ''}: ${gates[index]?.view.text ?? ''}`,
          ]
        : [],
    ),
  ]);
}

const plan = planOf(SHOP);
const rules = [
  { name: 'db-backup', after: 10_000 },
  { name: 'db-migration', after: 40_000 },
  { name: 'database', after: 20_000 },
];

/** The run as it stood so many milliseconds after its start. */
const at = (states: readonly RunState[], ms: number): RunState | undefined =>
  states.filter(({ clock }) => clock !== undefined && clock.cluster <= START + ms).at(-1);

describe('the timeline of an application', () => {
  test('before a run its phases, waves and gates, with durations as a simulation assumes them', () => {
    expect(sketch(picture(drawn(plan)))).toMatchInlineSnapshot(`
      [
        "PreSync",
        "  wave −2 ≈ 2 s",
        "    [///////] db-backup ≈ 2 s planned *",
        "    | planned: waits for Job db-backup to complete",
        "  wave −1 ≈ 2 s",
        "    [///////] db-migrati… ≈ 2 s planned *",
        "    [///////] db-verify ≈ 2 s planned",
        "    | planned: waits for 2 to complete",
        "Sync",
        "  wave 0 ≈ 1 s",
        "    [] tokens Secret planned",
        "    [] settings Config… planned",
        "    [] web Service planned",
        "    [////] database ≈ 1 s planned *",
        "    | planned: waits for 2 to be healthy",
        "  wave 5 ≈ 1 s",
        "    [////] web Deploy… ≈ 1 s planned *",
        "    [////] worker-wi… ≈ 1 s planned",
        "    | planned: waits for 2 to be healthy",
        "  wave 10",
        "    [] feature-flags planned",
        "    | none: does not wait",
        "PostSync",
        "  wave 0 ≈ 2 s",
        "    [///////] smoke-test ≈ 2 s planned *",
        "    | planned: waits for Job smoke-test to complete",
        "  wave 1 ≈ 2 s",
        "    [///////] notify-sla… ≈ 2 s planned *",
        "    | planned: waits for Job notify-slack to complete",
        "SyncFail (if it fails)",
        "  wave 0 ≈ 2 s",
        "    [///////] page-on-ca… ≈ 2 s planned",
        "    | planned: waits for Job page-on-call to complete",
      ]
    `);
  });

  test('before a run after another one: the durations of that one', () => {
    const known = { 'PreSync batch/Job/shop/db-migration': { ms: 60_000, from: 'sync' as const } };
    const { bars } = picture(drawn(plan, undefined, known));
    const [migration] = bars.filter(({ name }) => name === 'db-migration');
    const [verify] = bars.filter(({ name }) => name === 'db-verify');
    expect(migration?.time).toBe('≈ 1 min');
    expect((migration?.restWidth ?? 0) / (verify?.restWidth ?? 0)).toBeGreaterThan(10);
    expect([migration?.critical, verify?.critical]).toEqual([true, false]);
  });

  test('while it runs bars grow, and what comes is expected', async () => {
    const states = await statesOf(SHOP, { rules });
    const state = at(states, 30_000);
    const timeline = drawn(plan, state, {}, START + 30_000);
    expect(sketch(picture(timeline, { now: START + 30_000 }))).toMatchInlineSnapshot(`
      [
        "PreSync",
        "  wave −2 10 s",
        "    [======] db-backup 10 s done *",
        "    | open: waited 10 s for Job db-backup",
        "  wave −1 20 s",
        "    [============] db-migration ⚓ Job 20 s running *",
        "    [==] db-verify ⚓ Job 2 s done",
        "    | closed: waiting for Job db-migration since 20 s",
        "Sync",
        "  wave 0 ≈ 1 s",
        "    [] tokens Secret waiting",
        "    [] settings Config… waiting",
        "    [] web Service waiting",
        "    [/] database ≈ 1 s waiting *",
        "    | planned: waits for 2 to be healthy",
        "  wave 5 ≈ 1 s",
        "    [/] web Deploy… ≈ 1 s waiting *",
        "    [/] worker-wi… ≈ 1 s waiting",
        "    | planned: waits for 2 to be healthy",
        "  wave 10",
        "    [] feature-flags waiting",
        "    | none: does not wait",
        "PostSync",
        "  wave 0 ≈ 2 s",
        "    [//] smoke-test ≈ 2 s waiting *",
        "    | planned: waits for Job smoke-test to complete",
        "  wave 1 ≈ 2 s",
        "    [//] notify-sl… ≈ 2 s waiting *",
        "    | planned: waits for Job notify-slack to complete",
        "SyncFail (if it fails)",
        "  wave 0 ≈ 2 s",
        "    [//] page-on-c… ≈ 2 s waiting",
        "    | planned: waits for Job page-on-call to complete",
      ]
    `);
    const widthOf = (now: number): number =>
      picture(timeline, { now: START + now }).bars.find(({ name }) => name === 'db-migration')?.times.length ?? 0;
    expect(widthOf(34_000) - widthOf(30_000)).toBe(4000);
  });

  test('after a failure it says what was not reached, and what SyncFail did', async () => {
    const failing = [...rules, { name: 'db-migration', outcome: 'fail' as const }];
    const states = await statesOf(SHOP, { rules: failing });
    expect(sketch(picture(drawn(plan, states.at(-1))))).toMatchInlineSnapshot(`
      [
        "PreSync",
        "  wave −2 10 s",
        "    [=] db-backup 10 s done *",
        "    | open: waited 10 s for Job db-backup",
        "  wave −1 15 min 10 s",
        "    [===============] db-migration ⚓ Job 15 min 10 s failed *",
        "    [=] db-verify ⚓ Job 2 s done",
        "    | shut: did not open: Job db-migration failed",
        "Sync",
        "  wave 0",
        "    [] tokens Secret not reached",
        "    [] settings Conf… not reached",
        "    [] web Service not reached",
        "    [/] database Stat… not reached",
        "    | planned: waits for 2 to be healthy",
        "  wave 5",
        "    [/] web Deployment not reached",
        "    [/] worker-with-a-r… not reached",
        "    | planned: waits for 2 to be healthy",
        "  wave 10",
        "    [] feature-flags not reached",
        "    | none: does not wait",
        "PostSync",
        "  wave 0",
        "    [/] smoke-test not reached",
        "    | planned: waits for Job smoke-test to complete",
        "  wave 1",
        "    [/] notify-slack not reached",
        "    | planned: waits for Job notify-slack to complete",
        "SyncFail (if it fails)",
        "  wave 0 2 s",
        "    [=] page-on-call 2 s done *",
        "    | open: waited 2 s for Job page-on-call",
      ]
    `);
  });

  test('once something failed, only what runs after a failure is expected any more', async () => {
    const failing = [...rules, { name: 'db-migration', outcome: 'fail' as const }];
    const states = await statesOf(SHOP, { rules: failing });
    const state = states.find(({ tasks }) => [...tasks.values()].some(({ hookPhase }) => hookPhase === 'Failed'));
    const { bars } = picture(drawn(plan, state), { now: state?.clock?.cluster ?? 0 });
    expect(bars.filter(({ critical }) => critical).map(({ id, state: now }) => `${id} ${now}`)).toEqual([
      'PreSync batch/Job/shop/db-backup done',
      'PreSync batch/Job/shop/db-migration failed',
      'SyncFail batch/Job/shop/page-on-call waiting',
    ]);
  });

  test('after a success the critical path is the one that the runner has measured, as long as its bars', async () => {
    const states = await statesOf(SHOP, { rules });
    const { bars, critical } = picture(drawn(plan, states.at(-1)));
    const onPath = bars.filter((bar) => bar.critical);
    expect(onPath.map(({ name }) => name)).toEqual([
      ...['db-backup', 'db-migration', 'database', 'web', 'smoke-test', 'notify-slack'],
    ]);
    expect(critical.estimated).toBe(false);
    expect(critical.ms).toBe(onPath.reduce((sum, { times }) => sum + times.length, 0));
  });
});

describe('large applications', () => {
  const many = (count: number, waves: number): Timeline =>
    drawn(
      planOf(
        Array.from({ length: count }, (_, i) =>
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: `c${i}`, annotations: { 'argocd.argoproj.io/sync-wave': String(i % waves) } },
          }),
        ).join('\n---\n'),
      ),
    );

  test('a wave with more tasks than anybody reads is one bar, until it is unfolded', () => {
    const timeline = many(FOLDS_OVER + 1, 1);
    expect(picture(timeline).bars.map(({ name }) => name)).toEqual([`${FOLDS_OVER + 1} resources`]);
    expect(picture(timeline, { unfolded: ['Sync 0'] }).bars).toHaveLength(FOLDS_OVER + 1);
  });

  test('of a folded wave what failed is drawn by itself', () => {
    const timeline = many(100, 1);
    const [lane] = timeline.lanes;
    const [column] = lane?.columns ?? [];
    if (!lane || !column) throw new Error('no column');
    const tasks = column.tasks.map((task, i): TimelineTask =>
      i === 70 ? { ...task, progress: { state: 'failed', startedAt: 0, finishedAt: 5, message: 'denied' } } : task,
    );
    const failed = { ...timeline, lanes: [{ ...lane, columns: [{ ...column, tasks }] }] };
    expect(picture(failed).bars.map(({ name, state }) => `${name} ${state}`)).toEqual([
      `${tasks[70]?.name ?? ''} failed`,
      '99 resources planned',
    ]);
  });

  test('5,000 tasks in 20 waves are 20 bars, in 2,500 waves never more than 120 columns', () => {
    expect(picture(many(5000, 20)).bars).toHaveLength(20);
    const { columns, bars } = picture(many(5000, 2500));
    expect(columns.length).toBeLessThanOrEqual(120);
    expect(columns[0]?.title).toBe('waves 0 to 20');
    expect(bars.reduce((sum, { times }) => sum + times.tasks.length, 0)).toBe(5000);
  });
});

test('a long time takes nothing away from a name, and does not run into the name of its wave', () => {
  const jobs = Array.from({ length: 20 }, (_, i) =>
    [
      'apiVersion: batch/v1\nkind: Job',
      `metadata: { name: ok-${i}, namespace: shop, annotations: { argocd.argoproj.io/sync-wave: "${i}" } }`,
      'spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: busybox }] } } }\n---\n',
    ].join('\n'),
  );
  const plan = planOf(jobs.join(''));
  const ids = drawn(plan).lanes.flatMap(({ columns }) => columns.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
  const known = Object.fromEntries(ids.map((id) => [id, { ms: 754_000, from: 'sync' as const }]));
  const { bars, columns } = picture(drawn(plan, undefined, known), { width: 1200 });
  expect(new Set(bars.map(({ name, time }) => `${name.replace(/\d+/, 'N')} ${time}`))).toEqual(
    new Set(['ok-N ≈ 12 min 34 s']),
  );
  const widths = columns.map(({ title, time, width }) => width - (title.length + time.length) * 6 - 24);
  expect(Math.min(...widths)).toBeGreaterThan(0);
});
