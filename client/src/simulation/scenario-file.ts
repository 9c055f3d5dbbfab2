import { isObject, splitApiVersion, type Json, type JsonObject } from '#core/object';
import { parseDuration } from '#core/duration';
import { pluralOf, type ApiResource } from './kinds.ts';
import { DEFAULT_SCENARIO, OUTCOMES, type ObjectRule, type Outcome, type Scenario } from './scenario.ts';

/** The format of a scenario file, for `--help` and the documentation. */
export const SCENARIO_FORMAT = `run: 2s                  # how long the pods of Jobs and hooks run
ready: 1s                # until pods of Deployments and their like are ready
loadBalancer: 3s         # until a Service of type LoadBalancer has an address, or never
ingress: 3s              # until an Ingress has an address, or never
custom: 2s               # until a custom resource with a health check is healthy, or never
storage: WaitForFirstConsumer   # or Immediate: when claims are bound
kinds:                   # custom kinds that the cluster knows; left out: those that nothing in the application defines
  - monitoring.coreos.com/v1/ServiceMonitor
  - {apiVersion: example.com/v1, kind: Site, plural: sites, namespaced: false}
objects:
  - name: db-migration   # or Job/db-migration, a generated name's prefix; * stands for anything
    outcome: fail        # succeed, fail, hang, pending, image-pull-error, crash-loop, refused
    after: 15s
    failTimes: 1         # so many runs fail first
    exitCode: 3
    logs: [migrating]
`;

/** A problem of a scenario, in words that name its place. */
export class ScenarioError extends Error {}

const fail = (message: string): never => {
  throw new ScenarioError(message);
};

function duration(value: Json | undefined, place: string): number {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  return ms ?? fail(`${place} is no duration: write it as 500ms, 15s, 1m30s or 2h`);
}

const orNever = (value: Json | undefined, place: string): number | null =>
  value === 'never' ? null : duration(value, place);

function count(value: Json | undefined, place: string): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? value
    : fail(`${place} is no whole number`);
}

function kindOfEntry(value: Json, place: string): ApiResource {
  if (typeof value === 'string') {
    const slash = value.lastIndexOf('/');
    if (slash < 1) return fail(`${place} is no kind: write it as group/version/Kind`);
    const kind = value.slice(slash + 1);
    return { ...splitApiVersion(value.slice(0, slash)), kind, plural: pluralOf(kind), namespaced: true };
  }
  if (!isObject(value)) return fail(`${place} is no kind: write it as group/version/Kind`);
  const { apiVersion, kind, plural, namespaced } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return fail(`${place} needs apiVersion and kind`);
  return {
    ...splitApiVersion(apiVersion),
    kind,
    plural: typeof plural === 'string' ? plural : pluralOf(kind),
    namespaced: namespaced !== false,
  };
}

function ruleOfEntry(value: Json, place: string): ObjectRule {
  if (!isObject(value)) return fail(`${place} is no object with a name`);
  const { name } = value;
  if (typeof name !== 'string' || name === '') return fail(`${place} has no name`);
  known(value, ['name', 'outcome', 'after', 'failTimes', 'exitCode', 'logs'], place);
  const { outcome, after, failTimes, exitCode, logs } = value;
  return {
    name,
    ...(outcome === undefined ? {} : { outcome: outcomeOf(outcome, `${place}.outcome`) }),
    ...(after === undefined ? {} : { after: duration(after, `${place}.after`) }),
    ...(failTimes === undefined ? {} : { failTimes: count(failTimes, `${place}.failTimes`) }),
    ...(exitCode === undefined ? {} : { exitCode: count(exitCode, `${place}.exitCode`) }),
    ...(logs === undefined ? {} : { logs: lines(logs, `${place}.logs`) }),
  };
}

function outcomeOf(value: Json, place: string): Outcome {
  return OUTCOMES.find((outcome) => outcome === value) ?? fail(`${place} is none of ${OUTCOMES.join(', ')}`);
}

function lines(value: Json, place: string): string[] {
  if (typeof value === 'string') return value.split('\n');
  return Array.isArray(value) && value.every((line) => typeof line === 'string')
    ? value
    : fail(`${place} is no list of texts`);
}

function list<T>(value: Json | undefined, place: string, read: (entry: Json, place: string) => T): T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return fail(`${place} is no list`);
  return value.map((entry, index) => read(entry, `${place}[${index}]`));
}

function known(value: JsonObject, keys: readonly string[], place: string): void {
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) fail(`${place} has an unknown field ${unknown}: known are ${keys.join(', ')}`);
}

/**
 * The scenario that a file describes (`SCENARIO_FORMAT`), as its YAML was read.
 * @throws ScenarioError naming the first field that cannot be used.
 */
export function readScenario(value: Json): Scenario {
  if (value === null) return DEFAULT_SCENARIO;
  if (!isObject(value)) return fail('the scenario is no mapping');
  known(value, [...Object.keys(DEFAULT_SCENARIO), 'kinds'], 'the scenario');
  const { run, ready, loadBalancer, ingress, custom, storage } = value;
  if (storage !== undefined && storage !== 'Immediate' && storage !== 'WaitForFirstConsumer')
    return fail('storage is none of Immediate, WaitForFirstConsumer');
  return {
    run: run === undefined ? DEFAULT_SCENARIO.run : duration(run, 'run'),
    ready: ready === undefined ? DEFAULT_SCENARIO.ready : duration(ready, 'ready'),
    loadBalancer: loadBalancer === undefined ? DEFAULT_SCENARIO.loadBalancer : orNever(loadBalancer, 'loadBalancer'),
    ingress: ingress === undefined ? DEFAULT_SCENARIO.ingress : orNever(ingress, 'ingress'),
    custom: custom === undefined ? DEFAULT_SCENARIO.custom : orNever(custom, 'custom'),
    storage: storage ?? DEFAULT_SCENARIO.storage,
    ...(value['kinds'] === undefined ? {} : { kinds: list(value['kinds'], 'kinds', kindOfEntry) }),
    objects: list(value['objects'], 'objects', ruleOfEntry),
  };
}
