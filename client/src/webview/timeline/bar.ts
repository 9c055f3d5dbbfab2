import { SIZE, type PictureBar, type PictureColumn } from '../../timeline/layout.ts';
import type { TaskState } from '../../timeline/model.ts';
import { px, say, set, svg } from './svg.ts';

/** Signs of the states, 12 pixels wide, as paths of lines. */
const SIGNS: Readonly<Record<TaskState, string>> = {
  planned: 'M6 2.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7',
  waiting: 'M6 2.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7',
  running: 'M6 1.5a4.5 4.5 0 1 1-4.5 4.5',
  done: 'M1.8 6.4 4.8 9.4 10.4 2.8',
  deleted: 'M1.8 3.4h8.4M4.4 3.4v-1.6h3.2v1.6M3 3.4l.5 7h5l.5-7',
  failed: 'M2.2 2.2 9.8 9.8M9.8 2.2 2.2 9.8',
  'not reached': 'M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8M3.2 8.8 8.8 3.2',
  stopped: 'M2.5 2.5h7v7h-7z',
};

const CROSS = 'M-4-4 4 4M4-4-4 4';
const DIAMOND = 'M6 1.5 10.5 6 6 10.5 1.5 6z';

const isNotWaited = ({ times }: PictureBar): boolean => times.tasks.every(({ until }) => until === null);

/** The elements of one bar, and what draws them. */
export class BarPart {
  readonly root = svg('g', { role: 'button', tabindex: '-1' });
  readonly #hit = svg('rect', { class: 'hit', rx: 4 });
  readonly #sign = svg('path', { class: 'sign' });
  readonly #spin = svg('g', {}, [this.#sign]);
  readonly #name = svg('tspan', { class: 'name' });
  readonly #kind = svg('tspan', { class: 'kind', dx: 7 });
  readonly #label = svg('text', {}, [this.#name, this.#kind]);
  readonly #time = svg('text', { class: 'time', 'text-anchor': 'end' });
  readonly #rest = svg('rect', { class: 'rest', rx: 2 });
  readonly #solid = svg('rect', { class: 'solid', rx: 2 });
  readonly #cross = svg('path', { class: 'cross', d: CROSS });

  constructor() {
    this.root.append(this.#hit, this.#spin, this.#label, this.#time, this.#rest, this.#solid, this.#cross);
  }

  draw(bar: PictureBar, column: PictureColumn, spoken: string): void {
    const { root } = this;
    const { state, flat, critical } = bar;
    const isToCome = state === 'planned' || state === 'waiting';
    const isUnreached = state === 'not reached';
    const left = column.x + SIZE.padding;
    const middle = bar.y + SIZE.bar;
    const top = px(middle - SIZE.barHeight / 2);
    const classes = ['bar', state.replace(' ', '-'), critical ? 'critical' : '', bar.times.folded ? 'folded' : ''];
    set(root, {
      class: classes.filter((one) => one !== '').join(' '),
      'data-id': bar.id,
      'aria-label': spoken,
      'aria-roledescription': bar.times.folded ? 'folded bar' : 'bar',
    });
    const box = {
      x: px(left - 6),
      y: px(bar.y - 2),
      width: px(bar.right - left + 12),
      height: px((flat ? SIZE.flatRow : SIZE.row) - 1),
    };
    set(this.#hit, box);
    set(this.#spin, { transform: `translate(${px(left)} ${px(bar.y + SIZE.text - 6)})` });
    set(this.#sign, { d: isToCome && isNotWaited(bar) ? DIAMOND : SIGNS[state] });
    const textY = px(bar.y + SIZE.text + 4);
    set(this.#label, { x: px(left + SIZE.icon), y: textY });
    say(this.#name, bar.name);
    say(this.#kind, bar.kind);
    set(this.#time, { x: px(bar.right), y: textY });
    say(this.#time, bar.time);
    const height = px(SIZE.barHeight);
    const hidden = 'none';
    set(this.#solid, {
      ...{ x: px(bar.x), y: top, height, width: px(Math.max(bar.width, 3)) },
      display: flat || bar.width === 0 ? hidden : undefined,
    });
    set(this.#rest, {
      ...{ x: px(bar.x + bar.width), y: top, height, width: px(Math.max(bar.restWidth, 3)) },
      fill: isUnreached ? 'none' : `url(#${critical ? 'hatch-critical' : 'hatch'})`,
      display: flat || bar.restWidth === 0 ? hidden : undefined,
    });
    set(this.#cross, {
      transform: `translate(${px(bar.x + Math.max(bar.width, 3) + 9)} ${px(middle)})`,
      display: state === 'failed' && !flat ? undefined : hidden,
    });
  }
}
