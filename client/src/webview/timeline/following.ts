import type { Picture } from '../../timeline/layout.ts';
import { isMoving, type Timeline } from '../../timeline/model.ts';

/** Keeps what runs in sight, until the person looks elsewhere. */
export class Following {
  readonly #chart: HTMLElement;
  #follows = true;
  #wasMoving = false;
  #column = '';

  constructor(chart: HTMLElement) {
    this.#chart = chart;
    const stop = (): void => {
      this.#follows = false;
    };
    for (const name of ['wheel', 'pointerdown', 'keydown'] as const)
      chart.addEventListener(name, stop, { passive: true });
  }

  draw({ run }: Timeline, { columns, lanes }: Picture): void {
    const moves = isMoving(run);
    if (moves && !this.#wasMoving) this.#follows = true;
    this.#wasMoving = moves;
    if (!moves || !this.#follows) return;
    const column = columns.findLast(({ times }) => times.ran !== undefined);
    const lane = column && lanes[column.lane];
    if (!lane || column.id === this.#column) return;
    this.#column = column.id;
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = this.#chart;
    const isInSight =
      column.x >= scrollLeft &&
      column.x + column.width <= scrollLeft + clientWidth &&
      lane.y >= scrollTop &&
      lane.y + lane.height <= scrollTop + clientHeight;
    if (!isInSight)
      this.#chart.scrollTo({
        left: Math.max(0, column.x - clientWidth / 4),
        top: Math.max(0, lane.y - clientHeight / 4),
      });
  }
}
