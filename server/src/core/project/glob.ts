/**
 * Does a pattern of an AppProject mean a text? `*` stands for any text, `?` for one letter, `[a-z]` and `[!a-z]` for one of
 * a set, `{a,b}` for one of several. A pattern that cannot be read means nothing.
 * Source: util/glob/glob.go `Match` (github.com/gobwas/glob without separators).
 */
export function projectGlob(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^${expressionOf(pattern)}$`, 'su').test(text);
  } catch {
    return false;
  }
}

function expressionOf(pattern: string): string {
  let expression = '';
  let depth = 0;
  const tokens = pattern.match(/\\.|\*+|\[!?[^\]]*\]|[^]/gsu) ?? [];
  for (const token of tokens) {
    if (token.startsWith('*')) expression += '.*';
    else if (token === '?') expression += '.';
    else if (token.length > 1 && token.startsWith('[')) expression += `[${setOf(token.slice(1, -1))}]`;
    else if (token === '{') {
      depth++;
      expression += '(?:';
    } else if (token === '}' && depth > 0) {
      depth--;
      expression += ')';
    } else if (token === ',' && depth > 0) expression += '|';
    else expression += literal(token.startsWith('\\') && token.length > 1 ? token.slice(1) : token);
  }
  return expression;
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const setOf = (set: string): string =>
  (set.startsWith('!') ? '^' : '') + set.replace(/^!/, '').replace(/[\\\]^]/g, '\\$&');
