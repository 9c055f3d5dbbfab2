import type { TimelineRun } from '../../timeline/model.ts';

/** Does the person want things to stand still? VS Code says so by a class, the machine by a media query. */
const rests = (): boolean =>
  document.body.classList.contains('vscode-reduce-motion') || matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The cluster's clock, as it goes on from what was told last. */
export class Clock {
  #told: { readonly now: number; readonly speed: number; readonly at: number } | undefined;

  set(run: TimelineRun | null): void {
    this.#told = run?.clock && { ...run.clock, at: performance.now() };
  }

  /** In milliseconds since 1970; undefined where nothing runs. */
  now(): number | undefined {
    if (!this.#told) return undefined;
    const { now, speed, at } = this.#told;
    return now + (performance.now() - at) * speed;
  }

  /** Calls when the picture has to move on: with the next frame, or once a second where things stand still. */
  next(then: () => void): void {
    if (rests()) setTimeout(then, 1000);
    else then();
  }
}
