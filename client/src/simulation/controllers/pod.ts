import { podReferences } from '#core/plan/references';
import { isObject, isTerminating, nameOf, namespaceOf, uidOf, type JsonObject, type KubeObject } from '#core/object';
import { at, numberOf, objectsOf, textOf } from '../../sync/json.ts';
import { durationText } from '../../sync/duration.ts';
import type { ObjectRule } from '../scenario.ts';
import { plainScript } from '../script.ts';
import { keyOfObject, timeText } from '../store.ts';
import { condition, controllerOf, ruleOf, withCondition, conditionsOf, type World } from '../world.ts';

/** Back-off of the kubelet before it starts a container again, milliseconds. */
const FIRST_RESTART = 10_000;
const LONGEST_RESTART = 300_000;

const containersOf = (pod: KubeObject, field = 'containers'): readonly JsonObject[] =>
  objectsOf(at(pod['spec'], field));
const statusesOf = (pod: KubeObject): readonly JsonObject[] => objectsOf(at(pod['status'], 'containerStatuses'));

/** Does the pod end by itself? */
const ends = (pod: KubeObject): boolean => ['Never', 'OnFailure'].includes(textOf(at(pod['spec'], 'restartPolicy')));

/** Plays scheduler and kubelet for one pod. */
export function reconcilePod(pod: KubeObject, world: World): void {
  const phase = textOf(at(pod['status'], 'phase'));
  if (isTerminating(pod) || phase === 'Succeeded' || phase === 'Failed') return;
  if (phase === 'Running') return run(pod, world);
  const rule = ruleOf(pod, world);
  const waiting = missingOf(pod, world);
  if (waiting?.reason === 'Unschedulable') return unscheduled(pod, world, waiting.text);
  if (waiting) {
    world.explain(pod, waiting.text, waiting.reason === 'ContainerCreating' ? 'FailedMount' : '');
    return setContainers(pod, world, 'Pending', { waiting: { reason: waiting.reason, message: waiting.text } });
  }
  if (rule.outcome === 'pending') return unscheduled(pod, world, 'the scenario keeps its pod pending');
  if (rule.outcome === 'image-pull-error') return pullError(pod, world);
  world.explain(pod, '');
  start(pod, world);
}

/** The scheduler's word that no node takes the pod. */
function unscheduled(pod: KubeObject, world: World, message: string): void {
  const now = timeText(world.clock.now());
  const scheduled = condition('PodScheduled', 'False', 'Unschedulable', message, now);
  world.explain(pod, message, 'FailedScheduling');
  world.store.setStatus(pod, { phase: 'Pending', conditions: withCondition(conditionsOf(pod), scheduled) });
}

/** What the pod cannot start without, in the kubelet's words. */
function missingOf(pod: KubeObject, world: World): { reason: string; text: string } | undefined {
  const namespace = namespaceOf(pod);
  for (const { kind, name, use } of podReferences(pod)) {
    const found = world.store.get(`/${kind}/${namespace}/${name}`);
    if (kind === 'PersistentVolumeClaim') {
      if (!found) return { reason: 'Unschedulable', text: `persistentvolumeclaim "${name}" not found` };
      world.enqueue(keyOfObject(found));
      if (at(found['status'], 'phase') !== 'Bound')
        return { reason: 'Unschedulable', text: `pod has an unbound PersistentVolumeClaim: ${name}` };
    } else if (!found && kind !== 'ServiceAccount') {
      const word = kind.toLowerCase();
      return use === 'mounts'
        ? { reason: 'ContainerCreating', text: `MountVolume.SetUp failed: ${word} "${name}" not found` }
        : { reason: 'CreateContainerConfigError', text: `${word} "${name}" not found` };
    }
  }
  return undefined;
}

function setContainers(pod: KubeObject, world: World, phase: string, state: JsonObject, more: JsonObject = {}): void {
  const now = timeText(world.clock.now());
  const ready = more['ready'] === true;
  const old = statusesOf(pod);
  const containerStatuses = containersOf(pod).map((container, index) => ({
    name: textOf(container['name']),
    image: textOf(container['image']),
    ready,
    restartCount: numberOf(more['restartCount'], numberOf(old[index]?.['restartCount'], 0)),
    state,
    ...(more['lastState'] === undefined ? {} : { lastState: more['lastState'] }),
  }));
  const isReady = condition('Ready', ready ? 'True' : 'False', ready ? '' : 'ContainersNotReady', '', now);
  world.store.setStatus(pod, {
    phase,
    ...(at(pod['status'], 'startTime') === undefined ? {} : { startTime: at(pod['status'], 'startTime') ?? now }),
    ...(phase === 'Running' && at(pod['status'], 'startTime') === undefined ? { startTime: now } : {}),
    conditions: withCondition(withCondition(conditionsOf(pod), scheduledBy(now)), isReady),
    containerStatuses,
  });
}

const scheduledBy = (now: string): JsonObject => condition('PodScheduled', 'True', '', '', now);

function pullError(pod: KubeObject, world: World): void {
  const image = textOf(containersOf(pod)[0]?.['image']);
  const message = `Back-off pulling image "${image}"`;
  world.explain(pod, message);
  setContainers(pod, world, 'Pending', { waiting: { reason: 'ImagePullBackOff', message } });
}

function start(pod: KubeObject, world: World): void {
  const now = timeText(world.clock.now());
  for (const container of containersOf(pod)) {
    const words = ['command', 'args'].flatMap((field) => {
      const part = container[field];
      return Array.isArray(part) ? part.map((word) => (typeof word === 'string' ? word : '')) : [];
    });
    const what = words.length > 0 ? words.join(' ') : textOf(container['image']);
    world.logs.write(uidOf(pod), textOf(container['name']), `simulated, not run: ${what}`);
    speak(pod, container, world);
  }
  setContainers(pod, world, 'Running', { running: { startedAt: now } });
}

/** What the command plainly echoes comes at its time; what would come with its end only where it ends well. */
function speak(pod: KubeObject, container: JsonObject, world: World): void {
  const { after, exitCode, rule } = courseOf(pod, world);
  if (rule.logs !== undefined) return;
  const { lines, sleeps } = plainScript(container);
  const name = textOf(container['name']);
  const fails = exitCode !== 0 || rule.outcome === 'hang';
  for (const { after: at, line } of lines) {
    if (fails && at > 0 && at >= (sleeps ?? 0)) continue;
    const time = Math.min(at, after);
    if (time === 0) world.logs.write(uidOf(pod), name, line);
    else world.clock.schedule(time, () => world.logs.ended(uidOf(pod)) || world.logs.write(uidOf(pod), name, line));
  }
}

/** Milliseconds since the containers were started the last time. */
function runningFor(pod: KubeObject, now: number): number {
  const started = Date.parse(textOf(at(statusesOf(pod)[0], 'state', 'running', 'startedAt')));
  return Number.isNaN(started) ? 0 : now - started;
}

/** How long the pod runs, or takes to be ready, and how it ends. */
function courseOf(pod: KubeObject, world: World): { after: number; exitCode: number; rule: Omit<ObjectRule, 'name'> } {
  const rule = ruleOf(pod, world);
  const scripts = containersOf(pod).map(plainScript);
  const sleeps = scripts.flatMap(({ sleeps }) => sleeps ?? []);
  const before = containersOf(pod, 'initContainers').reduce((sum, c) => sum + (plainScript(c).sleeps ?? 0), 0);
  const usual = ends(pod) ? world.scenario.run : world.scenario.ready;
  const plain = ends(pod) && sleeps.length > 0 ? Math.max(...sleeps) : usual;
  const failsFirst = failuresSoFar(pod, world) < (rule.failTimes ?? 0);
  const fails = failsFirst || rule.outcome === 'fail' || rule.outcome === 'crash-loop';
  const own = rule.outcome === undefined ? scripts.find(({ exitCode }) => exitCode !== undefined)?.exitCode : undefined;
  return { after: rule.after ?? before + plain, exitCode: fails ? (rule.exitCode ?? 1) : (own ?? 0), rule };
}

/** Failed runs of the pod's owner: failed pods of a Job, restarts in place. */
function failuresSoFar(pod: KubeObject, world: World): number {
  const owner = controllerOf(pod, world.store);
  const siblings = owner ? world.store.dependentsOf(owner) : [pod];
  return siblings.reduce(
    (sum, other) =>
      sum + (at(other['status'], 'phase') === 'Failed' ? 1 : 0) + numberOf(statusesOf(other)[0]?.['restartCount'], 0),
    0,
  );
}

function run(pod: KubeObject, world: World): void {
  const key = keyOfObject(pod);
  const now = world.clock.now();
  const waitsFor = textOf(at(statusesOf(pod)[0], 'state', 'waiting', 'reason'));
  if (waitsFor !== '') return restart(pod, world);
  if (textOf(at(statusesOf(pod)[0], 'state', 'running', 'startedAt')) === '') return;
  const { after, exitCode, rule } = courseOf(pod, world);
  if (rule.outcome === 'hang') return world.explain(pod, 'the scenario lets it run for ever');
  const left = after - runningFor(pod, now);
  if (left > 0) return world.enqueue(key, left);
  if (!ends(pod) && exitCode === 0) {
    const ready = statusesOf(pod).every((status) => status['ready'] === true);
    if (!ready)
      setContainers(pod, world, 'Running', { running: { startedAt: timeText(now - after) } }, { ready: true });
    return;
  }
  end(pod, world, exitCode, rule);
}

function end(pod: KubeObject, world: World, exitCode: number, rule: Omit<ObjectRule, 'name'>): void {
  const now = world.clock.now();
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: timeText(now - runningFor(pod, now)),
    finishedAt: timeText(now),
  };
  for (const container of containersOf(pod)) {
    const name = textOf(container['name']);
    for (const line of rule.logs ?? []) world.logs.write(uidOf(pod), name, line);
    const ran = durationText(runningFor(pod, now));
    world.logs.write(uidOf(pod), name, `simulated: exit code ${exitCode} after ${ran}`);
  }
  const again = textOf(at(pod['spec'], 'restartPolicy'));
  if (exitCode === 0 || again === 'Never') {
    world.logs.end(uidOf(pod));
    setContainers(pod, world, exitCode === 0 ? 'Succeeded' : 'Failed', { terminated });
    return;
  }
  world.explain(pod, `its container ends with exit code ${exitCode} and is started again and again`);
  const restarts = numberOf(statusesOf(pod)[0]?.['restartCount'], 0) + 1;
  const message = `back-off restarting failed container of pod ${nameOf(pod)}`;
  setContainers(
    pod,
    world,
    'Running',
    { waiting: { reason: 'CrashLoopBackOff', message } },
    { restartCount: restarts, lastState: { terminated } },
  );
}

/** Starts a container again when its back-off is over. */
function restart(pod: KubeObject, world: World): void {
  const now = world.clock.now();
  const status = statusesOf(pod)[0];
  const ended = Date.parse(textOf(at(status, 'lastState', 'terminated', 'finishedAt')));
  const restarts = numberOf(status?.['restartCount'], 1);
  const left = ended + Math.min(LONGEST_RESTART, FIRST_RESTART * 2 ** (restarts - 1)) - now;
  if (left > 0) return world.enqueue(keyOfObject(pod), left);
  const last = status?.['lastState'];
  setContainers(
    pod,
    world,
    'Running',
    { running: { startedAt: timeText(now) } },
    isObject(last) ? { lastState: last } : {},
  );
}
