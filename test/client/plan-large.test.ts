import { describe, expect, test } from 'vitest';
import { patched, patchOf } from '#core/patch';
import type { ApplicationPlan } from '#core/plan/model';
import { planApplication } from '../../server/src/core/plan/plan.ts';
import type { ApplicationView, PlanNode } from '../../client/src/vscode/plan/node.ts';
import { applicationNode, type Drawing } from '../../client/src/vscode/plan/nodes.ts';
import type { FileProblem } from '../../client/src/vscode/plan/problems.ts';
import { Rows, type Row } from '../../client/src/vscode/plan/rows.ts';
import { startOf, type RunState, type TaskRun } from '../../client/src/vscode/sync/run-state.ts';

const RESOURCES = 5000;
const WAVES = 20;
const shop = { folder: 'file:///w', path: 'shop', name: 'shop' };

/** A plan of ConfigMaps, ten to a file, in waves one after the other. */
function planOf(waveOf: (i: number) => number, resources = RESOURCES): ApplicationPlan {
  return planApplication({
    ...{ name: 'shop', namespace: 'shop', source: { kind: 'directory', path: 'shop', reason: '' } },
    objects: Array.from({ length: resources }, (_, i) => ({
      object: {
        ...{ apiVersion: 'v1', kind: 'ConfigMap' },
        metadata: { name: `c${i}`, annotations: { 'argocd.argoproj.io/sync-wave': String(waveOf(i)) } },
      },
      file: `shop/f${Math.floor(i / 10)}.yaml`,
      line: (i % 10) * 10 + 1,
    })),
  });
}

const view = (plan: ApplicationPlan, run?: RunState): ApplicationView => ({
  summary: { ...shop, resources: RESOURCES, hooks: 0, leftOut: 0, problems: 0, ordered: true },
  result: { application: shop, version: 1, plan },
  ...(run ? { run } : {}),
});
const nodeOf = (plan: ApplicationPlan, drawing: Partial<Drawing> = {}, run?: RunState): PlanNode =>
  applicationNode(view(plan, run), { open: true, here: 0, ...drawing });
const waveNodes = (node: PlanNode): readonly PlanNode[] => node.children?.[0]?.children ?? [];

/** The plan as the client holds it after an edit: what did not change are the same objects. */
const edited = (plan: ApplicationPlan, waveOf: (i: number) => number): ApplicationPlan =>
  patched(plan, patchOf(plan, planOf(waveOf)));

const spread = (i: number): number => i % WAVES;
const plan = planOf(spread);

describe('5,000 resources in the plan view', () => {
  const isFolded = (node: PlanNode): boolean => node.fold === 'closed';

  /** Gives VS Code the rows that are open; the number of them. */
  function draw(rows: Rows, row?: Row): number {
    return rows.children(row).reduce((count, child) => {
      child.face = child.node.face;
      return count + 1 + (child.node.fold === 'open' ? draw(rows, child) : 0);
    }, 0);
  }

  test('show their waves, each with the number of its resources, until one is opened', () => {
    const rows = new Rows(isFolded);
    rows.update([nodeOf(plan)]);
    expect(draw(rows)).toBe(2 + WAVES);
    const [first] = waveNodes(nodeOf(plan));
    expect([first?.label, first?.description]).toEqual(['wave 0', '250 resources · does not wait']);
    expect(first?.children).toHaveLength(RESOURCES / WAVES);
  });

  test('a small application shows everything', () => {
    const few = planOf(spread, 40);
    const small = { ...view(few), summary: { ...view(few).summary, resources: 40 } };
    const [first] = waveNodes(applicationNode(small, { open: true, here: 0 }));
    expect([first?.fold, first?.description]).toEqual(['open', 'does not wait']);
  });

  test('thousands in one phase without waves stay folded', () => {
    const [sync] = nodeOf(planOf(() => 0)).children ?? [];
    expect([sync?.label, sync?.fold, sync?.children?.length]).toEqual(['Sync', 'closed', RESOURCES]);
  });

  test('an edit makes the rows of the two waves anew, and no other', () => {
    const before = waveNodes(nodeOf(plan));
    const after = waveNodes(nodeOf(edited(plan, (i) => (i === 7 ? 12 : spread(i)))));
    const anew = after.filter((node, i) => node !== before[i]);
    expect(anew.map(({ label }) => label)).toEqual(['wave 7', 'wave 12']);
    const rows = new Rows(isFolded);
    rows.update([nodeOf(plan)]);
    draw(rows);
    const changed = rows.update([nodeOf(edited(plan, (i) => (i === 7 ? 12 : spread(i))))]);
    expect(changed?.map(({ node }) => `${node.label} ${node.description}`)).toEqual([
      'wave 7 249 resources · does not wait',
      'wave 12 251 resources · does not wait',
    ]);
  });

  test('a diagnostic reaches the row of its manifest, those above it, and no other wave', () => {
    const before = waveNodes(nodeOf(plan));
    const problem: FileProblem = { severity: 'warning', message: 'wrong', line: 35 };
    const node = nodeOf(plan, { problems: () => new Map([['shop/f1.yaml', [problem]]]) });
    const after = waveNodes(node);
    expect(after.filter((one, i) => one !== before[i]).map(({ label }) => label)).toEqual(['wave 13']);
    expect(node.problems).toEqual([problem]);
    const rows = after[13]?.children?.filter(({ problems }) => problems.length > 0) ?? [];
    expect(rows.map(({ label }) => label)).toEqual(['c13']);
    expect(waveNodes(nodeOf(plan))[13]?.problems).toEqual([]);
  });

  test('what a run met is looked through once for all rows', () => {
    let looks = 0;
    class Looked extends Map<string, TaskRun> {
      override values(): MapIterator<TaskRun> {
        looks++;
        return super.values();
      }
    }
    const met = Array.from({ length: RESOURCES }, (_, i): [string, TaskRun] => {
      const task = `/ConfigMap/shop/c${i}`;
      const status = i < 40 ? 'Synced' : '';
      return [`Sync ${task}`, { task, wave: 0, phase: 'Sync', status, hookPhase: '', message: '', deleted: false }];
    });
    const run: RunState = {
      ...startOf(shop, 'simulation'),
      stage: 'running',
      phase: 'Running',
      tasks: new Looked(met),
    };
    const [first] = waveNodes(nodeOf(plan, {}, run));
    const texts = first?.children?.map(({ description }) => description) ?? [];
    expect([texts.filter((text) => text.includes('applied')).length, texts.length]).toEqual([2, 250]);
    // And once for the line of the application, which tells what is waited for.
    expect(looks).toBe(2);
  });
});
