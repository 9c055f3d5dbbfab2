/** Times of repeated runs in ms, sorted. */
export interface Times {
  readonly least: number;
  readonly median: number;
}

/** Runs something again and again, each time from a fresh argument that is not part of the time. */
export async function measure<T>(
  times: number,
  prepare: (run: number) => T,
  run: (argument: T) => unknown,
): Promise<Times> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const argument = prepare(i);
    const start = performance.now();
    await run(argument);
    taken.push(performance.now() - start);
  }
  taken.sort((a, b) => a - b);
  return { least: taken[0] ?? 0, median: taken[taken.length >> 1] ?? 0 };
}

export const ms = (time: number): string => `${time < 10 ? time.toFixed(2) : time.toFixed(0)} ms`;
export const times = (ratio: number): string => `${ratio.toFixed(1)} ×`;

/** Rows of cells as a Markdown table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
