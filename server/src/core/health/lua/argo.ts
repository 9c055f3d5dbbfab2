import { annotationOf, type KubeObject } from '../../object.ts';
import { at, maybeNumberAt, numberAt, textAt } from '../../fields.ts';
import { conditionsOf, generationOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health, type HealthStatus } from '../model.ts';

const RUN_PHASES: Readonly<Record<string, HealthStatus>> = {
  Pending: 'Progressing',
  Running: 'Progressing',
  Successful: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
  Inconclusive: 'Unknown',
};

function byPhase(object: KubeObject, what: string, withMessage: boolean): Health {
  if (at(object, 'status') === undefined)
    return progressing(`Waiting for ${what} to finish: status has not been reconciled.`);
  const phase = textAt(object, 'status', 'phase');
  const message = withMessage ? textAt(object, 'status', 'message') : '';
  return { status: RUN_PHASES[phase] ?? '', message: message || `The ${what} is in phase ${phase || 'none'}` };
}

/** Source: resource_customizations/argoproj.io/AnalysisRun/health.lua. */
export const analysisRunHealth = (object: KubeObject): Health => byPhase(object, 'analysis run', true);

/** Source: resource_customizations/argoproj.io/Experiment/health.lua. */
export const experimentHealth = (object: KubeObject): Health => byPhase(object, 'experiment', false);

/** Source: resource_customizations/argoproj.io/CronWorkflow/health.lua. */
export function cronWorkflowHealth(object: KubeObject): Health {
  const said = conditionsOf(object).find(
    ({ type, status }) => status === 'True' && ['SpecError', 'SubmissionError', 'Completed'].includes(type),
  );
  if (!said) return healthy('CronWorkflow is healthy.');
  return said.type === 'Completed' ? healthy(said.message) : degraded(said.message);
}

/** Source: resource_customizations/argoproj.io/ApplicationSet/health.lua. */
export function applicationSetHealth(object: KubeObject): Health {
  const find = (type: string, status: string) =>
    conditionsOf(object).find((condition) => condition.type === type && condition.status === status);
  const failed = find('ErrorOccurred', 'True') ?? find('ResourcesUpToDate', 'False');
  if (failed) return degraded(failed.message);
  const rolling = find('RolloutProgressing', 'True');
  if (rolling) return progressing(rolling.message);
  const done = find('ResourcesUpToDate', 'True');
  return done ? healthy(done.message) : progressing('Waiting for the status to be reported');
}

const WORKLOAD_GENERATION = 'rollout.argoproj.io/workload-generation';

/**
 * A Rollout tells its phase itself; what is read from its conditions and numbers is for old ones that do not.
 * Source: resource_customizations/argoproj.io/Rollout/health.lua.
 */
export function rolloutHealth(object: KubeObject): Health {
  const observed = at(object, 'status', 'observedGeneration');
  const generation = generationOf(object);
  const seen =
    typeof observed === 'string' ? Number(observed) : (maybeNumberAt(object, 'status', 'observedGeneration') ?? 0);
  if (at(object, 'status') === undefined || (generation > 0 && seen < generation))
    return progressing('Waiting for rollout spec update to be observed');
  const workload = annotationOf(object, WORKLOAD_GENERATION);
  if (workload !== undefined && workload !== textAt(object, 'status', 'workloadObservedGeneration'))
    return progressing('Waiting for rollout spec update to be observed for the reference workload');
  const phase = textAt(object, 'status', 'phase');
  const message = textAt(object, 'status', 'message');
  if (phase === 'Paused') return { status: 'Suspended', message };
  if (phase === 'Healthy' || phase === 'Progressing' || phase === 'Degraded') return { status: phase, message };
  return oldRolloutHealth(object);
}

function oldRolloutHealth(object: KubeObject): Health {
  const failed = conditionsOf(object).find(
    ({ type, reason }) =>
      type === 'InvalidSpec' ||
      (type === 'Progressing' && ['RolloutAborted', 'ProgressDeadlineExceeded'].includes(reason)),
  );
  if (failed) return degraded(failed.message);
  if (at(object, 'spec', 'paused') === true) return { status: 'Suspended', message: 'Rollout is paused' };
  const updated = numberAt(object, 'status', 'updatedReplicas');
  if (updated < numberAt(object, 'spec', 'replicas'))
    return progressing('Waiting for roll out to finish: More replicas need to be updated');
  if (numberAt(object, 'status', 'replicas') > updated)
    return progressing('Waiting for roll out to finish: old replicas are pending termination');
  return numberAt(object, 'status', 'availableReplicas') < updated
    ? progressing('Waiting for roll out to finish: updated replicas are still becoming available')
    : healthy();
}
