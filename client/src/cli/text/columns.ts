/** Width of a text on a terminal, near enough: letters count one, combining marks none, wide letters two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (/\p{Mn}|\p{Cf}/u.test(letter)) continue;
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
      letter,
    )
      ? 2
      : 1;
  }
  return width;
}

/** The text, cut off where it would be wider than so many columns. */
export function fit(text: string, width: number): string {
  if (text.length * 2 <= width) return text;
  let used = 0;
  let fitting = '';
  for (const letter of text) {
    used += widthOf(letter);
    if (used > width) return fitting;
    fitting += letter;
  }
  return text;
}

export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Lines of aligned cells; the last cell of a line is not padded. Columns are as wide as their widest cell, up to a limit. */
export function aligned(rows: readonly (readonly string[])[], limit = 64): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.slice(0, -1).forEach((cell, i) => (widths[i] = Math.min(limit, Math.max(widths[i] ?? 0, widthOf(cell)))));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The lines of a text in one: servers and kubectl's words may have several. */
export const oneLine = (text: string): string =>
  text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');

/** The text in lines of at most so many columns, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((one) => fit(one, width));
}
