import { fail } from './problem.ts';
import { text, type Value } from './values.ts';

const VERB = /%([-+0 #]*)(\d*)(?:\.(\d+))?([^]?)/g;

/**
 * Go's `Sprintf`, as far as templates use it: `%s %q %v %d %x %t %f` with width, precision and the flags `-` and `0`.
 * @throws TemplateProblem for other verbs, and where a value does not fit, which Go writes into the text
 */
export function formatted(format: string, values: readonly Value[]): string {
  let next = 0;
  const result = format.replace(
    VERB,
    (whole: string, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === '%') return whole === '%%' ? '%' : fail(`printf cannot read ${whole}`);
      if (/[+ #]/.test(flags)) fail(`the flags of ${whole} are not known here`);
      if (next >= values.length) fail(`printf has no value for ${whole}`);
      const written = verbText(whole, verb, values[next++], precision);
      return padded(written, Number(width || 0), flags, verb !== 's' && verb !== 'q' && verb !== 'v');
    },
  );
  return next < values.length ? fail('printf has more values than verbs') : result;
}

function verbText(whole: string, verb: string, value: Value, precision: string | undefined): string {
  if (precision !== undefined && verb !== 'f') fail(`the precision of ${whole} is not known here`);
  if (value === undefined || value === null) return fail(`printf has nothing for ${whole}`);
  if (verb === 'v') return text(value);
  if (verb === 's' && typeof value === 'string') return value;
  if (verb === 'q' && typeof value === 'string') return quoted(value);
  if (verb === 'd' && typeof value === 'bigint') return String(value);
  if (verb === 'x' && typeof value === 'bigint') return value.toString(16);
  if (verb === 't' && typeof value === 'boolean') return String(value);
  if (verb === 'f' && typeof value === 'number' && Math.abs(value) < 1e15) return value.toFixed(Number(precision ?? 6));
  return fail(`${whole} does not fit its value, or is not known here`);
}

function padded(written: string, width: number, flags: string, isNumber: boolean): string {
  if (width > 1000) fail('the width of a verb is too large');
  if (flags.includes('-')) return written.padEnd(width);
  if (!flags.includes('0')) return written.padStart(width);
  if (!isNumber) return fail('zeros are put before numbers alone');
  return written.startsWith('-') ? `-${written.slice(1).padStart(width - 1, '0')}` : written.padStart(width, '0');
}

/** Go's `%q`: JSON's form for everything that is read in one go. */
export function quoted(value: string): string {
  return /^[\t\n\r -~]*$/.test(value)
    ? JSON.stringify(value)
    : fail(`${value} holds letters whose quoted form is not known here`);
}
