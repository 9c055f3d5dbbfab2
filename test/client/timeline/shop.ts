import type { ApplicationPlan } from '#core/plan/model';
import { planApplication } from '../../../server/src/core/plan/plan.ts';
import type { Scenario, ObjectRule } from '../../../client/src/simulation/scenario.ts';
import type { Durations } from '../../../client/src/timeline/estimates.ts';
import { layout, type Picture } from '../../../client/src/timeline/layout.ts';
import type { Timeline } from '../../../client/src/timeline/model.ts';
import { timelineOf } from '../../../client/src/vscode/timeline/facts.ts';
import { afterEvent, startOf, type RunState } from '../../../client/src/vscode/sync/run-state.ts';
import { objects, sync, world, type SyncOptions } from '../simulated.ts';

const job = (name: string, annotations: string): string => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name}, namespace: shop, annotations: { ${annotations} } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: busybox }] } } }
---`;
const plain = (apiVersion: string, kind: string, name: string, wave = 0): string => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name}, namespace: shop, annotations: { argocd.argoproj.io/sync-wave: "${wave}" } }
---`;
const workload = (kind: string, name: string, wave: number): string => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop, annotations: { argocd.argoproj.io/sync-wave: "${wave}" } }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: nginx }] }
---`;
const hook = (phase: string, wave = 0): string =>
  `argocd.argoproj.io/hook: ${phase}, argocd.argoproj.io/sync-wave: "${wave}"`;

/** An application with every phase of a sync: migrations, a database before what uses it, reports. */
export const SHOP = [
  job('db-backup', hook('PreSync', -2)),
  job('db-migration', hook('PreSync', -1)),
  job('db-verify', hook('PreSync', -1)),
  plain('v1', 'ConfigMap', 'settings'),
  plain('v1', 'Secret', 'tokens'),
  plain('v1', 'Service', 'web').replace('\n---', '\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n---'),
  workload('StatefulSet', 'database', 0),
  workload('Deployment', 'web', 5),
  workload('Deployment', 'worker-with-a-rather-long-name-for-invoices', 5),
  plain('v1', 'ConfigMap', 'feature-flags', 10),
  job('smoke-test', hook('PostSync')),
  job('notify-slack', hook('PostSync', 1)),
  job('page-on-call', hook('SyncFail')),
].join('\n');

export function planOf(text: string): ApplicationPlan {
  return planApplication({
    ...{ name: 'shop', namespace: 'shop', source: { kind: 'directory', path: 'apps/shop', reason: '' } },
    objects: objects(text).map((object, i) => ({ object, file: 'apps/shop/all.yaml', line: i * 10 + 1 })),
  });
}

const APPLICATION = { folder: 'file:///w', path: 'apps/shop', name: 'shop' };

export const drawn = (plan: ApplicationPlan, run?: RunState, known: Durations = {}, here = 0): Timeline =>
  timelineOf({ plan, where: 'apps/shop', run, known, here }).timeline;

/** The states of a simulated run, one after each event; the clock here is the cluster's own. */
export async function statesOf(
  text: string,
  {
    scenario = {},
    rules = [],
    ...options
  }: SyncOptions & { scenario?: Partial<Scenario>; rules?: readonly ObjectRule[] } = {},
): Promise<RunState[]> {
  const states: RunState[] = [startOf(APPLICATION, 'simulation')];
  await sync(world(scenario, rules), objects(text), {
    ...options,
    onEvent: (event) => {
      const last = states.at(-1);
      if (last) states.push(afterEvent(last, event, Date.parse(event.time)));
    },
  });
  return states;
}

const measure = (text: string, small = false): number => text.length * (small ? 6 : 7);

/** The picture of a timeline, in letters that are all as wide. */
export const picture = (
  timeline: Timeline,
  more: { width?: number; now?: number; unfolded?: string[] } = {},
): Picture =>
  layout(timeline, {
    ...{ width: more.width ?? 1200, now: more.now, unfolded: new Set(more.unfolded ?? []), measure },
  });
