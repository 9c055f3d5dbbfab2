import { isTerminating, type KubeObject } from '#core/object';
import { timeText } from '../store.ts';
import { condition, type World } from '../world.ts';
import { generationOf } from './pods-of.ts';

/** An autoscaler that finds its metrics and has nothing to do. */
export function reconcileAutoscaler(autoscaler: KubeObject, world: World): void {
  if (isTerminating(autoscaler)) return;
  const now = timeText(world.clock.now());
  world.store.setStatus(autoscaler, {
    observedGeneration: generationOf(autoscaler),
    conditions: [
      condition('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size', now),
      condition('ScalingActive', 'True', 'ValidMetricFound', 'the simulation takes the metric to be there', now),
    ],
  });
}

/** A disruption budget that allows what it can. */
export function reconcileBudget(budget: KubeObject, world: World): void {
  if (isTerminating(budget)) return;
  const now = timeText(world.clock.now());
  world.store.setStatus(budget, {
    observedGeneration: generationOf(budget),
    conditions: [condition('DisruptionAllowed', 'True', 'SufficientPods', '', now)],
  });
}

/** An API whose server answers. */
export function reconcileApiService(service: KubeObject, world: World): void {
  if (isTerminating(service)) return;
  const now = timeText(world.clock.now());
  world.store.setStatus(service, { conditions: [condition('Available', 'True', 'Passed', 'all checks passed', now)] });
}

/** A CronJob runs nothing while a sync is simulated; its status is there and empty. */
export function reconcileCronJob(cronJob: KubeObject, world: World): void {
  if (!isTerminating(cronJob)) world.store.setStatus(cronJob, {});
}
