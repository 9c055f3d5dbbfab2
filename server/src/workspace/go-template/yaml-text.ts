import { isObject, type Json } from '../../core/object.ts';
import { fail } from './problem.ts';
import { floatText, sortedEntries } from './values.ts';

/** What every reader of YAML takes for a text as it stands. */
const PLAIN = /^[A-Za-z_/][\w./-]*(?: [\w./-]+)*$/;
const OTHER_MEANING = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

/**
 * A value as YAML in blocks, as Argo CD's `toYaml` writes it, but for the quotes of its texts: it means the same where
 * it is read as YAML. @throws TemplateProblem for a text alone that would need quotes
 */
export function yamlText(value: Json): string {
  if (typeof value === 'string' && !isPlain(value)) return fail('the quotes of a text are not known here');
  return lines(value).join('\n');
}

const isPlain = (text: string): boolean => PLAIN.test(text) && !OTHER_MEANING.test(text);

function lines(value: Json): string[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item) => lines(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)));
  if (isObject(value) && Object.keys(value).length > 0)
    return sortedEntries(value).flatMap(([key, entry]) => entryLines(scalar(key), entry));
  return [scalar(value)];
}

function entryLines(key: string, value: Json): string[] {
  if (Array.isArray(value) && value.length > 0) return [`${key}:`, ...lines(value)];
  if (isObject(value) && Object.keys(value).length > 0) return [`${key}:`, ...lines(value).map((line) => `  ${line}`)];
  return [`${key}: ${scalar(value)}`];
}

function scalar(value: Json): string {
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return '[]';
  if (isObject(value)) return '{}';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : floatText(value);
  return value === null ? 'null' : String(value);
}
