import { expect, test } from 'vitest';
import { planApplication } from '../../server/src/core/plan/plan.ts';
import { runSync } from '../../client/src/sync/runner.ts';
import { applicationNode } from '../../client/src/vscode/plan/nodes.ts';
import type { PlanNode } from '../../client/src/vscode/plan/node.ts';
import { afterEvent, startOf, type RunState } from '../../client/src/vscode/sync/run-state.ts';
import { timelineOf } from '../../client/src/vscode/timeline/facts.ts';
import { objects, sync, world, type SyncOptions } from './simulated.ts';

const hook = (name: string, phase: string, policy = 'BeforeHookCreation') => `
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: {argocd.argoproj.io/hook: ${phase}, argocd.argoproj.io/hook-delete-policy: ${policy}}
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
---`;
const configMap = (name: string, key: string, value: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, annotations: {${key}: '${value}'}}
---`;
const SHOP = [
  hook('migrate', 'PreSync', 'HookSucceeded'),
  hook('seed', 'PreSync'),
  configMap('late', 'argocd.argoproj.io/sync-wave', '3'),
  configMap('kept', 'argocd.argoproj.io/sync-options', 'Delete=false'),
  configMap('base', 'team', 'shop'),
  hook('backup', 'PreDelete'),
  hook('bye', 'PostDelete', 'HookSucceeded'),
].join('\n');

const plan = planApplication({
  ...{ name: 'shop', namespace: 'shop', source: { kind: 'directory', path: 'shop', reason: '' } },
  objects: objects(SHOP).map((object, i) => ({ object, file: 'shop/all.yaml', line: i * 10 + 1 })),
});
const summary = {
  ...{ folder: 'file:///w', path: 'shop', name: 'shop', resources: 4, hooks: 4, leftOut: 0, problems: 0 },
  ordered: true,
};

/** Every state of a deletion in the simulation, of what a sync has left there, and of one object that no manifest has. */
async function statesOf(options: SyncOptions = {}): Promise<RunState[]> {
  const place = world();
  const states = [startOf(summary, 'simulation', true)];
  await sync(place, [...objects(SHOP), ...objects(configMap('stray', 'argocd.argoproj.io/sync-wave', '3'))]);
  await sync(place, objects(SHOP), {
    run: (request, ports) => runSync({ ...request, deletion: { cascade: true, propagation: 'Foreground' } }, ports),
    ...options,
    onEvent: (event) => states.push(afterEvent(states.at(-1) as RunState, event, Date.parse(event.time))),
  });
  return states;
}

const lines = ({ label, description, children = [], icon }: PlanNode, depth = 0): string[] => [
  `${'  '.repeat(depth)}${label} | ${description} | ${icon?.id ?? ''}`,
  ...children.flatMap((child) => lines(child, depth + 1)),
];
const treeOf = (run: RunState): string[] =>
  lines(
    applicationNode(
      { summary, result: { plan, version: 1 } as never, run },
      { open: true, here: run.clock?.here ?? 0 },
    ),
  );

const columnsOf = (run: RunState | undefined, deletion?: boolean): string[] =>
  timelineOf({ plan, where: '', run, known: {}, here: run?.clock?.here ?? 0, deletion }).timeline.lanes.flatMap(
    ({ phase, columns }) =>
      columns.map(
        ({ wave, tasks, gate }) =>
          `${phase} ${wave}: ${tasks.map(({ name, progress }) => `${name} ${progress.state}`).join(', ')} | ${gate.text}`,
      ),
  );

test('a planned deletion has what a sync leaves, from the highest wave to the lowest, between its hooks', () => {
  expect(columnsOf(undefined, true)).toEqual([
    'PreDelete 0: backup planned | waits for Job backup to complete',
    'Delete 3: late planned | waits for ConfigMap late to be gone',
    'Delete 0: base planned, kept planned, backup planned, seed planned | waits for 3 to be gone',
    'PostDelete 0: bye planned | waits for Job bye to complete',
  ]);
  expect(columnsOf(undefined)[0]).toMatch(/^PreSync 0: migrate planned, seed planned/);
});

test('a deletion that runs is what the plan and the timeline show', async () => {
  const states = await statesOf();
  const running = states.find(({ tasks }) => tasks.get('PreDelete batch/Job/shop/backup')?.hookPhase === 'Running');
  if (!running) throw new Error('the hook never runs');
  expect(treeOf(running)).toEqual([
    expect.stringMatching(/^shop \| simulation · running .* · .*backup/),
    expect.stringMatching(/^ {2}PreDelete \| 1 hook.* \| loading~spin$/),
    expect.stringMatching(/^ {4}backup \| ⚓ Job · running 0:00.* \| loading~spin$/),
    expect.stringMatching(/^ {2}Delete \(highest wave first\) \| 2 hooks · 4 resources/),
    expect.stringMatching(/^ {4}wave 3 \| waits for 2 to be gone/),
    '      late | ConfigMap | circle-outline',
    '      stray | ConfigMap | circle-outline',
    expect.stringMatching(/^ {4}wave 0 \| waits for 3 to be gone/),
    '      base | ConfigMap | circle-outline',
    '      kept | ConfigMap · kept (Delete=false) | circle-outline',
    '      backup | ⚓ Job | circle-outline',
    '      seed | ⚓ Job | circle-outline',
    expect.stringMatching(/^ {2}PostDelete/),
    '    bye | ⚓ Job · deleted when it has succeeded | circle-outline',
  ]);
  const over = states.at(-1) as RunState;
  const shown = treeOf(over);
  expect(shown[0]).toMatch(/^shop \| simulation · succeeded in .* \| pass$/);
  expect(shown).toEqual(
    expect.arrayContaining([
      '      stray | ConfigMap · deleted | trash',
      '      kept | ConfigMap · kept (Delete=false) | pinned',
      expect.stringMatching(/^ {4}bye \| ⚓ Job · done in .* · deleted \| trash$/),
      '  Left in the cluster | 1 object | server',
      '    ConfigMap kept | shop | settings',
    ]),
  );
  expect(columnsOf(over)).toEqual([
    'PreDelete 0: backup deleted | waits for Job backup to complete',
    'Delete 3: late deleted, stray deleted | waits for 2 to be gone',
    'Delete 0: base deleted, kept done, backup deleted, seed deleted | waits for 3 to be gone',
    'PostDelete 0: bye deleted | waits for Job bye to complete',
  ]);
  // The sync can still be looked at: as it is planned, for it does not run.
  expect(columnsOf(over, false)[0]).toMatch(/^PreSync 0: migrate planned, seed planned/);
});

test('one that is terminated says what was not reached', async () => {
  const states = await statesOf({ terminateAt: 1000 });
  const shown = treeOf(states.at(-1) as RunState);
  expect(shown[2]).toMatch(/^ {4}backup \| ⚓ Job · failed after 0:01 · deleted · Terminated \| error$/);
  expect(shown).toContain('      late | ConfigMap · not reached | circle-slash');
});
