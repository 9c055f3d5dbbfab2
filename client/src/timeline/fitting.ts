/** Width of a text in pixels; `small`: in the font of what stands beside a name. */
export type Measure = (text: string, small?: boolean) => number;

/**
 * A text cut to a width, with an ellipsis; empty where fewer than `least` characters would be left.
 * @param measure width of a text in pixels
 */
export function fitted(text: string, width: number, measure: (text: string) => number, least = 1): string {
  if (measure(text) <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${text.slice(0, middle)}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return low < least ? '' : `${text.slice(0, low).trimEnd()}…`;
}

/** A text in so many lines of a width, in the small font; the last one is cut where it is too long. */
export function wrapped(text: string, width: number, most: number, measure: Measure): string[] {
  const small = (line: string): number => measure(line, true);
  const lines: string[] = [];
  let line = '';
  for (const word of text === '' ? [] : text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || small(longer) <= width || lines.length === most - 1) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line].filter((one) => one !== '').map((one) => fitted(one, width, small));
}
