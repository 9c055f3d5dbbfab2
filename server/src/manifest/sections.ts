import type { Json, JsonObject } from '../core/object.ts';
import type { Parsed } from './parsed.ts';
import { nextLine } from './edit.ts';
import type { AnnotationsPart, Manifest, Span } from './model.ts';
import { movedManifest, movedPart } from './nested.ts';
import { settledParts } from './parts.ts';
import { setKey } from '../core/json.ts';
import { hasTemplate } from './template.ts';

/**
 * A document that is being edited, parsed by the entries of its root: `metadata`, `spec` and so on are read on their
 * own and kept, so that a keystroke costs the entry that it stands in. What comes out equals a parse of the whole;
 * wherever that is not certain, nothing comes out and the whole is parsed.
 */

/** One entry of the root as it was read on its own, with places counted from its own start. */
interface Section {
  readonly parsed: Parsed;
  readonly key: string;
}

/** How many sections are kept, and how long they may be together, in UTF-16 units. */
const KEPT = 1_024;
const KEPT_UNITS = 4_000_000;

/** A key at the start of a line with a value or nothing behind it: the only thing that may begin a section. */
const KEY = /^([A-Za-z][\w-]*):(?=[ \t\r\n]|$)/;
/** A list may stand at the same column as its key. */
const CONTINUES = /^(?:[ \t\r\n#]|-[ \t\r\n])/;

/** Keeps the sections of documents that are being edited; those that were not used for longest go first. */
export class SectionReader {
  readonly #parse: (text: string) => Parsed;
  readonly #kept = new Map<string, Section | undefined>();
  #units = 0;

  constructor(parse: (text: string) => Parsed) {
    this.#parse = parse;
  }

  /** The whole document; undefined where it has to be parsed in one piece. */
  read(text: string): Parsed | undefined {
    if (text.includes('argocd-hooks:') || hasTemplate(text)) return undefined;
    const starts = sectionStarts(text);
    if (!starts || starts.length < 2) return undefined;
    const value: JsonObject = {};
    let manifest: Partial<Manifest> = {};
    const parts: AnnotationsPart[] = [];
    let end = 0;
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] ?? 0;
      const section = this.#section(text.slice(start, starts[i + 1] ?? text.length));
      if (!section || Object.hasOwn(value, section.key)) return undefined;
      const { parsed, key } = section;
      setKey(value, key, (parsed.value as JsonObject)[key] ?? null);
      const [own] = parsed.manifests;
      if (own) manifest = joined(manifest, movedManifest(own, start));
      parts.push(...parsed.parts.map((part) => movedPart(part, start)));
      end = start + (parsed.rootSpan?.end ?? 0);
    }
    return assembled(value, manifest, parts, { start: starts[0] ?? 0, end });
  }

  #section(text: string): Section | undefined {
    const known = this.#kept.has(text);
    const section = known ? this.#kept.get(text) : this.#readSection(text);
    if (known) this.#kept.delete(text);
    else this.#units += text.length;
    this.#kept.set(text, section);
    for (const oldest of this.#kept.keys()) {
      if (oldest === text || (this.#kept.size <= KEPT && this.#units <= KEPT_UNITS)) break;
      this.#kept.delete(oldest);
      this.#units -= oldest.length;
    }
    return section;
  }

  /** A section is one entry with the key that its first line shows, and without a problem; else it is none. */
  #readSection(text: string): Section | undefined {
    const key = KEY.exec(text)?.[1];
    const parsed = this.#parse(text);
    const { value, problems, rootSpan } = parsed;
    if (key === undefined || problems.length > 0 || rootSpan?.start !== 0 || !hasOnly(value, key)) return undefined;
    return { parsed, key };
  }
}

const hasOnly = (value: Json, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 1 && Object.hasOwn(value, key);

/**
 * Where the entries of the root begin; undefined where the root is no block map at the first column, or something
 * stands there that may bind entries together.
 */
function sectionStarts(text: string): number[] | undefined {
  const starts: number[] = [];
  let opened = false;
  for (let line = 0; line < text.length; line = nextLine(text, line)) {
    const rest = text.slice(line, line + 200);
    if (KEY.test(rest)) starts.push(line);
    else if (!(starts.length === 0 ? isHead(rest) : CONTINUES.test(rest))) return undefined;
    else if (rest.startsWith('---')) {
      // The first of two separators ends a document that holds nothing.
      if (opened) return undefined;
      opened = true;
    }
  }
  return starts;
}

/** A separator without content, a comment or a blank line above the first key. */
const isHead = (line: string): boolean => /^(?:(?:---[ \t]+)?#|(?:---)?[ \t]*(?:\r?\n|$))/.test(line);

/** What a section says of the manifest, beside what those above it say: annotations come with the metadata. */
const joined = (above: Partial<Manifest>, own: Manifest): Partial<Manifest> => ({
  ...above,
  ...own,
  annotations: own.metadataKeySpan ? own.annotations : (above.annotations ?? []),
});

/** Lists, and objects of Argo CD with parts and options of their own, are read in one piece. */
function assembled(
  value: JsonObject,
  own: Partial<Manifest>,
  parts: readonly AnnotationsPart[],
  span: Span,
): Parsed | undefined {
  const { kind } = value;
  if (Object.hasOwn(value, 'items') || kind === 'Application' || kind === 'ApplicationSet') return undefined;
  const holds = ['kind', 'apiVersion', 'metadata'].some((key) => Object.hasOwn(value, key));
  const manifest: Manifest = { ...own, object: value, span, annotations: own.annotations ?? [], templated: false };
  return {
    manifests: holds ? [manifest] : [],
    parts: settledParts(parts, value),
    problems: [],
    silences: [],
    value,
    masked: [],
    rootSpan: span,
  };
}
