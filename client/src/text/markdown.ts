/** Text that Markdown takes literally within a line, in GitHub's dialect and in VS Code's (where `$(` begins an icon). */
export const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]|<>~$&]/g, '\\$&');

/** Text for one cell of a table or one item of a list: escaped, in one line. */
export const inlineMarkdown = (text: string): string => escapeMarkdown(text.replace(/\p{Cc}+|\s+/gu, ' ').trim());

/** A table; cells are Markdown already. Columns in which every cell is empty are left out. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const used = head.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const line = (cells: readonly string[]): string => `| ${cells.filter((_, column) => used[column]).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
