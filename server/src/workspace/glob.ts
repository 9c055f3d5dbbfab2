/**
 * The patterns of `directory.include` and `directory.exclude`: `*` (which crosses folders too), `?`, `[a-z]`, `[!a]`,
 * `{a,b}` and `\` before any of them. Source: util/glob/glob.go `Match`, which compiles them without separators.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const expression = compile(pattern);
  return expression !== undefined && expression.test(path);
}

/** The pattern as a regular expression; undefined for one that is not well formed, which matches nothing. */
function compile(pattern: string): RegExp | undefined {
  let source = '';
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern[i] ?? '';
    if (unit === '\\') source += literal(pattern[++i] ?? '\\');
    else if (unit === '*') source += '[^]*';
    else if (unit === '?') source += '[^]';
    else if (unit === '{') {
      source += '(?:';
      depth++;
    } else if (unit === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (unit === ',' && depth > 0) source += '|';
    else if (unit === '[') {
      const close = pattern.indexOf(']', i + 2);
      if (close < 0) return undefined;
      const inside = pattern.slice(i + 1, close).replace(/[\\\]^]/g, '\\$&');
      source += inside.startsWith('!') ? `[^${inside.slice(1)}]` : `[${inside}]`;
      i = close;
    } else source += literal(unit);
  }
  if (depth > 0) return undefined;
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    return undefined;
  }
}

const literal = (unit: string): string => unit.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
