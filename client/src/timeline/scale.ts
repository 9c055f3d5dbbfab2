const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Durations that a person reads off a scale, in milliseconds. */
const ROUND: readonly number[] = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 6, 12, 24, 48, 96, 240, 720].map((n) => n * HOUR),
];

/** One step of the scale. Bars that grow change it in steps, so that the picture rests in between. */
const STEP = 1.25;
/** A day in one pixel, and a millisecond in thousand. */
const SMALLEST = Math.floor(Math.log(1 / (24 * HOUR)) / Math.log(STEP));
const LARGEST = Math.ceil(Math.log(1000) / Math.log(STEP));

/** Width of a picture whose columns are as wide as their time, but not less than they need. */
export const widthAt = (scale: number, spans: readonly number[], least: readonly number[]): number =>
  spans.reduce((sum, span, i) => sum + Math.max(least[i] ?? 0, span * scale), 0);

/**
 * Pixels for a millisecond, the same in every column: the largest step at which the columns fit into the width, or
 * where their texts alone do not, into a third more than those. 0 where nothing takes time.
 * @param spans milliseconds of each column
 * @param least pixels that each column needs
 */
export function scaleFor(width: number, spans: readonly number[], least: readonly number[]): number {
  if (!spans.some((span) => span > 0)) return 0;
  const texts = widthAt(0, spans, least);
  const room = texts <= width ? width : (4 / 3) * texts;
  const fits = (step: number): boolean => widthAt(STEP ** step, spans, least) <= room;
  let [low, high] = [SMALLEST, LARGEST];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return STEP ** low;
}

/** A round duration and its width, for a ruler below the picture; undefined where there is no scale. */
export function rulerOf(scale: number): { readonly ms: number; readonly width: number } | undefined {
  if (scale <= 0) return undefined;
  const ms = ROUND.findLast((duration) => duration * scale <= 120);
  return ms === undefined ? undefined : { ms, width: ms * scale };
}
