import { isCollection, isScalar, visit, type Node } from 'yaml';
import type { Json } from '../core/object.ts';
import { firstUnprintable } from './dialect.ts';
import { locate, type Path } from './locate.ts';
import type { Span } from './model.ts';
import { readWithJsYaml } from './read-js-yaml.ts';
import { parseTree, spanOf, TreeReader } from './read-yaml.ts';

/** A value, or why Argo CD would refuse the text, with the place. Spans are in UTF-16 units from the text's start. */
export type Reading = { readonly value: Json } | { readonly error: string; readonly span: Span };

/** Reads the first YAML document of a text with package `yaml`. An empty one is null. Never throws. */
export function readWithYaml(text: string): Reading {
  const forbidden = forbiddenCharacter(text);
  if (forbidden) return forbidden;
  const tree = parseTree(text);
  const tab = tabOfIndentation(text, tree.root);
  if (tab) return tab;
  const reader = new TreeReader();
  try {
    const value = reader.value(tree.root);
    const [problem] = [...tree.problems, ...reader.problems];
    return problem ? { error: problem.message, span: problem.span } : { value };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { error: 'the document is nested too deeply to be read', span: { start: 0, end: text.length } };
  }
}

/** Reads the first YAML document of a text with package `js-yaml`. An empty one is null. Never throws. */
export function readWithOther(text: string): Reading {
  const forbidden = forbiddenCharacter(text);
  if (forbidden) return forbidden;
  const tab = INDENTING_TAB.test(text) ? tabOfIndentation(text, parseTree(text).root) : undefined;
  if (tab) return tab;
  const reading = readWithJsYaml(text);
  if ('value' in reading) return reading;
  const start = reading.offset ?? 0;
  return { error: reading.error, span: { start, end: Math.min(start + 1, text.length) } };
}

/** The value of a document as Argo CD reads it, or the reason why that is not certain enough to send it. */
export type SyncReading = { readonly value: Json } | { readonly refused: string; readonly span: Span };

/** Characters that end a line to Argo CD's reader and are characters like any other to ours. */
const LINE_SEPARATOR = /[\u0085\u2028\u2029]/;
/**
 * A separator with content behind it. Source: apimachinery/pkg/util/yaml/decoder.go `YAMLReader.Read`.
 */
const LOADED_SEPARATOR = /^---(?![ \t\r]*$|[ \t]+#)/m;
/** A directive: Argo CD cuts it off from its document. */
const DIRECTIVE = /^\ufeff?(?:[ \t]*(?:#.*)?\r?\n)*%/;

/**
 * Reads one YAML document twice, with two packages that share no code, for what is to be sent to a cluster. Where one
 * of them cannot read it or the two differ, or Argo CD is known to read otherwise, it is refused with the place.
 */
export function readForSync(text: string): SyncReading {
  const quirk = readOtherwise(text);
  if (quirk) return quirk;
  const first = readWithYaml(text);
  const second = readWithOther(text);
  if ('error' in first) {
    const who = 'error' in second ? 'it cannot be read' : 'one of two readers cannot read it';
    return { refused: `${who}: ${first.error}`, span: first.span };
  }
  if ('error' in second) return { refused: `one of two readers cannot read it: ${second.error}`, span: second.span };
  const path = difference(first.value, second.value);
  if (path === undefined) return { value: first.value };
  const place = path.length === 0 ? 'the document' : `\`${path.join('.')}\``;
  return { refused: `two readers disagree about the value of ${place}`, span: locate(text, path) };
}

/** Why Argo CD is known to read a text otherwise than both of ours, or not at all; a look at the text alone. */
export function readOtherwise(text: string): Extract<SyncReading, { refused: string }> | undefined {
  const separator = text.search(LINE_SEPARATOR);
  if (separator >= 0) {
    const name = `U+${text.charCodeAt(separator).toString(16).toUpperCase().padStart(4, '0')}`;
    const refused = `it holds the character ${name}, which Argo CD reads as the end of a line: write it as an escape in double quotes`;
    return { refused, span: { start: separator, end: separator + 1 } };
  }
  if (DIRECTIVE.test(text)) {
    const start = text.indexOf('%');
    return { refused: 'Argo CD cannot read a file with directives (%…): remove it', span: { start, end: start + 1 } };
  }
  const loaded = LOADED_SEPARATOR.exec(text);
  if (!loaded) return undefined;
  const refused =
    'Argo CD cannot read a file with a `---` that has content behind it: put the content on a line of its own';
  return { refused, span: { start: loaded.index, end: loaded.index + loaded[0].length } };
}

function forbiddenCharacter(text: string): { error: string; span: Span } | undefined {
  const start = firstUnprintable(text);
  if (start === undefined) return undefined;
  return { error: 'YAML does not allow this control character', span: { start, end: start + 1 } };
}

/** White space at the start of a line, or behind a dash there, that holds a tab. */
const INDENTING_TAB = /^[ ]*(?:-[ ]+)*-?\t/m;

/** Argo CD's reader takes no tab there, not even on a line with nothing else, but within texts and flow collections. */
function tabOfIndentation(text: string, root: Node | null): { error: string; span: Span } | undefined {
  if (!INDENTING_TAB.test(text)) return undefined;
  const free: Span[] = [];
  if (root !== null) {
    visit(root, (_key, node) => {
      if (isScalar(node) || (isCollection(node) && node.flow === true)) free.push(spanOf(node));
    });
  }
  for (const match of text.matchAll(new RegExp(INDENTING_TAB, 'gm'))) {
    const tab = match.index + match[0].length - 1;
    if (!free.some(({ start, end }) => start <= tab && tab < end)) {
      return { error: 'a tab cannot indent', span: { start: tab, end: tab + 1 } };
    }
  }
  return undefined;
}

/** The path to the first place where two values differ; undefined where they are equal. Keys may come in any order. */
export function difference(a: Json, b: Json, path: Path = []): Path | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    const at = a.findIndex((item, i) => i >= b.length || difference(item, b[i] ?? null) !== undefined);
    if (at >= 0) return at < b.length ? difference(a[at] ?? null, b[at] ?? null, [...path, at]) : [...path, at];
    return a.length === b.length ? undefined : path;
  }
  if (
    typeof a === 'object' &&
    typeof b === 'object' &&
    a !== null &&
    b !== null &&
    !Array.isArray(a) &&
    !Array.isArray(b)
  ) {
    for (const key of Object.keys(a)) {
      if (!Object.hasOwn(b, key)) return [...path, key];
      const inner = difference(a[key] ?? null, b[key] ?? null, [...path, key]);
      if (inner) return inner;
    }
    const extra = Object.keys(b).find((key) => !Object.hasOwn(a, key));
    return extra === undefined ? undefined : [...path, extra];
  }
  return Object.is(a, b) || (a === 0 && b === 0) ? undefined : path;
}
