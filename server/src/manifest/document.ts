import type { Json } from '../core/object.ts';
import { lineStarts, withLineFeeds } from './lines.ts';
import { manifestsOf } from './manifests.ts';
import type { AnnotationsPart, Manifest, ManifestProblem, Silence, Span, YamlDocument } from './model.ts';
import { apartIn, settledParts } from './parts.ts';
import { readWithJsYaml } from './read-js-yaml.ts';
import { parseTree, spanOf, TreeReader, type MaskedTemplate, type YamlTree } from './read-yaml.ts';
import { SectionReader } from './sections.ts';
import { silencesOf } from './silences.ts';
import { readBest } from './mask-structure.ts';
import { holdsMask, templatesIn, templatesWithin } from './template.ts';
import type { Parsed } from './parsed.ts';

interface Reading {
  readonly tree: YamlTree;
  readonly reader: TreeReader;
  readonly value: Json;
  readonly problems: readonly ManifestProblem[];
}

/** One YAML document, parsed when somebody asks for what it says. */
export class LazyDocument implements YamlDocument {
  readonly text: string;
  readonly edited: boolean;
  #parsed: Parsed | undefined;
  #lineStarts: readonly number[] | undefined;

  constructor(text: string, edited = false) {
    this.text = text;
    this.edited = edited;
  }

  /** Offsets at which the lines of the document begin. */
  get lineStarts(): readonly number[] {
    return (this.#lineStarts ??= lineStarts(this.text));
  }

  get manifests(): readonly Manifest[] {
    return this.#parse().manifests;
  }

  get parts(): readonly AnnotationsPart[] {
    return this.#parse().parts;
  }

  get problems(): readonly ManifestProblem[] {
    return this.#parse().problems;
  }

  get silences(): readonly Silence[] {
    return this.#parse().silences;
  }

  get value(): Json {
    return this.#parse().value;
  }

  get masked(): readonly Span[] {
    return this.#parse().masked;
  }

  #parse(): Parsed {
    return (this.#parsed ??= parse(this.text, this.edited));
  }
}

/**
 * One YAML document: its manifests with the places of what matters, and why the rest could not be read. Any text
 * gives a document; parsing happens when the answer is first looked at. Only the first YAML document of a text is read.
 */
export const parseDocument = (text: string): LazyDocument => new LazyDocument(text);

/** The same for a document that comes from an edit: what the edit did not touch is taken as it was read before. */
export const parseEdited = (text: string): LazyDocument => new LazyDocument(text, true);

const sections = new SectionReader((text) => parseText(text, 'section'));

function parse(text: string, edited: boolean): Parsed {
  try {
    const read = withLineFeeds(text);
    return (edited ? sections.read(read) : undefined) ?? parseText(read);
  } catch (error) {
    const message = error instanceof RangeError ? 'the document is nested too deeply to be read' : String(error);
    const problem = { span: { start: 0, end: text.length }, message };
    return { manifests: [], parts: [], problems: [problem], silences: [], value: null, masked: [] };
  }
}

/**
 * @param extent a whole document; a section of one, whose rest is not known; or a text within one: what stands in a text
 *   within that is not read any more
 */
function parseText(text: string, extent: 'document' | 'section' | 'within' = 'document'): Parsed {
  const templates = templatesIn(text);
  // Only what cannot be read as it stands is masked: `{{ … }}` within quotes or a block is a text like any other. The
  // other reader, which stops at its first mistake, finds out for a fraction of what this one costs.
  const plain = templates.length > 0 && 'error' in readWithJsYaml(text) ? undefined : read(text, text, []);
  const mask = plain === undefined || (templates.length > 0 && plain.problems.length > 0);
  const reading = mask ? readBest(text, templates, (masked) => read(text, masked, templates)) : plain;
  const masked: readonly Span[] = mask ? templates : [];
  const { tree, reader, value, problems } = reading;
  const templated = (span: Span): boolean => templatesWithin(templates, span).length > 0;
  const source = { text, root: tree.root, value, reader, templated };
  const manifests = manifestsOf(source);
  const apart = apartIn(source, extent === 'within' ? undefined : (nested) => parseText(nested, 'within'));
  const parts = extent === 'section' ? apart.parts : settledParts(apart.parts, value);
  const rootSpan = tree.root === null ? undefined : spanOf(tree.root);
  const silences = [...silencesOf(text, tree.root), ...apart.silences];
  return { manifests, parts, problems, silences, value, masked, rootSpan };
}

function read(text: string, parsed: string, templates: readonly Span[]): Reading {
  const tree = parseTree(parsed);
  // Of a template that was made white space nothing is left in any value.
  const sources = templates
    .filter(({ start, end }) => holdsMask(parsed.slice(start, end)))
    .map((t): MaskedTemplate => ({ ...t, source: text.slice(t.start, t.end) }));
  const reader = new TreeReader(sources);
  const value = reader.value(tree.root);
  return { tree, reader, value, problems: [...tree.problems, ...reader.problems] };
}
