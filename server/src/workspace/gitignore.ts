/** One line of a `.gitignore` file. */
interface Rule {
  readonly expression: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

/** The rules of one `.gitignore`, for paths as seen from the folder that it lies in. */
export type IgnoreRules = readonly Rule[];

/** Reads a `.gitignore`. */
export function parseIgnore(text: string): IgnoreRules {
  return text.split(/\r?\n/).flatMap((line): Rule[] => {
    const pattern = line.replace(/(?<!\\)[ \t]+$/, '');
    if (pattern === '' || pattern.startsWith('#')) return [];
    const negated = pattern.startsWith('!');
    const body = negated ? pattern.slice(1) : pattern;
    const foldersOnly = body.endsWith('/');
    const core = foldersOnly ? body.slice(0, -1) : body;
    const anchored = core.includes('/');
    const expression = compile(core.replace(/^\//, ''), anchored);
    return expression ? [{ expression, negated, foldersOnly }] : [];
  });
}

/** Says whether the rules ignore a path; undefined where they say nothing about it. The last rule that matches counts. */
export function ignores(rules: IgnoreRules, path: string, isFolder: boolean): boolean | undefined {
  const rule = rules.findLast(({ expression, foldersOnly }) => (isFolder || !foldersOnly) && expression.test(path));
  return rule && !rule.negated;
}

function compile(pattern: string, anchored: boolean): RegExp | undefined {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern[i] ?? '';
    if (pattern.startsWith('**/', i) && (i === 0 || pattern[i - 1] === '/')) {
      source += '(?:.*/)?';
      i += 2;
    } else if (pattern.startsWith('**', i)) {
      source += '.*';
      i += 1;
    } else if (unit === '*') source += '[^/]*';
    else if (unit === '?') source += '[^/]';
    else if (unit === '[' && pattern.indexOf(']', i + 2) > 0) {
      const close = pattern.indexOf(']', i + 2);
      source += `[${pattern
        .slice(i + 1, close)
        .replace(/^!/, '^')
        .replace(/\\/g, '\\\\')}]`;
      i = close;
    } else {
      const next = unit === '\\' ? (pattern[++i] ?? '\\') : unit;
      source += next.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    }
  }
  try {
    return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`, 'u');
  } catch {
    return undefined;
  }
}
