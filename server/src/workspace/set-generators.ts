import { flagAt, listAt, textAt, textMapAt, textsAt } from '../core/fields.ts';
import { compareBytes, isObject, type Json, type JsonObject } from '../core/object.ts';
import { readValue } from '../manifest/read-value.ts';
import { setKey } from '../core/json.ts';
import { isEqual } from '../core/equal.ts';
import { baseName, folderOf } from './paths.ts';
import { normalizeName } from './normalize-name.ts';
import { fill, fillText, type Filled, type Parameters, type TemplateMode } from './set-template.ts';

/** The repository that a generator of an ApplicationSet looks into, as far as it lies in the workspace. */
export interface GeneratorFiles {
  /** Folders of the repository that hold files, with `/`, without the root. */
  folders(patterns: readonly string[]): readonly string[];
  /** Files of the repository that a pattern matches. */
  files(pattern: string): readonly string[];
  /** The value of a file of the repository. */
  valueIn(file: string): Json | undefined;
}

/** What a generator gives. `unknown`: what only Argo CD knows, in words; one empty set of parameters stands for it. */
export interface Generated {
  readonly sets: readonly Parameters[];
  readonly unknown: readonly string[];
}

export interface GeneratorScope {
  readonly files: GeneratorFiles;
  readonly mode: TemplateMode;
}

const NOTHING: Generated = { sets: [], unknown: [] };

const REMOTE: Readonly<Record<string, string>> = {
  clusters: 'the clusters that Argo CD knows',
  scmProvider: 'the repositories of a Git host',
  pullRequest: 'the open pull requests',
  plugin: 'what a plugin answers',
  clusterDecisionResource: 'a resource in the cluster',
};

/** Evaluates one generator. Source: applicationset/generators, `Transform` in generator_spec_processor.go. */
export function generate(generator: JsonObject, scope: GeneratorScope): Generated {
  const made = generateAll(generator, scope);
  const selector = generator['selector'];
  if (!isObject(selector) || made.unknown.length > 0) return made;
  return { ...made, sets: made.sets.filter((set) => selects(selector, flatten(set))) };
}

function generateAll(generator: JsonObject, scope: GeneratorScope): Generated {
  const { list, git, matrix, merge } = generator;
  if (isObject(list)) return fromList(list, scope);
  if (isObject(git)) return fromGit(git, scope);
  if (isObject(matrix)) return fromMatrix(listAt(matrix, 'generators'), scope);
  if (isObject(merge)) return fromMerge(merge, scope);
  const remote = Object.keys(REMOTE).find((key) => Object.hasOwn(generator, key));
  return remote === undefined ? NOTHING : { sets: [{}], unknown: [REMOTE[remote] ?? remote] };
}

/** Source: applicationset/generators/list.go `GenerateParams`. */
function fromList(list: JsonObject, { mode: { goTemplate } }: GeneratorScope): Generated {
  const text = textAt(list, 'elementsYaml');
  const reading = text === '' ? { value: null } : readValue(text);
  const more = 'value' in reading && Array.isArray(reading.value) ? reading.value.filter(isObject) : [];
  const elements = listAt(list, 'elements').map((element) => (goTemplate ? element : withFlatValues(element)));
  return { sets: [...elements, ...more], unknown: [] };
}

function withFlatValues(element: JsonObject): Parameters {
  const flat: Parameters = {};
  for (const [key, value] of Object.entries(element)) {
    if (key !== 'values' || !isObject(value)) setKey(flat, key, value);
    else for (const [name, inner] of Object.entries(value)) flat[`values.${name}`] = inner;
  }
  return flat;
}

/** Source: applicationset/generators/git.go. */
function fromGit(git: JsonObject, scope: GeneratorScope): Generated {
  const directories = listAt(git, 'directories');
  const sets = directories.length > 0 ? fromDirectories(git, directories, scope) : fromFiles(git, scope);
  const unknown = new Set<string>();
  const given = sets.map((set) => withValues(set, textMapAt(git, 'values'), scope, unknown));
  return { sets: given, unknown: [...unknown] };
}

function fromDirectories(git: JsonObject, directories: readonly JsonObject[], scope: GeneratorScope): Parameters[] {
  const patternsOf = (exclude: boolean): string[] =>
    directories.filter((item) => flagAt(item, 'exclude') === exclude).map((item) => textAt(item, 'path'));
  const included = patternsOf(false);
  const matches = (patterns: readonly string[], folder: string): boolean =>
    patterns.some((pattern) => matchesFolder(pattern, folder));
  return scope.files
    .folders(included)
    .filter((folder) => matches(included, folder) && !matches(patternsOf(true), folder))
    .map((folder) => pathParameters(folder, undefined, git, scope));
}

function fromFiles(git: JsonObject, scope: GeneratorScope): Parameters[] {
  const items = listAt(git, 'files');
  const found = (exclude: boolean): Set<string> =>
    new Set(
      items
        .filter((item) => flagAt(item, 'exclude') === exclude)
        .flatMap((item) => scope.files.files(textAt(item, 'path'))),
    );
  const excluded = found(true);
  const files = [...found(false)].filter((file) => !excluded.has(file)).sort(compareBytes);
  return files.flatMap((file) => {
    const value = scope.files.valueIn(file);
    const objects = Array.isArray(value) ? value.filter(isObject) : [isObject(value) ? value : {}];
    return objects.map((object) => ({
      ...(scope.mode.goTemplate ? object : flatten(object)),
      ...pathParameters(folderOf(file), baseName(file), git, scope),
    }));
  });
}

/** What a generator tells of a folder, and of a file in it. */
function pathParameters(
  folder: string,
  file: string | undefined,
  git: JsonObject,
  { mode: { goTemplate } }: GeneratorScope,
): Parameters {
  const prefix = textAt(git, 'pathParamPrefix');
  const basename = baseName(folder);
  const parts: JsonObject = {
    basename,
    basenameNormalized: normalizeName(basename),
    ...(file === undefined ? {} : { filename: file, filenameNormalized: normalizeName(file) }),
  };
  const segments = folder.split('/');
  if (goTemplate) {
    const path = { path: folder, ...parts, segments };
    return prefix === '' ? { path } : { [prefix]: { path } };
  }
  const name = prefix === '' ? 'path' : `${prefix}.path`;
  const entries = Object.entries(parts).map(([key, value]): [string, Json] => [`${name}.${key}`, value]);
  const indexed = segments.map((segment, i): [string, Json] => [`${name}[${i}]`, segment]);
  return Object.fromEntries([[name, folder], ...entries, ...indexed]);
}

/**
 * Source: applicationset/generators/value_interpolation.go `appendTemplatedValues`.
 * @param unknown takes what is not known of the values, in words
 */
function withValues(
  set: Parameters,
  values: Readonly<Record<string, string>>,
  { mode }: GeneratorScope,
  unknown: Set<string>,
): Parameters {
  const filled = Object.entries(values).map(([key, value]): [string, Json] => {
    const { value: given, left } = fillText(value, set, mode);
    if (mode.goTemplate && left[0] !== undefined) unknown.add(`the value ${key} of its generator (${left[0]})`);
    return [mode.goTemplate ? key : `values.${key}`, given];
  });
  if (filled.length === 0) return set;
  const object = Object.fromEntries(filled);
  return mode.goTemplate ? { ...set, values: object } : { ...set, ...object };
}

/** Each of the first with each of the second, which may use what the first gives. Source: generators/matrix.go. */
function fromMatrix([first, second]: readonly JsonObject[], scope: GeneratorScope): Generated {
  if (!first || !second) return NOTHING;
  const outer = generate(first, scope);
  const unknown = [...outer.unknown];
  const sets = outer.sets.flatMap((set) => {
    const mode = { ...scope.mode, open: outer.unknown.length > 0 };
    const filled =
      Object.keys(set).length === 0 && !mode.open ? { value: second, left: [] } : fillGenerator(second, set, mode);
    if (filled.left[0] !== undefined && (mode.goTemplate || isObject(second['git']))) {
      unknown.push(`what the templates of its generators come to (${filled.left[0]})`);
      return [set];
    }
    const inner = generate(filled.value, scope);
    unknown.push(...inner.unknown);
    return inner.sets.map((own) => merged(own, set));
  });
  return { sets, unknown: [...new Set(unknown)] };
}

/**
 * A generator with the parameters of another one. Its values may use its own parameters too: what is missing in them
 * stays. Source: applicationset/utils/utils.go `RenderGeneratorParams`.
 */
function fillGenerator(generator: JsonObject, set: Parameters, mode: TemplateMode): Filled<JsonObject> {
  const left: string[] = [];
  const entries = Object.entries(generator).map(([kind, given]): [string, Json] => {
    const { values, ...rest } = isObject(given) ? given : {};
    const filled = fill(isObject(given) ? rest : given, set, mode);
    left.push(...filled.left);
    if (!isObject(filled.value) || !isObject(values)) return [kind, filled.value];
    const own = Object.entries(values).map(([key, value]): [string, Json] => {
      const resolved = typeof value === 'string' ? fillText(value, set, { ...mode, missingKey: 'error' }) : undefined;
      return [key, resolved?.left.length === 0 ? resolved.value : value];
    });
    return [kind, { ...filled.value, values: Object.fromEntries(own) }];
  });
  return { value: Object.fromEntries(entries), left };
}

/** Sets of the first, changed by sets of the others that have the same keys. Source: generators/merge.go. */
function fromMerge(merge: JsonObject, scope: GeneratorScope): Generated {
  const [base = NOTHING, ...others] = listAt(merge, 'generators').map((generator) => generate(generator, scope));
  const keys = textsAt(merge, 'mergeKeys');
  const same = (a: Parameters, b: Parameters): boolean => keys.every((key) => isEqual(a[key] ?? null, b[key] ?? null));
  const sets = base.sets.map((set) =>
    others.reduce((changed, { sets: overrides }) => {
      const override = overrides.find((candidate) => same(set, candidate));
      return override ? merged(changed, override) : changed;
    }, set),
  );
  return { sets, unknown: [...new Set([base, ...others].flatMap(({ unknown }) => unknown))] };
}

/** Two maps, one into the other; the second wins. */
function merged(into: JsonObject, from: JsonObject): JsonObject {
  const result: JsonObject = { ...into };
  for (const [key, value] of Object.entries(from)) {
    const before = result[key];
    setKey(result, key, isObject(before) && isObject(value) ? merged(before, value) : value);
  }
  return result;
}

/** Nested maps and lists as one map with keys such as `a.b.0`, and texts as values. */
function flatten(value: JsonObject): Parameters {
  const flat: Parameters = {};
  const visit = (part: Json, path: string): void => {
    if (Array.isArray(part)) part.forEach((item, i) => visit(item, `${path}.${i}`));
    else if (isObject(part))
      for (const [key, entry] of Object.entries(part)) visit(entry, path === '' ? key : `${path}.${key}`);
    else flat[path] = part === null ? '<nil>' : String(part);
  };
  visit(value, '');
  return flat;
}

/** A label selector over flat parameters. Source: applicationset/utils/selector.go. */
function selects(selector: JsonObject, set: Parameters): boolean {
  const labels = Object.entries(textMapAt(selector, 'matchLabels')).every(([key, value]) => set[key] === value);
  return (
    labels &&
    listAt(selector, 'matchExpressions').every((expression) => {
      const value = set[textAt(expression, 'key')];
      const values: readonly Json[] = textsAt(expression, 'values');
      switch (textAt(expression, 'operator')) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

/** `*` and `?` stay within a name. Source: Go's `path.Match`. */
export const matchesFolder = (pattern: string, folder: string): boolean => expressionOf(pattern, '[^/]').test(folder);

/** `*` crosses folders, as in `git ls-files`. */
export const matchesFile = (pattern: string, file: string): boolean => expressionOf(pattern, '[^]').test(file);

const compiled = new Map<string, RegExp>();

function expressionOf(pattern: string, any: string): RegExp {
  const key = `${any}${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    const source = pattern
      .replace(/^\.?\//, '')
      .replace(/\/$/, '')
      .replace(/[\\^$.+(){}|]/g, '\\$&')
      .replace(/\*+\/?|\?/g, (glob) => {
        if (glob === '?') return any;
        return glob.endsWith('/') ? (glob.length > 2 && any === '[^]' ? '(?:[^]*/)?' : `${any}*/`) : `${any}*`;
      })
      .replace(/\[!/g, '[^');
    expression = safeExpression(`^(?:${source})$`);
    compiled.set(key, expression);
  }
  return expression;
}

const NEVER = /(?!)/;

function safeExpression(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return NEVER;
  }
}
