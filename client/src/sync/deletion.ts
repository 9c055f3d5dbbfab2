import { keyOf, objectIdOf, uidOf } from '#core/object';
import { deletionPass } from '#core/sync/deletion';
import type {
  Action,
  OperationState,
  PassOutcome,
  PropagationPolicy,
  ResourceResult,
  Response,
  TaskView,
} from '#core/sync/model';
import { TERMINATED } from '#core/sync/messages';
import { hasFailed } from '#core/sync/results';
import { deniedTexts } from './access.ts';
import { Bell } from './bell.ts';
import {
  deletionAccess,
  deletionBlockers,
  deletionLooks,
  deletionPreflight,
  type DeletionQuestion,
} from './deletion-preflight.ts';
import { drive } from './drive.ts';
import type { RunEvent } from './events.ts';
import { HookLogs } from './hook-logs.ts';
import { seconds } from './measure.ts';
import { ownership } from './argocd/owner.ts';
import { Progress, rfc3339, withoutSecrets } from './progress.ts';
import { Redactor } from './redact.ts';
import type { SyncPorts, SyncRequest } from './request.ts';
import { BACKOFF, waitBefore } from './retry.ts';
import type { SyncEnd } from './runner.ts';
import { Session } from './session.ts';
import { settle } from './settle.ts';
import { Stop } from './signal.ts';
import { Waits } from './waits.ts';

/** The deletion of an application's objects: of the manifests only the hooks of the deletion count. */
export interface DeletionRequest extends SyncRequest {
  /** Delete the resources too; without it the hooks run alone. */
  readonly cascade: boolean;
  /** Absent: Foreground, as Argo CD deletes. */
  readonly propagation?: PropagationPolicy;
}

const NOT_SENT: Response = { error: 'not sent: the operation was terminated before' };

/**
 * Deletes what an application has in a cluster, as Argo CD does when its Application is deleted: PreDelete hooks, the
 * resources from the highest wave to the lowest, PostDelete hooks. Shows every object by name first; everything that
 * happens is told through `ports.emit`. What was cut off is gone on with by asking again: what is gone is gone.
 * Rejects only where the cluster cannot be reached at all, with a message for a person.
 */
export async function runDeletion(request: DeletionRequest, ports: SyncPorts): Promise<SyncEnd> {
  const stop = new Stop();
  try {
    const identity = await ports.cluster.connect(new Stop(ports.terminate));
    const namespace = request.namespace || identity.namespace || 'default';
    return await new Deletion({ ...request, namespace }, ports, stop).run(identity);
  } finally {
    stop.stop();
    ports.cluster.close();
  }
}

type Identity = Awaited<ReturnType<SyncPorts['cluster']['connect']>>;

class Deletion {
  readonly #request: DeletionRequest;
  readonly #ports: SyncPorts;
  readonly #stop: Stop;
  readonly #bell = new Bell();
  readonly #redactor = new Redactor();
  readonly #session: Session;
  readonly #progress: Progress;
  readonly #logs: HookLogs;
  readonly #waits: Waits;
  readonly #defaultDelete: string | null;
  #state: OperationState = { phase: 'Running', message: '' };
  #results: readonly ResourceResult[] = [];
  #awaited: readonly TaskView[] = [];

  constructor(request: DeletionRequest, ports: SyncPorts, stop: Stop) {
    this.#request = request;
    this.#ports = ports;
    this.#stop = stop;
    const option = request.operation.syncOptions?.find((text) => text.startsWith('Delete='));
    this.#defaultDelete = option?.slice('Delete='.length) ?? null;
    const { clock, cluster } = ports;
    const emit = (event: RunEvent): void => ports.emit(event);
    const now = (): number => clock.now();
    this.#session = new Session(cluster, request, this.#redactor, stop, { now, changed: () => this.#bell.ring() });
    this.#progress = new Progress({
      now,
      emit,
      redactor: this.#redactor,
      keyOf: (view) => this.#session.keyOf(view),
      changedAt: (key) => this.#session.cache.changedAt(key),
    });
    this.#waits = new Waits({
      ...{ cluster, clock, redactor: this.#redactor, emit, signal: stop },
      keyOf: (view) => this.#session.keyOf(view),
      live: (key) => this.#session.cache.get(key),
    });
    this.#logs = new HookLogs({
      ...{ cluster, redactor: this.#redactor, emit, signal: stop },
      time: () => this.#progress.time(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    });
  }

  async run(identity: Identity): Promise<SyncEnd> {
    const ports = this.#ports;
    await this.#session.discover();
    const hidden = await ports.cluster.denied(deletionLooks(this.#request, this.#session), this.#stop);
    const unseen = hidden.length > 0 ? [] : await this.#session.takeInventory();
    if (hidden.length === 0) await this.#session.watch();
    const question: DeletionQuestion = {
      ...{ request: this.#request, identity, session: this.#session },
      ...{ cascade: this.#request.cascade, defaultDelete: this.#defaultDelete },
    };
    const denied = hidden.length > 0 ? hidden : await ports.cluster.denied(deletionAccess(question), this.#stop);
    const owners = await ownership(
      { cluster: ports.cluster, identity, request: this.#request, signal: this.#stop },
      this.#session.owned().values(),
    );
    const preflight = deletionPreflight(question, {
      warnings: owners.warnings.map((text) => this.#redactor.hide(text)),
      blockers: [
        ...owners.blockers,
        ...(hidden.length > 0 ? [] : deletionBlockers(question, unseen)),
        ...deniedTexts(denied, identity.user),
      ],
      unseen,
    });
    ports.emit({ type: 'preflight', time: this.#progress.time(), preflight });
    if (preflight.blockers.length > 0)
      return { kind: 'blocked', blockers: preflight.blockers, denied: denied.length > 0 };
    if (ports.terminate.aborted || !(await ports.confirm(preflight))) return { kind: 'refused' };
    return this.#operate();
  }

  async #operate(): Promise<SyncEnd> {
    const { clock, terminate } = this.#ports;
    const startedAt = clock.now();
    this.#progress.operation(this.#state);
    const timer = new Stop(this.#stop);
    const late = new Stop(terminate);
    if (this.#request.timeout !== undefined)
      void clock.sleep(this.#request.timeout, timer).then(() => {
        if (!timer.aborted) late.stop();
      });
    await this.#attempts(late);
    timer.stop();
    await this.#logs.close();
    await this.#waits.close();
    await settle(this.#session, { bell: this.#bell, clock, signal: this.#stop });
    this.#tellResult(startedAt);
    return { kind: 'finished', phase: this.#state.phase, terminated: terminate.aborted };
  }

  /** Attempt after attempt, as many as may be; a failed hook was deleted, and is created anew. */
  async #attempts(terminate: Stop): Promise<void> {
    const { clock } = this.#ports;
    const { retry, backoff = BACKOFF } = this.#request;
    for (let retries = 0; ;) {
      await this.#passes(terminate);
      const may = retry < 0 || retries < retry;
      if (this.#state.phase !== 'Failed' || terminate.aborted || !may) return;
      retries++;
      const wait = waitBefore(retries, backoff);
      const text = `${this.#state.message}. Retrying attempt #${retries} at ${rfc3339(clock.now() + wait)}.`;
      this.#progress.operation({ phase: 'Running', message: text });
      await clock.sleep(wait, terminate);
      this.#state = { phase: 'Running', message: '' };
      this.#results = this.#results.filter((row) => !hasFailed(row));
      this.#progress.nextAttempt();
    }
  }

  /** Passes until it has ended, was terminated, or nothing more will happen. */
  async #passes(terminate: Stop): Promise<void> {
    const ring = (): void => this.#bell.ring();
    const { approved } = this.#ports;
    terminate.addEventListener('abort', ring);
    approved?.addEventListener('abort', ring);
    try {
      while (this.#state.phase === 'Running') {
        this.#bell.reset();
        if (terminate.aborted) {
          this.#end({ phase: 'Failed', message: TERMINATED });
          return;
        }
        const before = JSON.stringify([this.#state.message, this.#results]);
        await this.#pass(terminate);
        if (JSON.stringify([this.#state.message, this.#results]) !== before) continue;
        if (!(await this.#wait(terminate))) return;
      }
    } finally {
      terminate.removeEventListener('abort', ring);
      approved?.removeEventListener('abort', ring);
    }
  }

  async #pass(terminate: Stop): Promise<void> {
    const { cluster, approved } = this.#ports;
    const { cascade, propagation = 'Foreground' } = this.#request;
    const pass = deletionPass({
      ...{ cascade, propagation, defaultDelete: this.#defaultDelete, confirmed: approved?.aborted === true },
      hooks: this.#session.deleteHooks,
      live: this.#session.owned(),
      operation: this.#state,
      results: this.#results,
      health: (object) => cluster.health(object),
    });
    const outcome = await drive(pass, { perform: (action) => this.#perform(action, terminate) });
    this.#results = outcome.results;
    this.#state = outcome.operation;
    this.#progress.passed(outcome);
    const owned = this.#session.owned();
    const isGoing = (view: TaskView): boolean => view.status === 'Pruned' && owned.has(this.#session.keyOf(view));
    this.#awaited = outcome.tasks.filter((view) => view.state === 'Running' || isGoing(view));
    this.#waits.passed(outcome.tasks, this.#awaited);
    this.#follow(outcome);
  }

  async #perform(action: Action, terminate: Stop): Promise<Response> {
    if (terminate.aborted) return NOT_SENT;
    const response = await this.#session.perform(action);
    // A generated name is known only now.
    const key = response.object ? keyOf(objectIdOf(response.object)) : action.key;
    this.#progress.answered(action, key, response);
    return response;
  }

  #end(state: OperationState): void {
    this.#state = state;
    this.#progress.operation(state);
  }

  /** The hooks that run: their logs are followed. */
  #follow({ tasks }: PassOutcome): void {
    for (const view of tasks) {
      const key = this.#session.keyOf(view);
      const hook = view.hook && view.state === 'Running' ? this.#session.cache.get(key) : undefined;
      if (hook && uidOf(hook) !== '') this.#logs.follow(key, hook);
    }
  }

  /** Waits for news; false where none will come. */
  async #wait(terminate: Stop): Promise<boolean> {
    const { clock } = this.#ports;
    if (this.#bell.rung) return true;
    const horizon = this.#request.horizon === undefined ? undefined : clock.now() + this.#request.horizon;
    const woken = new Stop(terminate);
    let quiet = false;
    const silence = clock.quiet?.(woken, horizon).then(() => {
      if (woken.aborted) return;
      quiet = true;
      this.#bell.ring();
    });
    await this.#bell.wait();
    woken.stop();
    await silence;
    if (!quiet) return true;
    await this.#tellStuck();
    if (this.#request.waitsForever !== true) return false;
    this.#bell.reset();
    if (!terminate.aborted) await this.#bell.wait();
    return true;
  }

  async #tellStuck(): Promise<void> {
    const waitsFor = [];
    for (const view of this.#awaited)
      waitsFor.push({ task: this.#session.keyOf(view), ...(await this.#waits.why(view)) });
    const message = this.#redactor.hide(this.#state.message);
    this.#ports.emit({ type: 'stuck', time: this.#progress.time(), message, waitsFor });
  }

  #tellResult(startedAt: number): void {
    const finishedAt = this.#ports.clock.now();
    const { phase, message } = this.#state;
    this.#ports.emit({
      type: 'result',
      time: this.#progress.time(),
      operation: {
        ...{ phase, message: this.#redactor.hide(message) },
        startedAt: rfc3339(startedAt),
        finishedAt: rfc3339(finishedAt),
      },
      results: withoutSecrets(this.#results, this.#redactor),
      left: [...this.#session.owned().keys()].sort(),
      ...this.#progress.stopwatch.measures(),
      waited: { seconds: seconds(finishedAt - startedAt) },
    });
  }
}
