import { barsOf, type BarTimes } from './bars.ts';
import { criticalPath, type CriticalPath } from './critical.ts';
import { gateView, type GateView } from './gates.ts';
import { isMoving, isOver, tasksOf, type TaskState, type Timeline, type TimelineLane } from './model.ts';
import { rulerOf, scaleFor } from './scale.ts';
import { columnTimes, type ColumnTimes } from './times.ts';
import { fitted, wrapped, type Measure } from './fitting.ts';
import { AT_ONCE, barState, barTexts, columnTitle, timeOf } from './words.ts';

/** Sizes in pixels. */
export const SIZE = {
  laneHead: 30,
  columnHead: 26,
  row: 36,
  /** A row without a bar: what takes no time. */
  flatRow: 22,
  /** Middle of a row's text, and of its bar, from the row's top. */
  text: 10,
  bar: 23,
  barHeight: 9,
  icon: 18,
  gap: 8,
  /** Room for a time, so that a time that grows moves nothing. */
  timeWidth: 46,
  gateLine: 15,
  padding: 12,
  /** What is expected, or was not reached, is seen however short it is. */
  leastRest: 12,
  leastText: 112,
  mostText: 230,
} as const;

/** Lines of the text of a gate at most. */
export const GATE_LINES = 3;

export interface PictureBar {
  readonly id: string;
  readonly lane: number;
  readonly column: number;
  readonly times: BarTimes;
  readonly state: TaskState;
  readonly critical: boolean;
  /** It takes no time: a row without a bar. */
  readonly flat: boolean;
  readonly x: number;
  /** Top of its row. */
  readonly y: number;
  /** What has run, then what is expected or was not reached. */
  readonly width: number;
  readonly restWidth: number;
  readonly name: string;
  readonly kind: string;
  readonly time: string;
  /** Right end of the time's text. */
  readonly right: number;
}

export interface PictureColumn {
  readonly id: string;
  readonly lane: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly title: string;
  readonly time: string;
  readonly times: ColumnTimes;
}

/** A line at the right end of a column, with its text below the bars. */
export interface PictureGate {
  readonly id: string;
  readonly lane: number;
  readonly column: number;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly view: GateView;
  readonly textX: number;
  readonly textY: number;
  readonly lines: readonly string[];
}

export interface PictureLane {
  readonly lane: TimelineLane;
  readonly y: number;
  readonly height: number;
}

/** Where everything stands, in pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly PictureLane[];
  readonly columns: readonly PictureColumn[];
  readonly bars: readonly PictureBar[];
  readonly gates: readonly PictureGate[];
  readonly critical: CriticalPath;
  readonly ruler: { readonly ms: number; readonly width: number } | undefined;
}

export interface Looking {
  /** Pixels that are there. */
  readonly width: number;
  /** The cluster's clock, in milliseconds since 1970; undefined where nothing runs. */
  readonly now: number | undefined;
  /** Ids of columns that a person unfolded. */
  readonly unfolded: ReadonlySet<string>;
  readonly measure: Measure;
}

interface Column {
  readonly times: ColumnTimes;
  readonly bars: readonly BarTimes[];
  /** Pixels that its texts need. */
  readonly least: number;
}

/**
 * Places a timeline: phases below one another, their waves one after the other from left to right, a bar for each task,
 * as wide as it takes time, at the same scale everywhere.
 */
export function layout(timeline: Timeline, looking: Looking): Picture {
  const { measure } = looking;
  const all = columnTimes(timeline, looking.now);
  const critical = criticalPath(timeline, all);
  const isCritical = new Set(critical.tasks);
  const total = tasksOf(timeline).length;
  // Where many columns share the width, names are cut rather than columns pushed out of sight.
  const abreast = all.filter(({ lane }) => !lane.conditional).length;
  const share = (0.9 * looking.width) / Math.max(1, abreast) - 2 * SIZE.padding;
  const mostText = Math.max(SIZE.leastText, Math.min(SIZE.mostText, share));
  const columns = all.map((times): Column => {
    const bars = barsOf(times, total, looking.unfolded, isCritical);
    const time = columnTime(times, timeline);
    return { times, bars, least: leastWidth({ times, bars, time }, measure, mostText) };
  });
  const always = columns.filter(({ times }) => !times.lane.conditional);
  const inner = looking.width - 2 * SIZE.padding * always.length;
  const spans = always.map(({ times }) => times.span);
  const scale = scaleFor(
    inner,
    spans,
    always.map(({ least }) => least),
  );
  const widthOf = ({ times, least }: Column): number => Math.max(least, times.span * scale) + 2 * SIZE.padding;
  const parts = { lanes: [], columns: [], bars: [], gates: [] } satisfies Parts as Parts;
  const placing = { timeline, looking, isCritical, scale, parts };
  let y = 0;
  let x = 0;
  timeline.lanes.forEach((lane, index) => {
    const own = columns
      .filter(({ times }) => times.lane === lane)
      .map((column) => ({ ...column, width: widthOf(column) }));
    const left = lane.conditional ? conditionalLeft(parts) : x;
    const { height, width } = placeLane(placing, own, index, left, y);
    parts.lanes.push({ lane, y, height });
    x = Math.max(x, left + width);
    y += height;
  });
  return { ...parts, width: Math.max(looking.width, x), height: y, critical, ruler: rulerOf(scale) };
}

/** What runs only where something fails follows what was reached last; where nothing was yet, it may follow anything. */
function conditionalLeft({ columns }: Parts): number {
  const isOnWay = columns.some(({ times }) => times.timed.some(({ task }) => task.progress.state === 'failed'));
  const last = isOnWay ? columns.findLast(({ times }) => times.ran !== undefined) : undefined;
  return last ? last.x + last.width : 0;
}

interface Parts {
  readonly lanes: PictureLane[];
  readonly columns: PictureColumn[];
  readonly bars: PictureBar[];
  readonly gates: PictureGate[];
}

interface Placing {
  readonly timeline: Timeline;
  readonly looking: Looking;
  readonly isCritical: ReadonlySet<string>;
  readonly scale: number;
  readonly parts: Parts;
}

function placeLane(
  placing: Placing,
  columns: readonly (Column & { readonly width: number })[],
  lane: number,
  left: number,
  top: number,
): { width: number; height: number } {
  const { parts, timeline, looking } = placing;
  const first = top + SIZE.laneHead;
  const heights = columns.map(({ bars }) => bars.reduce((sum, bar) => sum + rowHeight(bar), 0));
  const gateY = first + SIZE.columnHead + heights.reduce((most, height) => Math.max(most, height), 0);
  const texts = columns.map(({ times, width }) => {
    const view = gateView(times, timeline.run, looking.now);
    return { view, lines: wrapped(view.text, width - 2 * SIZE.padding - SIZE.icon, GATE_LINES, looking.measure) };
  });
  const lineCount = texts.reduce((most, { lines }) => Math.max(most, lines.length), 0);
  const height = gateY + lineCount * SIZE.gateLine + SIZE.padding - top;
  let x = left;
  columns.forEach(({ times, bars, width }, i) => {
    const column = parts.columns.length;
    const time = columnTime(times, timeline);
    parts.columns.push({ id: times.id, lane, x, y: first, width, title: columnTitle(times), time, times });
    let y = first + SIZE.columnHead;
    for (const bar of bars) {
      const at = { x: x + SIZE.padding, y, right: x + width - SIZE.padding };
      parts.bars.push({ lane, column, ...placeBar(placing, bar, times, at) });
      y += rowHeight(bar);
    }
    const { view = NO_GATE, lines = [] } = texts[i] ?? {};
    parts.gates.push({
      ...{ id: `${times.id} gate`, lane, column, x: x + width, top: first, bottom: top + height, view, lines },
      ...{ textX: x + SIZE.padding, textY: gateY },
    });
    x += width;
  });
  return { width: x - left, height };
}

/** What is expected to take no time, and took none, has no bar; what took less than was expected keeps its row. */
const isFlat = ({ tasks, length, rest }: BarTimes): boolean =>
  length + rest === 0 && tasks.every(({ estimate }) => estimate.ms === 0);
const rowHeight = (bar: BarTimes): number => (isFlat(bar) ? SIZE.flatRow : SIZE.row);

const NO_GATE: GateView = { state: 'none', text: '' };

const columnTime = (times: ColumnTimes, timeline: Timeline): string => {
  if (times.ran !== undefined) return times.ran < AT_ONCE ? '' : timeOf(times.ran, isMoving(timeline.run));
  return isOver(timeline.run) || times.span === 0 ? '' : `≈ ${timeOf(times.span)}`;
};

function placeBar(
  { isCritical, scale, looking }: Placing,
  bar: BarTimes,
  column: ColumnTimes,
  at: { readonly x: number; readonly y: number; readonly right: number },
): Omit<PictureBar, 'lane' | 'column'> {
  const { measure } = looking;
  const texts = barTexts(bar);
  const timeWidth = texts.time === '' ? 0 : measure(texts.time, true) + SIZE.gap;
  const room = at.right - at.x - SIZE.icon - timeWidth;
  const name = fitted(texts.name, room, (text) => measure(text));
  const kind = fitted(texts.kind, room - measure(name) - SIZE.gap, (text) => measure(text, true), 4);
  const flat = isFlat(bar);
  return {
    id: bar.id,
    times: bar,
    state: barState(bar),
    critical: !flat && bar.tasks.some(({ id }) => isCritical.has(id)),
    flat,
    x: at.x + Math.min(bar.from * scale, Math.max(0, column.span * scale)),
    y: at.y,
    width: bar.length * scale,
    restWidth: bar.rest === 0 ? 0 : Math.max(bar.rest * scale, SIZE.leastRest),
    ...{ name, kind, time: texts.time, right: at.right },
  };
}

/**
 * Pixels that the texts of a column need, within reason; kinds stand beside names where there is room. A long time takes
 * nothing away from a name.
 */
function leastWidth(
  { times, bars, time }: { readonly times: ColumnTimes; readonly bars: readonly BarTimes[]; readonly time: string },
  measure: Measure,
  most: number,
): number {
  const rows = bars.map(barTexts);
  const widths = rows.map(
    ({ name, time: own }) => SIZE.icon + measure(name) + (own === '' ? 0 : SIZE.timeWidth + SIZE.gap),
  );
  const head = measure(columnTitle(times), true) + SIZE.timeWidth;
  const widest = [head, ...widths].reduce((sum, width) => Math.max(sum, width), 0);
  const longest = [time, ...rows.map((row) => row.time)].reduce((sum, text) => Math.max(sum, measure(text, true)), 0);
  return Math.min(most, Math.max(SIZE.leastText, widest)) + Math.max(0, longest - SIZE.timeWidth);
}
