/** A value of more letters than this is left out of a message. */
const LONG = 160;
const MARK = 'Invalid value: ';

/**
 * A message without the values that an API server repeats whole when it refuses them (a pod template is four kilobytes in
 * one line). What was refused and why stays.
 */
export function briefly(message: string): string {
  let brief = '';
  let rest = message;
  for (let at = rest.indexOf(MARK); at >= 0; at = rest.indexOf(MARK)) {
    const start = at + MARK.length;
    const end = endOfValue(rest, start);
    brief += rest.slice(0, start) + (end - start > LONG ? '…' : rest.slice(start, end));
    rest = rest.slice(end);
  }
  return brief + rest;
}

/** Where a value ends: at the first `: ` that is outside of braces and quotes; at its start where it does not end. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const letter = text[i];
    if (quoted) {
      if (letter === '\\') i++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') depth++;
    else if (letter === '}' || letter === ']') depth--;
    else if (depth === 0 && letter === ':' && text[i + 1] === ' ') return i;
  }
  return start;
}
