import { keyOf, type KubeObject } from '#core/object';
import type { OperationState, ResourceResult, TaskView } from '#core/sync/model';
import type { Clock, Cluster, Notice } from '../cluster.ts';
import type { OperationEnd } from '../model.ts';
import type { Progress } from '../progress.ts';
import { Stop, type Signal } from '../signal.ts';
import { ApplicationChanges, ApplicationError, APPROVED } from './changes.ts';
import {
  applicationKey,
  hasEnded,
  liveApplication,
  operationStateOf,
  type ApplicationPlace,
  type ArgoOperationState,
} from './live-application.ts';
import { isMarked, operationFor, type Asked } from './operation.ts';
import { resultsOf } from './results.ts';
import { WatchedApplication } from './watched.ts';

/** Milliseconds after which it is said that Argo CD does not begin, and those that a termination may take. */
const PATIENCE = 15_000;
const TERMINATION = 60_000;

const CONFIRMATION = /waiting for pruning confirmation of (.+)$/s;

export interface ArgoParts {
  readonly place: ApplicationPlace;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly progress: Progress;
  /** The person's wish that it ends. */
  readonly terminate: Signal;
  /** The end of everything. */
  readonly signal: Signal;
}

export interface HandOverParts extends ArgoParts {
  readonly asked: Omit<Asked, 'mark'>;
  /** Wave of a task as the preflight has shown it. */
  readonly waveOf: (result: ResourceResult) => number;
  /** Aborted when a person has agreed to what Argo CD asks about. */
  readonly approved?: Signal | undefined;
  /** Told what a person has to know, or to decide. */
  readonly notice: (notice: Notice) => void;
  /** Told of hooks that run. */
  readonly runs: (result: ResourceResult) => void;
}

const changesOf = ({ place, cluster, clock, signal, progress }: ArgoParts): ApplicationChanges =>
  new ApplicationChanges(place, { cluster, clock, signal }, () => progress.wrote('update', applicationKey(place)));

const nameOf = ({ namespace, name }: ApplicationPlace): string => `${namespace}/${name}`;

/**
 * Asks Argo CD to terminate the operation that runs on an Application, and waits until it has ended. Resolves at once
 * where none does. Rejects with an ApplicationError where Argo CD does not react, or the person thinks better of it.
 */
export async function terminateRunning(parts: ArgoParts): Promise<void> {
  const { place, clock, terminate, progress } = parts;
  const over = new Stop(parts.signal);
  try {
    const watched = await WatchedApplication.open(place, { ...parts, signal: over });
    await changesOf(parts).terminate();
    const until = clock.now() + TERMINATION;
    for (;;) {
      watched.take();
      const running = watched.object && liveApplication(watched.object).operation;
      if (!running) return;
      const message = `waiting until Argo CD has terminated its operation on ${nameOf(place)}`;
      progress.operation({ phase: 'Running', message: running.message ? `${message}: ${running.message}` : message });
      if (terminate.aborted)
        throw new ApplicationError(
          `Stopped before this sync began. Argo CD was asked to terminate its operation on ${nameOf(place)} before.`,
        );
      const left = until - clock.now();
      if (left <= 0) throw new ApplicationError(notTerminated(place));
      await watched.news(terminate, left);
    }
  } finally {
    over.stop();
  }
}

const notTerminated = ({ namespace, name }: ApplicationPlace): string =>
  `Argo CD was asked to terminate its operation on ${namespace}/${name}, and has not within a minute. Nothing was synced. Is its application controller running? See kubectl -n ${namespace} get pods -l app.kubernetes.io/name=argocd-application-controller. Where it runs, a hook may hold a finalizer that nobody takes off.`;

/** How Argo CD's operation has ended. */
export interface HandedOver {
  readonly end: OperationEnd;
  readonly terminated: boolean;
  /** What it has synced, a commit where that is known; empty where it did not come so far. */
  readonly revision: string;
}

/**
 * Lets Argo CD run the sync: writes the operation into its Application and follows `status.operationState` to the end,
 * telling of each task as if it had run here.
 * Rejects with an ApplicationError where the operation could not be written, or its state got lost.
 */
export async function handOver(parts: HandOverParts): Promise<HandedOver> {
  const over = new Stop(parts.signal);
  try {
    const watched = await WatchedApplication.open(parts.place, { ...parts, signal: over });
    return await new Following(parts, watched).run();
  } finally {
    over.stop();
  }
}

class Following {
  readonly #parts: HandOverParts;
  readonly #watched: WatchedApplication;
  readonly #changes: ApplicationChanges;
  readonly #mark: string;
  readonly #startedAt: number;
  #attempt = 0;
  #isTerminated = false;
  #revision = '';
  /** It waits for somebody to agree to a deletion; that was told, and done. */
  #asked = false;
  #approved = false;
  /** The watch has shown our operation, and that it has begun. */
  #shown = false;
  #begun = false;

  constructor(parts: HandOverParts, watched: WatchedApplication) {
    this.#parts = parts;
    this.#watched = watched;
    this.#changes = changesOf(parts);
    this.#startedAt = parts.clock.now();
    this.#mark = `${parts.asked.user} ${new Date(this.#startedAt).toISOString()}`;
  }

  async run(): Promise<HandedOver> {
    const { clock, asked, progress, terminate, place } = this.#parts;
    await this.#changes.request((object) => operationFor(object, { ...asked, mark: this.#mark }), this.#mark);
    progress.operation({ phase: 'Running', message: `waiting for Argo CD to begin the operation on ${nameOf(place)}` });
    for (;;) {
      for (const object of this.#watched.take()) {
        const end = this.#see(object);
        if (end) return { end, terminated: this.#isTerminated, revision: this.#revision };
      }
      if (this.#mayApprove) {
        this.#approved = true;
        await this.#changes.approve(this.#mark);
      } else if (terminate.aborted && !this.#isTerminated) {
        this.#isTerminated = true;
        await this.#changes.terminate(this.#mark);
      } else await this.#news(clock.now());
    }
  }

  get #mayApprove(): boolean {
    return this.#asked && !this.#approved && !this.#isTerminated && this.#parts.approved?.aborted === true;
  }

  /** What follows from one state of the Application; the end of the operation, where it shows that. */
  #see(object: KubeObject | undefined): OperationEnd | undefined {
    const state = object && operationStateOf(object);
    if (state && isMarked(state.operation, this.#mark)) {
      this.#shown = this.#begun = true;
      return this.#tell(state);
    }
    const requested = isMarked(object?.['operation'], this.#mark);
    // Until the watch shows our own operation, what it shows is older.
    if (this.#shown && !requested) return this.#lost(object !== undefined);
    this.#shown ||= requested;
    return undefined;
  }

  /** Waits for the next state. One that the person has asked to terminate is followed to its end. */
  async #news(now: number): Promise<void> {
    const { terminate, signal, progress, place } = this.#parts;
    const begun = this.#begun;
    const left = this.#startedAt + PATIENCE - now;
    if (!begun && left <= 0)
      progress.operation({
        phase: 'Running',
        message: `Argo CD has not begun the operation on ${nameOf(place)} yet. Is its application controller running (kubectl -n ${place.namespace} get pods), and is it not busy?`,
      });
    const wake = new Stop(this.#isTerminated ? signal : terminate);
    const approves = this.#asked && !this.#approved ? this.#parts.approved : undefined;
    const stop = (): void => wake.stop();
    approves?.addEventListener('abort', stop);
    await this.#watched.news(wake, begun || left <= 0 ? undefined : left);
    approves?.removeEventListener('abort', stop);
  }

  /** The operation went away before it had a state, or another one took its place. */
  #lost(isThere: boolean): OperationEnd {
    const { place, clock, progress } = this.#parts;
    if (!this.#isTerminated)
      throw new ApplicationError(
        isThere
          ? `The operation of ${nameOf(place)} was replaced by another one, so its end is not known here. Look into Argo CD.`
          : `The Application ${nameOf(place)} was deleted while its operation ran.`,
      );
    const operation: OperationState = { phase: 'Failed', message: 'taken back before Argo CD had begun' };
    progress.operation(operation);
    return { operation, results: [], finishedAt: clock.now() };
  }

  /** With `Prune=confirm` Argo CD waits for an annotation of its Application. Source: controller/sync.go `SyncAppState`. */
  #ask(message: string): void {
    const [, what] = CONFIRMATION.exec(message) ?? [];
    if (what === undefined || this.#asked) return;
    this.#asked = true;
    const { place, notice } = this.#parts;
    if (this.#parts.approved?.aborted === true) return;
    notice({
      code: 'approval',
      message: `Argo CD waits until somebody agrees that it deletes ${what}. Agree here, or in a terminal: kubectl -n ${place.namespace} annotate application ${place.name} --overwrite ${APPROVED}=$(date -u +%Y-%m-%dT%H:%M:%SZ)`,
    });
  }

  #tell(state: ArgoOperationState): OperationEnd | undefined {
    const { progress, clock } = this.#parts;
    if (state.retryCount > this.#attempt && state.resources.length === 0) {
      this.#attempt = state.retryCount;
      progress.nextAttempt();
    }
    this.#revision = state.revision;
    this.#ask(state.message);
    const results = resultsOf(state.resources);
    const operation: OperationState = { phase: state.phase, message: state.message };
    for (const result of results) this.#measure(result);
    progress.passed({ valid: true, tasks: results.map((result) => this.#viewOf(result)), results, operation });
    if (!hasEnded(state)) return undefined;
    const finishedAt = Date.parse(state.finishedAt);
    return {
      operation,
      results,
      finishedAt: Number.isFinite(finishedAt) ? Math.max(finishedAt, this.#startedAt) : clock.now(),
    };
  }

  /** Argo CD tells no times: they are taken as its states come in. */
  #measure(result: ResourceResult): void {
    const { progress, clock, waveOf, runs } = this.#parts;
    const group = `${result.syncPhase} ${waveOf(result)}`;
    const task = keyOf(result);
    if (result.hookPhase === 'Running') progress.stopwatch.start(task, group, clock.now());
    else if (result.hookPhase !== '') progress.stopwatch.stop(task, group, clock.now());
    if (result.hookType !== '' && result.hookPhase === 'Running') runs(result);
  }

  #viewOf(result: ResourceResult): TaskView {
    const { group, version, kind, namespace, name, syncPhase, status, hookPhase, hookType } = result;
    return {
      ...{ group, version, kind, namespace, name, status },
      phase: syncPhase,
      wave: this.#parts.waveOf(result),
      target: status !== 'Pruned' && status !== 'PruneSkipped',
      live: true,
      hook: hookType !== '',
      skipDryRun: false,
      state: hookPhase,
    };
  }
}
