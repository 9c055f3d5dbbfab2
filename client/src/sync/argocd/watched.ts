import type { KubeObject } from '#core/object';
import { Bell } from '../bell.ts';
import type { Clock, Cluster } from '../cluster.ts';
import { Stop, type Signal } from '../signal.ts';
import { APPLICATION, applicationKey, type ApplicationPlace } from './live-application.ts';

/** One Application as it stands in the cluster, and as it changes. */
export class WatchedApplication {
  readonly #clock: Clock;
  readonly #bell = new Bell();
  #object: KubeObject | undefined;
  #untaken: (KubeObject | undefined)[] = [undefined];

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the Application has been seen, or that there is none. Rejects where it may not be watched. */
  static async open(
    place: ApplicationPlace,
    { cluster, clock, signal }: { cluster: Cluster; clock: Clock; signal: Signal },
  ): Promise<WatchedApplication> {
    const watched = new WatchedApplication(clock);
    const key = applicationKey(place);
    await cluster.watch(
      [APPLICATION],
      [place.namespace],
      (event) => {
        if (event.key !== key) return;
        watched.#object = event.type === 'changed' ? event.object : undefined;
        watched.#untaken.push(watched.#object);
        watched.#bell.ring();
      },
      signal,
    );
    return watched;
  }

  /** Undefined where it is not there. */
  get object(): KubeObject | undefined {
    return this.#object;
  }

  /** What it was since the last time, one state after the other; the next `news` is of what follows. */
  take(): readonly (KubeObject | undefined)[] {
    this.#bell.reset();
    const taken = this.#untaken;
    this.#untaken = [];
    return taken;
  }

  /** Resolves when the Application has changed since `take`, the signal is given, or so many milliseconds are over. */
  async news(signal: Signal, ms?: number): Promise<void> {
    if (signal.aborted) return;
    const over = new Stop(signal);
    const stopped = new Promise<void>((resolve) => over.addEventListener('abort', resolve));
    const late = ms === undefined ? stopped : this.#clock.sleep(ms, over);
    await Promise.race([this.#bell.wait(), stopped, late]);
    over.stop();
  }
}
