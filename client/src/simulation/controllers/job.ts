import { isObject, isTerminating, metadataOf, nameOf, type JsonObject, type KubeObject } from '#core/object';
import { at, numberOf, objectsOf, textOf } from '../../sync/json.ts';
import { podVerdict } from './pod-failure-policy.ts';
import { keyOfObject, timeText } from '../store.ts';
import { condition, conditionsOf, isTrue, ownerReference, withCondition, type World } from '../world.ts';

/** The Job controller's own back-off between failed pods, milliseconds. */
const FIRST_BACKOFF = 10_000;
const LONGEST_BACKOFF = 600_000;

const phaseOf = (pod: KubeObject): string => textOf(at(pod['status'], 'phase'));

const restartsOf = (pod: KubeObject): number =>
  objectsOf(at(pod['status'], 'containerStatuses')).reduce((sum, c) => sum + numberOf(c['restartCount'], 0), 0);

interface Count {
  readonly active: readonly KubeObject[];
  readonly succeeded: number;
  /** Those that count: a policy may leave some out. */
  readonly failed: readonly KubeObject[];
  readonly allFailed: readonly KubeObject[];
  /** Why a policy lets the whole Job fail. */
  readonly failsJob: string | undefined;
  readonly restarts: number;
}

function countPods(job: KubeObject, world: World): Count {
  const pods = world.store.dependentsOf(job);
  const allFailed = pods.filter((pod) => phaseOf(pod) === 'Failed');
  const verdicts = new Map(allFailed.map((pod) => [pod, podVerdict(job, pod)]));
  const failed = allFailed.filter((pod) => verdicts.get(pod)?.action !== 'Ignore');
  const failsJob = [...verdicts.values()].find(({ action }) => action === 'FailJob')?.message;
  const succeeded = pods.filter((pod) => phaseOf(pod) === 'Succeeded').length;
  const active = pods.filter((pod) => !['Failed', 'Succeeded'].includes(phaseOf(pod)) && !isTerminating(pod));
  return {
    active,
    succeeded,
    failed,
    allFailed,
    failsJob,
    restarts: active.reduce((sum, pod) => sum + restartsOf(pod), 0),
  };
}

/** Creates the Job's pods, counts them, and says when it is complete or has failed. */
export function reconcileJob(job: KubeObject, world: World): void {
  const finished = isTrue(job, 'Complete') || isTrue(job, 'Failed');
  if (finished) return expire(job, world);
  if (isTerminating(job)) return;
  const now = world.clock.now();
  const spec = isObject(job['spec']) ? job['spec'] : {};
  const count = countPods(job, world);
  const status = statusOf(job, count, now);
  if (spec['suspend'] === true) return suspend(job, count, status, world);
  const conditions = resumed(job, now);
  // One update before the last one says what the end will be.
  if (isTrue(job, 'SuccessCriteriaMet')) return complete(job, status, conditions, world);
  const target = conditions.find((c) => c['type'] === 'FailureTarget');
  if (target) return finish(job, status, withCondition(conditions, { ...target, type: 'Failed' }), world);

  const completions = numberOf(spec['completions'], 1);
  const failure = failureOf(job, spec, count, now, world);
  if (failure) announce(job, status, conditions, condition('FailureTarget', 'True', ...failure, timeText(now)), world);
  else if (count.succeeded >= completions) {
    const met = condition('SuccessCriteriaMet', 'True', 'CompletionsReached', REACHED, timeText(now));
    announce(job, status, conditions, met, world);
  } else {
    world.store.setStatus(job, withConditions(status, conditions));
    createPods(job, spec, count, completions, world);
  }
}

const REACHED = 'Reached expected number of succeeded pods';

const withConditions = (status: JsonObject, conditions: readonly JsonObject[]): JsonObject =>
  conditions.length === 0 ? status : { ...status, conditions: [...conditions] };

function statusOf(job: KubeObject, count: Count, now: number): JsonObject {
  const started = at(job['status'], 'startTime');
  // A Job that is suspended has not started, and one that is resumed starts anew.
  const isResumed = isTrue(job, 'Suspended');
  const suspended = at(job['spec'], 'suspend') === true;
  return {
    ...(suspended ? {} : { startTime: isResumed ? timeText(now) : (started ?? timeText(now)) }),
    active: count.active.length,
    ready: count.active.filter((pod) => isTrue(pod, 'Ready')).length,
    succeeded: count.succeeded,
    failed: count.failed.length,
    terminating: 0,
    uncountedTerminatedPods: {},
  };
}

function suspend(job: KubeObject, count: Count, status: JsonObject, world: World): void {
  for (const pod of count.active) world.remove(pod);
  const now = timeText(world.clock.now());
  const suspended = condition('Suspended', 'True', 'JobSuspended', 'Job suspended', now);
  world.store.setStatus(job, withConditions({ ...status, active: 0 }, withCondition(conditionsOf(job), suspended)));
  world.explain(job, '');
}

function resumed(job: KubeObject, now: number): readonly JsonObject[] {
  const conditions = conditionsOf(job);
  return isTrue(job, 'Suspended')
    ? withCondition(conditions, condition('Suspended', 'False', 'JobResumed', 'Job resumed', timeText(now)))
    : conditions;
}

/** Reason and message of the Job's failure; undefined while it may still succeed. */
function failureOf(
  job: KubeObject,
  spec: JsonObject,
  count: Count,
  now: number,
  world: World,
): readonly [string, string] | undefined {
  if (count.failsJob !== undefined) return ['PodFailurePolicy', count.failsJob];
  const limit = numberOf(spec['backoffLimit'], 6);
  const pastRestarts = limit === 0 ? count.restarts > 0 : count.restarts >= limit;
  if (count.failed.length > limit || (count.restarts > 0 && pastRestarts))
    return ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
  const deadline = numberOf(spec['activeDeadlineSeconds'], -1);
  if (deadline < 0) return undefined;
  const started = Date.parse(textOf(at(job['status'], 'startTime'))) || now;
  if (now >= started + deadline * 1000) return ['DeadlineExceeded', 'Job was active longer than specified deadline'];
  world.enqueue(keyOfObject(job), started + deadline * 1000 - now);
  return undefined;
}

/** Tells the end that is decided, ends what still runs, and comes back for the last update. */
function announce(
  job: KubeObject,
  status: JsonObject,
  conditions: readonly JsonObject[],
  next: JsonObject,
  world: World,
): void {
  for (const pod of countPods(job, world).active) world.remove(pod);
  world.store.setStatus(job, withConditions({ ...status, active: 0, ready: 0 }, withCondition(conditions, next)));
  world.enqueue(keyOfObject(job));
}

function complete(job: KubeObject, status: JsonObject, conditions: readonly JsonObject[], world: World): void {
  const now = timeText(world.clock.now());
  const done = withCondition(conditions, condition('Complete', 'True', 'CompletionsReached', REACHED, now));
  finish(job, { ...status, completionTime: now }, done, world);
}

function finish(job: KubeObject, status: JsonObject, conditions: readonly JsonObject[], world: World): void {
  world.explain(job, '');
  world.store.setStatus(job, withConditions({ ...status, active: 0, ready: 0 }, conditions));
}

function createPods(job: KubeObject, spec: JsonObject, count: Count, completions: number, world: World): void {
  const missing = Math.min(numberOf(spec['parallelism'], 1), completions - count.succeeded) - count.active.length;
  if (missing <= 0) return;
  const wait = backoff(count.allFailed, world.clock.now());
  if (wait > 0) return world.enqueue(keyOfObject(job), wait);
  for (let i = 0; i < missing; i++) {
    const made = world.make(podOf(job));
    if ('error' in made) return world.explain(job, `Error creating: ${made.error}`, 'FailedCreate');
    world.explain(job, '');
  }
}

/** Milliseconds until the next pod may be created: twice as long after each failure. */
function backoff(failed: readonly KubeObject[], now: number): number {
  if (failed.length === 0) return 0;
  const ends = failed.flatMap((pod) =>
    objectsOf(at(pod['status'], 'containerStatuses')).map((c) =>
      Date.parse(textOf(at(c, 'state', 'terminated', 'finishedAt'))),
    ),
  );
  const last = Math.max(...ends.filter((end) => !Number.isNaN(end)), 0);
  return last + Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (failed.length - 1)) - now;
}

function podOf(job: KubeObject): KubeObject {
  const template = at(job['spec'], 'template');
  const metadata = at(template, 'metadata');
  const labels = at(metadata, 'labels');
  const annotations = at(metadata, 'annotations');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${nameOf(job)}-`,
      namespace: textOf(metadataOf(job)['namespace']),
      labels: {
        ...(isObject(labels) ? labels : {}),
        'batch.kubernetes.io/job-name': nameOf(job),
        'job-name': nameOf(job),
      },
      ...(isObject(annotations) ? { annotations } : {}),
      ownerReferences: [ownerReference(job)],
    },
    spec: at(template, 'spec') ?? {},
  };
}

/** `ttlSecondsAfterFinished`: the Job is deleted so long after its end. */
function expire(job: KubeObject, world: World): void {
  const ttl = numberOf(at(job['spec'], 'ttlSecondsAfterFinished'), -1);
  if (ttl < 0 || isTerminating(job)) return;
  const ended = Math.max(...conditionsOf(job).map((c) => Date.parse(textOf(c['lastTransitionTime']))));
  const left = ended + ttl * 1000 - world.clock.now();
  if (left > 0) world.enqueue(keyOfObject(job), left);
  else world.remove(job);
}
