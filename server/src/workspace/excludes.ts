import { ancestorsOf } from './paths.ts';

/** Says whether a path of the root, or a folder that it lies in, is left out. */
export type Excludes = (path: string) => boolean;

/**
 * What glob patterns leave out, as VS Code's `files.exclude` reads them: seen from the root, `**` crosses folders, `*`
 * and `?` do not, `{a,b}` is one or the other, and a folder takes along all that lies below it.
 */
export function excludesOf(patterns: readonly string[]): Excludes {
  const expressions = patterns.flatMap((pattern) => compile(pattern) ?? []);
  if (expressions.length === 0) return () => false;
  const known = new Map<string, boolean>();
  const names = (path: string): boolean => expressions.some((expression) => expression.test(path));
  const folder = (path: string): boolean => {
    let verdict = known.get(path);
    if (verdict === undefined) {
      verdict = path !== '.' && names(path);
      known.set(path, verdict);
    }
    return verdict;
  };
  return (path) => {
    const [own = path, ...above] = ancestorsOf(path);
    return names(own) || above.some(folder);
  };
}

const TOKENS = /\*\*\/|\*\*|\*|\?|\{|\}|,|\[!?[^\]]*\]|[^]/g;

function compile(pattern: string): RegExp | undefined {
  let depth = 0;
  const source = pattern
    .replace(/^\.?\//, '')
    .replace(/\/+$/, '')
    .replace(TOKENS, (token) => {
      if (token === '**/') return '(?:.*/)?';
      if (token === '**') return '.*';
      if (token === '*') return '[^/]*';
      if (token === '?') return '[^/]';
      if (token.length > 1) return token.replace('[!', '[^').replaceAll('\\', '\\\\');
      if (token === '{') {
        depth++;
        return '(?:';
      }
      if (token === '}' && depth > 0) {
        depth--;
        return ')';
      }
      if (token === ',' && depth > 0) return '|';
      return token.replace(/[\\^$.+()[\]{}|/-]/g, '\\$&');
    });
  if (source === '' || depth > 0) return undefined;
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    return undefined;
  }
}
