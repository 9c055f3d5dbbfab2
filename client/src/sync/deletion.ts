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
import {
  deletionAccess,
  deletionBlockers,
  deletionLooks,
  deletionPreflight,
  type DeletionQuestion,
} from './deletion-preflight.ts';
import { drive } from './drive.ts';
import { ownership } from './argocd/owner.ts';
import { rfc3339 } from './progress.ts';
import type { SyncPorts, SyncRequest } from './request.ts';
import { BACKOFF, waitBefore } from './retry.ts';
import { runParts, type RunParts } from './run-parts.ts';
import type { SyncEnd } from './runner.ts';
import { Stop } from './signal.ts';

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
  readonly #parts: RunParts;
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
    this.#parts = runParts(request, ports, stop);
  }

  async run(identity: Identity): Promise<SyncEnd> {
    const ports = this.#ports;
    await this.#parts.session.discover();
    const hidden = await ports.cluster.denied(deletionLooks(this.#request, this.#parts.session), this.#stop);
    const unseen = hidden.length > 0 ? [] : await this.#parts.session.takeInventory();
    if (hidden.length === 0) await this.#parts.session.watch();
    const question: DeletionQuestion = {
      ...{ request: this.#request, identity, session: this.#parts.session },
      ...{ cascade: this.#request.cascade, defaultDelete: this.#defaultDelete },
    };
    const denied = hidden.length > 0 ? hidden : await ports.cluster.denied(deletionAccess(question), this.#stop);
    const owners = await ownership(
      { cluster: ports.cluster, identity, request: this.#request, signal: this.#stop },
      this.#parts.session.owned().values(),
    );
    const preflight = deletionPreflight(question, {
      warnings: owners.warnings.map((text) => this.#parts.redactor.hide(text)),
      blockers: [
        ...owners.blockers,
        ...(hidden.length > 0 ? [] : deletionBlockers(question, unseen)),
        ...deniedTexts(denied, identity.user),
      ],
      unseen,
    });
    ports.emit({ type: 'preflight', time: this.#parts.progress.time(), preflight });
    if (preflight.blockers.length > 0)
      return { kind: 'blocked', blockers: preflight.blockers, denied: denied.length > 0 };
    if (ports.terminate.aborted || !(await ports.confirm(preflight))) return { kind: 'refused' };
    return this.#operate();
  }

  async #operate(): Promise<SyncEnd> {
    const { clock, terminate } = this.#ports;
    const { session, progress, settled, tellResult } = this.#parts;
    const startedAt = clock.now();
    progress.operation(this.#state);
    const timer = new Stop(this.#stop);
    const late = new Stop(terminate);
    if (this.#request.timeout !== undefined)
      void clock.sleep(this.#request.timeout, timer).then(() => {
        if (!timer.aborted) late.stop();
      });
    await this.#attempts(late);
    timer.stop();
    await settled();
    const end = { operation: this.#state, results: this.#results, finishedAt: clock.now() };
    tellResult(end, startedAt, [...session.owned().keys()].sort());
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
      this.#parts.progress.operation({ phase: 'Running', message: text });
      await clock.sleep(wait, terminate);
      this.#state = { phase: 'Running', message: '' };
      this.#results = this.#results.filter((row) => !hasFailed(row));
      this.#parts.progress.nextAttempt();
      this.#parts.failures.nextAttempt();
    }
  }

  /** Passes until it has ended, was terminated, or nothing more will happen. */
  async #passes(terminate: Stop): Promise<void> {
    const ring = (): void => this.#parts.bell.ring();
    const { approved } = this.#ports;
    terminate.addEventListener('abort', ring);
    approved?.addEventListener('abort', ring);
    try {
      while (this.#state.phase === 'Running') {
        this.#parts.bell.reset();
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
    await this.#parts.failures.look(this.#awaited);
    const { cascade, propagation = 'Foreground' } = this.#request;
    const pass = deletionPass({
      ...{ cascade, propagation, defaultDelete: this.#defaultDelete, confirmed: approved?.aborted === true },
      hooks: this.#parts.session.deleteHooks,
      live: this.#parts.session.owned(),
      operation: this.#state,
      results: this.#results,
      health: (object) => cluster.health(object),
    });
    const outcome = await drive(pass, { perform: (action) => this.#perform(action, terminate) });
    this.#results = outcome.results;
    this.#state = outcome.operation;
    this.#parts.progress.passed(outcome);
    this.#parts.failures.passed(outcome.tasks);
    const owned = this.#parts.session.owned();
    const isGoing = (view: TaskView): boolean => view.status === 'Pruned' && owned.has(this.#parts.session.keyOf(view));
    this.#awaited = outcome.tasks.filter((view) => view.state === 'Running' || isGoing(view));
    this.#parts.waits.passed(outcome.tasks, this.#awaited);
    this.#follow(outcome);
  }

  async #perform(action: Action, terminate: Stop): Promise<Response> {
    if (terminate.aborted) return NOT_SENT;
    const response = await this.#parts.session.perform(action);
    // A generated name is known only now.
    const key = response.object ? keyOf(objectIdOf(response.object)) : action.key;
    this.#parts.progress.answered(action, key, response);
    return response;
  }

  #end(state: OperationState): void {
    this.#state = state;
    this.#parts.progress.operation(state);
  }

  /** The hooks that run: their logs are followed. */
  #follow({ tasks }: PassOutcome): void {
    for (const view of tasks) {
      const key = this.#parts.session.keyOf(view);
      const hook = view.hook && view.state === 'Running' ? this.#parts.session.cache.get(key) : undefined;
      if (hook && uidOf(hook) !== '') this.#parts.logs.follow(key, hook);
    }
  }

  /** Waits for news; false where none will come. */
  #wait(terminate: Stop): Promise<boolean> {
    const { news, tellStuck } = this.#parts;
    const horizon = this.#request.horizon === undefined ? undefined : this.#ports.clock.now() + this.#request.horizon;
    return news({ terminate, horizon, stuck: () => tellStuck(this.#state, this.#awaited) });
  }
}
