import { annotationOf, metadataOf, type KubeObject } from '../../object.ts';
import { at, flagAt, listAt, maybeNumberAt, numberAt, textAt } from '../../fields.ts';
import { conditionsOf, generationOf } from '../fields.ts';
import { degraded, healthy, invalidHealth, progressing, type Health } from '../model.ts';
import { asNumber, byPhase, given, suspended, type Checks, type Phases } from './script.ts';

const RUN_PHASES: Phases = new Map([
  ['Pending', ['Progressing', 'Analysis run is running']],
  ['Running', ['Progressing', 'Analysis run is running']],
  ['Successful', ['Healthy', 'Analysis run completed successfully']],
  ['Failed', ['Degraded', 'Analysis run failed']],
  ['Error', ['Degraded', 'Analysis run had an error']],
  ['Inconclusive', ['Unknown', 'Analysis run was inconclusive']],
]);
const EXPERIMENT_PHASES: Phases = new Map([
  ['Pending', ['Progressing', 'Experiment is pending']],
  ['Running', ['Progressing', 'Experiment is running']],
  ['Successful', ['Healthy', 'Experiment is successful']],
  ['Failed', ['Degraded', 'Experiment has failed']],
  ['Error', ['Degraded', 'Experiment had an error']],
]);
/** A script that gives an empty table gives an empty health. */
const NOTHING: Health = { status: '', message: '' };

const notReconciled = (what: string): Health =>
  progressing(`Waiting for ${what} to finish: status has not been reconciled.`);

/** Source: resource_customizations/argoproj.io/AnalysisRun/health.lua. */
function analysisRunHealth(object: KubeObject): Health {
  if (!given(object, 'status')) return notReconciled('analysis run');
  const health = byPhase(RUN_PHASES, textAt(object, 'status', 'phase'), NOTHING);
  const status = at(object, 'status');
  const own = health.status !== 'Progressing' && health.status !== '' && given(status, 'message');
  return own ? { ...health, message: textAt(status, 'message') } : health;
}

/** Source: resource_customizations/argoproj.io/Experiment/health.lua. */
const experimentHealth = (object: KubeObject): Health =>
  given(object, 'status')
    ? byPhase(EXPERIMENT_PHASES, textAt(object, 'status', 'phase'), NOTHING)
    : notReconciled('experiment');

/** Source: resource_customizations/argoproj.io/CronWorkflow/health.lua. */
function cronWorkflowHealth(object: KubeObject): Health {
  const said = conditionsOf(object).find(
    ({ type, status }) => status === 'True' && ['SpecError', 'SubmissionError', 'Completed'].includes(type),
  );
  if (!said) return healthy('CronWorkflow is healthy.');
  return said.type === 'Completed' ? healthy(said.message) : degraded(said.message);
}

/** Source: resource_customizations/argoproj.io/ApplicationSet/health.lua. */
function applicationSetHealth(object: KubeObject): Health {
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

/** Old rollouts have a hash for their observed generation: one that is no number counts as seen. */
function isRolloutObserved(object: KubeObject): boolean {
  if (!given(object, 'status')) return false;
  const observed = asNumber(at(object, 'status', 'observedGeneration'));
  if (observed !== undefined && observed < generationOf(object)) return false;
  if (!given(object, 'spec', 'workloadRef') || !given(metadataOf(object), 'annotations')) return true;
  const workload = asNumber(annotationOf(object, WORKLOAD_GENERATION));
  return workload === asNumber(at(object, 'status', 'workloadObservedGeneration'));
}

/**
 * A Rollout tells its phase itself; what is read from its conditions and numbers is for old ones that do not.
 * Source: resource_customizations/argoproj.io/Rollout/health.lua.
 */
function rolloutHealth(object: KubeObject): Health {
  if (!isRolloutObserved(object)) return progressing('Waiting for rollout spec update to be observed');
  if (!given(object, 'status', 'phase')) return oldRolloutHealth(object);
  const status = textAt(object, 'status', 'phase');
  const message = textAt(object, 'status', 'message');
  switch (status) {
    case 'Paused':
      return suspended(message);
    case 'Healthy':
    case 'Progressing':
    case 'Degraded':
    case 'Suspended':
    case 'Unknown':
    case 'Missing':
      return { status, message };
    default:
      return invalidHealth;
  }
}

function oldRolloutHealth(object: KubeObject): Health {
  const failed = conditionsOf(object).find(
    ({ type, reason }) =>
      type === 'InvalidSpec' ||
      (type === 'Progressing' && ['RolloutAborted', 'ProgressDeadlineExceeded'].includes(reason)),
  );
  if (failed) return degraded(failed.message);
  if (listAt(object, 'status', 'pauseConditions').length > 0 || flagAt(object, 'spec', 'paused'))
    return suspended('Rollout is paused');
  if (!given(object, 'status', 'currentPodHash'))
    return progressing('Waiting for rollout to finish: status has not been reconciled.');
  const updated = numberAt(object, 'status', 'updatedReplicas');
  if (updated < (maybeNumberAt(object, 'spec', 'replicas') ?? 1))
    return progressing('Waiting for roll out to finish: More replicas need to be updated');
  if (numberAt(object, 'status', 'availableReplicas') < updated)
    return progressing('Waiting for roll out to finish: updated replicas are still becoming available');
  return cutOver(object, updated) ?? healthy();
}

/** What a rollout by its strategy still waits for when all its pods are there. */
function cutOver(object: KubeObject, updated: number): Health | undefined {
  const status = at(object, 'status');
  const hash = textAt(status, 'currentPodHash');
  const holder = given(status, 'stableRS') || !given(status, 'canary') ? status : at(status, 'canary');
  const stable = textAt(holder, 'stableRS');
  if (given(object, 'spec', 'strategy', 'blueGreen')) {
    if (textAt(status, 'blueGreen', 'activeSelector') !== hash) return progressing('active service cutover pending');
    // Without any word of a stable one it is taken for an old version that has none.
    const untold = stable === '' && (holder === status || given(holder, 'stableRS'));
    return untold || stable === hash ? undefined : progressing('waiting for analysis to complete');
  }
  if (!given(object, 'spec', 'strategy', 'canary')) return undefined;
  if (numberAt(status, 'replicas') > updated)
    return progressing('Waiting for roll out to finish: old replicas are pending termination');
  return stable === '' || stable !== hash ? progressing('Waiting for rollout to finish steps') : undefined;
}

export const ARGO: Checks = {
  'argoproj.io/AnalysisRun': analysisRunHealth,
  'argoproj.io/Experiment': experimentHealth,
  'argoproj.io/CronWorkflow': cronWorkflowHealth,
  'argoproj.io/ApplicationSet': applicationSetHealth,
  'argoproj.io/Rollout': rolloutHealth,
};
