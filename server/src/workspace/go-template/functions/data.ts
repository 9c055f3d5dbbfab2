import { isObject, type Json } from '../../../core/object.ts';
import { writeJson } from '../../../core/json.ts';
import { readValue } from '../../../manifest/read-value.ts';
import { yamlText } from '../yaml-text.ts';
import { fail } from '../problem.ts';
import { asGoValue, sortedEntries, type Value } from '../values.ts';
import { jsonOf, onTexts, textOf, type Functions, type TemplateFunction } from './model.ts';

/** As `encoding/json` writes: keys in their order, and signs of HTML as escapes. */
const goJson = (value: Value, escapes: boolean): string => {
  const written = writeJson(inOrder(jsonOf(value)));
  const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return escapes ? written.replace(/[<>&\u2028\u2029]/g, escaped) : written;
};

function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  return Object.fromEntries(sortedEntries(value).map(([key, entry]) => [key, inOrder(entry)]));
}

function fromYaml(written: string): Json {
  const reading = readValue(written);
  return 'value' in reading ? asGoValue(reading.value) : fail('a text is no YAML');
}

const toJson: TemplateFunction = { wants: ['any'], run: ([value]) => goJson(value, true) };
const toRawJson: TemplateFunction = { wants: ['any'], run: ([value]) => goJson(value, false) };
const fromJson = onTexts(1, (written = '') => {
  try {
    return asGoValue(JSON.parse(written) as Json);
  } catch {
    return fail('a text is no JSON');
  }
});

/** Paths as Go's package `path` has them, for those that need no cleaning. */
const plainPath = (written: string): string =>
  /^\/?[^/]+(?:\/[^/]+)*$/.test(written) && !/(?:^|\/)\.\.?(?:\/|$)/.test(written)
    ? written
    : fail(`the path ${written} is not known here`);

/** Functions that read and write other forms. Source: sprig defaults.go, strings.go; applicationset/utils/template_functions.go. */
export const DATA: Functions = {
  ...{ toJson, mustToJson: toJson, toRawJson, mustToRawJson: toRawJson, fromJson, mustFromJson: fromJson },
  toYaml: { wants: ['any'], run: ([value]) => yamlText(jsonOf(value)) },
  fromYaml: onTexts(1, (written = '') => {
    const value = fromYaml(written);
    return value === null ? {} : isObject(value) ? value : fail('a text is no map');
  }),
  fromYamlArray: onTexts(1, (written = '') => {
    const value = fromYaml(written);
    return value === null ? [] : Array.isArray(value) ? value : fail('a text is no list');
  }),
  base: onTexts(1, (written = '') => plainPath(written).split('/').at(-1)),
  dir: onTexts(1, (written = '') => {
    const at = plainPath(written).lastIndexOf('/');
    return at < 0 ? '.' : at === 0 ? '/' : written.slice(0, at);
  }),
  ext: onTexts(1, (written = '') => /\.[^./]*$/.exec(textOf(written))?.[0] ?? ''),
};
