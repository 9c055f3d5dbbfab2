import { isObject, metadataOf, resourceVersionOf, type JsonObject, type KubeObject } from '#core/object';
import type { Clock, Cluster } from '../cluster.ts';
import type { Signal } from '../signal.ts';
import {
  APPLICATION,
  applicationKey,
  liveApplication,
  operationStateOf,
  type ApplicationPlace,
} from './live-application.ts';
import { isMarked, withOperation, withoutOperation, withTermination } from './operation.ts';

/** The annotation by which somebody agrees to the deletions that an Application asks about: a time, RFC 3339. */
export const APPROVED = 'argocd.argoproj.io/deletion-approved';

/** Field manager of what we change of an Application. */
const MANAGER = 'argocd-hooks';
/** For five seconds where somebody else changes the Application meanwhile: its controller does so all the time. */
const ATTEMPTS = 50;
const PAUSE = 100;

/** The Application could not be changed; the message is fit for a person. */
export class ApplicationError extends Error {
  override name = 'ApplicationError';
}

/**
 * Changes of one Application, each on the very version that was read, so that nothing of anybody else's is overwritten.
 * Rejects with an ApplicationError.
 */
export class ApplicationChanges {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #place: ApplicationPlace;
  readonly #signal: Signal;
  readonly #written: () => void;

  /** @param written is told after each change that was made */
  constructor(
    place: ApplicationPlace,
    { cluster, clock, signal }: { cluster: Cluster; clock: Clock; signal: Signal },
    written: () => void,
  ) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#place = place;
    this.#signal = signal;
    this.#written = written;
  }

  /** Asks for an operation. Another one that has not ended is left as it is, and ours refused. */
  request(make: (object: KubeObject) => JsonObject, mark: string): Promise<void> {
    return this.#change((object) => {
      // The answer to an attempt before may have been lost.
      if (isMarked(object['operation'], mark) || isMarked(operationStateOf(object)?.operation, mark)) return undefined;
      const { operation, isDeleted } = liveApplication(object);
      if (isDeleted) throw new ApplicationError(`${this.#name} is being deleted. It is not synced any more.`);
      if (operation)
        throw new ApplicationError(
          `Another operation of ${this.#name} has begun meanwhile${operation.by === '' ? '' : ` (${operation.by})`}. Wait for its end, or terminate it.`,
        );
      return withOperation(object, make(object));
    });
  }

  /**
   * Asks Argo CD to terminate its operation; one that the controller has not begun is taken back instead, since nobody
   * would do it. Nothing is done where nothing runs.
   * @param mark the operation with this mark alone
   */
  terminate(mark?: string): Promise<void> {
    return this.#change((object) => {
      const { operation } = liveApplication(object);
      if (!operation || (mark !== undefined && !isMarked(object['operation'], mark))) return undefined;
      if (operation.phase === 'Requested') return withoutOperation(object);
      return operation.phase === 'Running' ? withTermination(object) : undefined;
    });
  }

  /** Agrees to the deletions that the operation with this mark asks about. Source: types.go `IsDeletionConfirmed`. */
  approve(mark: string): Promise<void> {
    return this.#change((object) => {
      const state = operationStateOf(object);
      if (!state || !isMarked(state.operation, mark)) return undefined;
      // The clocks of two machines differ: what is older than the operation does not count.
      const begun = Date.parse(state.startedAt);
      const at = Math.max(this.#clock.now(), Number.isFinite(begun) ? begun : 0);
      const value = `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;
      const metadata = metadataOf(object);
      const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
      return { ...object, metadata: { ...metadata, annotations: { ...annotations, [APPROVED]: value } } };
    });
  }

  get #name(): string {
    return `The Application ${this.#place.namespace}/${this.#place.name}`;
  }

  async #change(edit: (object: KubeObject) => KubeObject | undefined): Promise<void> {
    const { namespace, name } = this.#place;
    for (let attempt = 1; ; attempt++) {
      const object = await this.#cluster.read(APPLICATION, namespace, name, this.#signal);
      if (!object) throw new ApplicationError(`${this.#name} is not there any more.`);
      if (resourceVersionOf(object) === '') throw new ApplicationError(`${this.#name} has no version to build upon.`);
      const changed = edit(object);
      if (!changed) return;
      const key = applicationKey(this.#place);
      const action = { verb: 'update', key, object: changed, manager: MANAGER } as const;
      const { error, reason } = await this.#cluster.perform(action, this.#signal);
      if (error === undefined) return this.#written();
      if (reason !== 'Conflict') throw new ApplicationError(`${this.#name} could not be changed: ${error}`);
      if (attempt >= ATTEMPTS)
        throw new ApplicationError(`${this.#name} is changed by somebody else all the time: ${error}`);
      await this.#clock.sleep(PAUSE, this.#signal);
    }
  }
}
