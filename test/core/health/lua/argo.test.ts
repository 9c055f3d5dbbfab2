import type { JsonObject } from '#core/object';
import { cases, says, told, type Row } from '../rows.ts';

const phase = (name: string, message?: string): Partial<Row> => ({
  status: { phase: name, ...(message === undefined ? {} : { message }) },
});

cases('argoproj.io/v1alpha1 AnalysisRun', {
  'without status': [{}, 'Progressing: Waiting for analysis run to finish: status has not been reconciled.'],
  pending: [phase('Pending', 'm'), 'Progressing: Analysis run is running'],
  running: [phase('Running', 'm'), 'Progressing: Analysis run is running'],
  successful: [phase('Successful'), 'Healthy: Analysis run completed successfully'],
  failed: [phase('Failed'), 'Degraded: Analysis run failed'],
  'failed, with its own words': [phase('Failed', 'm'), 'Degraded: m'],
  'in error': [phase('Error'), 'Degraded: Analysis run had an error'],
  inconclusive: [phase('Inconclusive'), 'Unknown: Analysis run was inconclusive'],
  'in no phase yet': [{ status: {} }, ''],
  'in a phase that only looks like one': [phase('constructor'), ''],
});

cases('argoproj.io/v1alpha1 Experiment', {
  'without status': [{}, 'Progressing: Waiting for experiment to finish: status has not been reconciled.'],
  pending: [phase('Pending'), 'Progressing: Experiment is pending'],
  running: [phase('Running'), 'Progressing: Experiment is running'],
  successful: [phase('Successful', 'm'), 'Healthy: Experiment is successful'],
  failed: [phase('Failed', 'm'), 'Degraded: Experiment has failed'],
  'in error': [phase('Error'), 'Degraded: Experiment had an error'],
});

cases('argoproj.io/v1alpha1 CronWorkflow', {
  'without status': [{}, 'Healthy: CronWorkflow is healthy.'],
  wrong: [told(says('SpecError=True', 'm')), 'Degraded: m'],
  refused: [told(says('SubmissionError=True', 'm')), 'Degraded: m'],
  'no longer wrong': [told(says('SpecError=False', 'm')), 'Healthy: CronWorkflow is healthy.'],
  completed: [told(says('Completed=True', 'm')), 'Healthy: m'],
});

cases('argoproj.io/v1alpha1 ApplicationSet', {
  'without status': [{}, 'Progressing: Waiting for the status to be reported'],
  'in error, whatever else is said': [
    told(says('ResourcesUpToDate=True', 'fine'), says('ErrorOccurred=True', 'm')),
    'Degraded: m',
  ],
  'not up to date': [told(says('RolloutProgressing=True', 'r'), says('ResourcesUpToDate=False', 'm')), 'Degraded: m'],
  rolling: [told(says('ResourcesUpToDate=True', 'fine'), says('RolloutProgressing=True', 'r')), 'Progressing: r'],
  'up to date': [told(says('ErrorOccurred=False'), says('ResourcesUpToDate=True', 'fine')), 'Healthy: fine'],
});

const rollout = (status: JsonObject, spec: JsonObject = {}, annotations: JsonObject = {}): Partial<Row> => ({
  metadata: { generation: 2, annotations },
  spec: { replicas: 2, ...spec },
  status: { observedGeneration: '2', ...status },
});
const up = { currentPodHash: 'h', updatedReplicas: 2, availableReplicas: 2, replicas: 2 };
const blueGreen = { strategy: { blueGreen: {} } };
const canary = { strategy: { canary: {} } };
const observe = 'Progressing: Waiting for rollout spec update to be observed';

cases('argoproj.io/v1alpha1 Rollout', {
  'without status': [{ metadata: { generation: 1 } }, observe],
  'not observed': [rollout({ observedGeneration: '1', phase: 'Healthy' }), observe],
  'observed as a number': [rollout({ observedGeneration: 2, phase: 'Healthy' }), 'Healthy'],
  'of an old version, with a hash': [rollout({ observedGeneration: '5c9f6', phase: 'Healthy' }), 'Healthy'],
  'its workload not observed': [
    rollout(
      { phase: 'Healthy', workloadObservedGeneration: '3' },
      { workloadRef: {} },
      { 'rollout.argoproj.io/workload-generation': '4' },
    ),
    observe,
  ],
  'its workload observed': [
    rollout(
      { phase: 'Healthy', workloadObservedGeneration: '4' },
      { workloadRef: {} },
      { 'rollout.argoproj.io/workload-generation': '4' },
    ),
    'Healthy',
  ],
  paused: [rollout({ phase: 'Paused', message: 'CanaryPauseStep' }), 'Suspended: CanaryPauseStep'],
  degraded: [rollout({ phase: 'Degraded', message: 'm' }), 'Degraded: m'],
  'in a phase that Argo CD does not have': [
    rollout({ phase: 'Odd' }),
    'Unknown: Lua returned an invalid health status',
  ],
  'old: wrong': [rollout({ ...up, ...told(says('InvalidSpec=True', 'm')).status }), 'Degraded: m'],
  'old: aborted': [rollout({ ...up, ...told(says('Progressing=False/RolloutAborted', 'm')).status }), 'Degraded: m'],
  'old: paused by its controller': [rollout({ ...up, pauseConditions: [{}] }), 'Suspended: Rollout is paused'],
  'old: paused by hand': [rollout(up, { paused: true }), 'Suspended: Rollout is paused'],
  'old: not reconciled': [rollout({}), 'Progressing: Waiting for rollout to finish: status has not been reconciled.'],
  'old: not updated': [
    rollout({ ...up, updatedReplicas: 1 }),
    'Progressing: Waiting for roll out to finish: More replicas need to be updated',
  ],
  'old: not available': [
    rollout({ ...up, availableReplicas: 1 }),
    'Progressing: Waiting for roll out to finish: updated replicas are still becoming available',
  ],
  'old: blue-green, not cut over': [rollout(up, blueGreen), 'Progressing: active service cutover pending'],
  'old: blue-green, not analyzed': [
    rollout({ ...up, blueGreen: { activeSelector: 'h' }, stableRS: 'g' }, blueGreen),
    'Progressing: waiting for analysis to complete',
  ],
  'old: blue-green, older still': [rollout({ ...up, blueGreen: { activeSelector: 'h' } }, blueGreen), 'Healthy'],
  'old: canary, old pods left': [
    rollout({ ...up, replicas: 3 }, canary),
    'Progressing: Waiting for roll out to finish: old replicas are pending termination',
  ],
  'old: canary, steps left': [rollout(up, canary), 'Progressing: Waiting for rollout to finish steps'],
  'old: canary, done': [rollout({ ...up, canary: { stableRS: 'h' } }, canary), 'Healthy'],
});
