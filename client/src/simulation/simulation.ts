import { gvkOf, isTerminating, nameOf, namespaceOf, uidOf, type KubeObject } from '#core/object';
import type { HealthResult } from '#core/health/model';
import { healthOf } from '#core/health/health';
import type { Action, Discovered, PropagationPolicy, Response } from '#core/sync/model';
import type { AccessRequest, Cluster, ClusterIdentity, Kind, PodLogLine, WatchEvent } from '../sync/cluster.ts';
import { at, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import type { Circumstances } from '../sync/reasons.ts';
import { circumstancesIn, type Said } from './circumstances.ts';
import type { Scheduler } from './clock.ts';
import { affectedBy, reconcileObject } from './controllers.ts';
import { collectOwned, isOwned } from './controllers/garbage.ts';
import { customHealth } from './controllers/custom.ts';
import { generationOf } from './controllers/pods-of.ts';
import { refusedBy } from './failing.ts';
import { Kinds } from './kinds.ts';
import { PodLogs } from './pod-logs.ts';
import { SimulatedRequests, type Audited } from './requests.ts';
import { DEFAULT_SCENARIO, type Scenario } from './scenario.ts';
import { Server, type Answer } from './server.ts';
import { keyOfObject, Store, type Change } from './store.ts';
import { Turns } from './turns.ts';
import { Verbs } from './verbs.ts';
import { isTrue, type World } from './world.ts';

/** Nothing runs for the object any more: a Job with its end, a Pod with its own. */
const hasEnded = (object: KubeObject): boolean =>
  isTrue(object, 'Complete') ||
  isTrue(object, 'Failed') ||
  ['Succeeded', 'Failed'].includes(textOf(at(object['status'], 'phase')));

/** How long a request waits for a definition to be established, and how often it looks, milliseconds. */
const CRD_PATIENCE = 3000;
const CRD_INTERVAL = 100;

/** Namespaces that every cluster has. */
const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export interface SimulationOptions {
  readonly clock: Scheduler;
  readonly scenario?: Scenario;
  /** Namespaces that are there from the start, beside those of every cluster. */
  readonly namespaces?: readonly string[];
  /** Namespace of the pretended context. */
  readonly namespace?: string;
}

/**
 * Argo CD's verbs on objects in memory, with controllers for what a sync waits for. It is no API server: it knows kinds,
 * versions, finalizers, owners and the refusals that matter to an order, no schemas and no permissions.
 */
export class Simulation implements Cluster {
  readonly #clock: Scheduler;
  readonly #namespace: string;
  readonly #given: readonly string[];
  readonly #store: Store;
  readonly #kinds: Kinds;
  readonly #server: Server;
  readonly #verbs: Verbs;
  readonly #world: World;
  readonly #audit = new Set<(request: Audited) => void>();
  readonly #due = new Map<string, number>();
  readonly #reasons = new Map<string, Said>();
  readonly #since = new Map<string, number>();

  constructor({ clock, scenario = DEFAULT_SCENARIO, namespaces = [], namespace = 'default' }: SimulationOptions) {
    this.#clock = clock;
    this.#namespace = namespace;
    this.#given = namespaces.filter((name) => !NAMESPACES.includes(name));
    this.#kinds = new Kinds(scenario.kinds ?? []);
    this.#store = new Store(clock);
    this.#server = new Server(this.#store, this.#kinds);
    const turns = new Turns();
    const wait = (ms: number): Promise<void> => {
      turns.give();
      return new Promise((resolve) => this.#clock.schedule(ms, resolve));
    };
    const requests = new SimulatedRequests(this.#server, { now: () => clock.now(), wait }, (request) =>
      this.#audit.forEach((tell) => tell(request)),
    );
    this.#verbs = new Verbs({
      server: this.#server,
      requests,
      turns,
      refuses: (object, resource) => refusedBy(this.#world.scenario, object, resource),
      waitEstablished: (crd, signal) => this.#waitEstablished(crd, wait, signal),
    });
    this.#world = {
      store: this.#store,
      clock,
      kinds: this.#kinds,
      scenario,
      logs: new PodLogs(),
      enqueue: (key, after = 0) => this.#enqueue(key, after),
      make: (object) => this.#make(object),
      remove: (object, propagation) => this.#remove(object, propagation),
      since: (object) => this.#sinceOf(object),
      explain: (object, message, reason = '') => this.#explain(object, message, reason),
    };
    this.#store.listen((change) => this.#changed(change));
    for (const name of new Set([...NAMESPACES, ...namespaces]))
      this.#make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  /** From now on things happen as this scenario says. */
  play(scenario: Scenario): void {
    this.#world.scenario = scenario;
    for (const kind of scenario.kinds ?? []) this.#kinds.add(kind);
  }

  async connect(): Promise<ClusterIdentity> {
    const given = this.#given.length === 0 ? '' : `; taken to exist: namespace ${this.#given.join(', ')}`;
    const origin = `in memory: nothing leaves this process${given}`;
    return { kind: 'simulation', context: '', server: '', namespace: this.#namespace, user: '', origin, version: '' };
  }

  async discover(): Promise<void> {}

  discovered(group: string, version: string, kind: string): Discovered {
    return this.#kinds.discovered({ group, version, kind });
  }

  async read(kind: Kind, namespace: string, name: string): Promise<KubeObject | undefined> {
    const resource = this.#kinds.find(kind);
    return resource && this.#server.find(resource, namespace, name);
  }

  /** Everything that is there now. */
  objects(): readonly KubeObject[] {
    return [...this.#store.all()];
  }

  async watch(
    kinds: readonly Kind[],
    namespaces: readonly string[],
    onEvent: (event: WatchEvent) => void,
    signal: Signal,
  ): Promise<void> {
    const wanted = new Set(kinds.map(({ group, kind }) => `${group}/${kind}`));
    const places = new Set(namespaces);
    const concerns = (object: KubeObject): boolean => {
      const { group, kind } = gvkOf(object);
      if (!wanted.has(`${group}/${kind}`)) return false;
      return namespaceOf(object) === '' || places.has(namespaceOf(object));
    };
    for (const object of this.#store.all())
      if (concerns(object)) onEvent({ type: 'changed', key: keyOfObject(object), object });
    const end = this.#store.listen(({ type, key, object }) => {
      if (concerns(object)) onEvent({ type: type === 'gone' ? 'gone' : 'changed', key, object });
    });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  }

  /** Reports each request that writes, until the answer is called: what an API server keeps in its audit log. */
  audit(tell: (request: Audited) => void): () => void {
    this.#audit.add(tell);
    return () => this.#audit.delete(tell);
  }

  perform(action: Action, signal: Signal): Promise<Response> {
    return this.#verbs.answer(action, false, signal);
  }

  preview(action: Action, signal: Signal): Promise<Response> {
    return this.#verbs.answer(action, true, signal);
  }

  async denied(): Promise<readonly AccessRequest[]> {
    return [];
  }

  /** Follows the pods that the hook owns, those that come later too, until the hook or `signal` ends. */
  logs(hook: KubeObject, onLine: (line: PodLogLine) => void, signal: Signal): Promise<void> {
    return new Promise((resolve) => {
      const ends = new Map<string, () => void>();
      const follow = (pod: KubeObject): void => {
        const uid = uidOf(pod);
        if (ends.has(uid) || pod['kind'] !== 'Pod') return;
        const report = ({ container, line }: { container: string; line: string }): void =>
          onLine({ pod: nameOf(pod), container, line });
        ends.set(uid, () => undefined);
        ends.set(
          uid,
          this.#world.logs.follow(uid, report, () => undefined),
        );
      };
      const stop = (): void => {
        unlisten();
        for (const end of ends.values()) end();
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const all = (owner: KubeObject): void => {
        follow(owner);
        for (const dependent of this.#store.dependentsOf(owner)) all(dependent);
      };
      const unlisten = this.#store.listen((change) => {
        if (change.type === 'created') all(hook);
        if (uidOf(change.object) === uidOf(hook) && (change.type === 'gone' || hasEnded(change.object))) stop();
      });
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop);
      all(hook);
    });
  }

  health(object: KubeObject): HealthResult {
    return customHealth(object, healthOf(object), this.#world);
  }

  async circumstances(object: KubeObject): Promise<Circumstances> {
    return circumstancesIn(this.#store, this.#reasons, object);
  }

  close(): void {}

  async #waitEstablished(crd: KubeObject, wait: (ms: number) => Promise<void>, signal: Signal): Promise<Response> {
    const until = this.#clock.now() + CRD_PATIENCE;
    const key = `apiextensions.k8s.io/CustomResourceDefinition//${nameOf(crd)}`;
    const established = (): boolean => {
      const current = this.#store.get(key);
      return current !== undefined && isTrue(current, 'Established');
    };
    while (!established() && this.#clock.now() < until && !signal.aborted) await wait(CRD_INTERVAL);
    return { message: established() ? 'established' : 'not established' };
  }

  #make(object: KubeObject): Answer {
    const resource = this.#server.resource(object);
    return 'error' in resource ? resource : this.#server.create(object, resource, false);
  }

  #sinceOf(object: KubeObject): number {
    const key = `${uidOf(object)} ${generationOf(object)}`;
    const since = this.#since.get(key) ?? this.#clock.now();
    this.#since.set(key, since);
    return since;
  }

  #remove(object: KubeObject, propagation: PropagationPolicy = 'Background'): void {
    const current = this.#store.get(keyOfObject(object));
    if (current && !isTerminating(current)) this.#server.remove(current, propagation);
  }

  #explain(object: KubeObject, message: string, reason: string): void {
    if (message === '') this.#reasons.delete(uidOf(object));
    else this.#reasons.set(uidOf(object), { message, reason });
  }

  #changed(change: Change): void {
    if (change.type === 'gone') {
      this.#reasons.delete(uidOf(change.object));
      this.#world.logs.end(uidOf(change.object));
      for (const dependent of this.#store.dependentsOf(change.object))
        this.#clock.schedule(0, () => collectOwned(keyOfObject(dependent), this.#world));
    } else if (change.type === 'created' && isOwned(change.object)) {
      this.#clock.schedule(0, () => collectOwned(change.key, this.#world));
    }
    for (const key of affectedBy(change, this.#world)) this.#enqueue(key, 0);
  }

  /** Looks at an object at its time; of several times the earliest, for each look sets the next. */
  #enqueue(key: string, after: number): void {
    const at = this.#clock.now() + after;
    const due = this.#due.get(key);
    if (due !== undefined && due <= at) return;
    this.#due.set(key, at);
    this.#clock.schedule(after, () => {
      if (this.#due.get(key) !== at) return;
      this.#due.delete(key);
      const object = this.#store.get(key);
      if (object) reconcileObject(object, this.#world);
    });
  }
}
