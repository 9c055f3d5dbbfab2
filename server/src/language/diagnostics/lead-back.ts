import { at } from '../../core/fields.ts';
import { kindOf, type Json, type KubeObject } from '../../core/object.ts';
import { nextLineStart } from '../../manifest/lines.ts';
import type { AnnotationEntry, Manifest, PlacedDocument, Span, YamlDocument } from '../../manifest/model.ts';
import { hasTemplate } from '../../manifest/template.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import { isWithin } from '../../workspace/paths.ts';
import { descriptionOf, type RenderedSource } from '../../workspace/render/rendered.ts';
import { documentAt, manifestAt } from './written.ts';
import { entryOf } from './model.ts';
import { nameOrKind, valueInDocument } from './where.ts';

/** A place of the source that something of a rendered manifest is led back to. */
export interface SourcePlace {
  readonly file: string;
  /** Index of the document within the file. */
  readonly index: number;
  readonly placed: PlacedDocument;
  readonly span: Span;
  /** How it was rendered from there, in words. */
  readonly origin: string;
  /** The manifest that it was rendered from, and the place there: another one where a values file decides. */
  readonly template?: {
    readonly file: string;
    readonly document: YamlDocument;
    readonly manifest?: Manifest;
    readonly span: Span;
  };
}

/** Where an object of a render is led back to. */
export interface RenderedFrom {
  readonly source: RenderedSource;
  readonly object: KubeObject;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly origin: string;
}

/** A stretch of the output: in which document, and of which manifest. */
export interface OutputPlace {
  readonly document: YamlDocument;
  readonly manifest: Manifest;
  readonly span: Span;
}

/**
 * Leads a stretch of a rendered manifest back: to the value of a values file that a template takes as it is, else to
 * the annotation or the key of the manifest that it was rendered from, else to that manifest; where its file is none of
 * the workspace, to the one that describes the source. Undefined where that is none either.
 */
export function leadBack(index: WorkspaceIndex, from: RenderedFrom, output?: OutputPlace): SourcePlace | undefined {
  const file = index.file(from.file);
  const found = documentAt(file, from.line);
  if (!found) return described(index, from);
  const { document } = found.placed;
  const line = from.line - 1 - found.placed.line;
  const manifest = likelyManifest(found.placed, from);
  const scope = manifest?.span ?? { start: 0, end: document.text.length };
  const own = output && placeOf(document, manifest, scope, output);
  const span =
    own?.span ?? (manifest && nameOrKind(manifest, document)) ?? lineAt(document.text, document.lineStarts[line] ?? 0);
  const template = { file: from.file, document, ...(manifest ? { manifest } : {}), span };
  const value = own && valuePlace(index, from, document.text.slice(own.span.start, own.span.end), own.rendered);
  if (value) return { ...value, template };
  return { file: from.file, ...found, span, origin: from.origin, template };
}

/** The first line of the file that describes the source. */
function described(index: WorkspaceIndex, { source, file, origin }: RenderedFrom): SourcePlace | undefined {
  const description = descriptionOf(source);
  const found = documentAt(index.file(description), 1);
  if (!found) return undefined;
  const by = source.tool === 'helm' ? 'Rendered by Helm' : 'Built by kustomize';
  const span = lineAt(found.placed.document.text, 0);
  return { file: description, ...found, span, origin: file === description ? origin : `${by} from ${file}.` };
}

/** The manifest that begins on the line, if it can be the one that the object was rendered from. */
function likelyManifest(placed: PlacedDocument, { object, line }: RenderedFrom): Manifest | undefined {
  const manifest = manifestAt(placed, line);
  if (!manifest) return undefined;
  const kind = kindOf(manifest.object);
  return kind === kindOf(object) || hasTemplate(kind) || manifest.templated ? manifest : undefined;
}

/** Where the annotation, or the key, that a stretch of the output is about is written, and what it came to. */
function placeOf(
  document: YamlDocument,
  manifest: Manifest | undefined,
  scope: Span,
  output: OutputPlace,
): { span: Span; rendered: string } | undefined {
  const entry = output.manifest.annotations.find((one) => isIn(output.span, one));
  const written = entry && manifest && entryOf(manifest, entry.key);
  if (entry && written) {
    const aboutKey = output.span.end <= entry.keySpan.end;
    return { span: aboutKey ? written.keySpan : valueSpan(written), rendered: textOf(entry.value) };
  }
  const line = lineAt(output.document.text, output.span.start);
  const key = KEY.exec(output.document.text.slice(line.start, line.end));
  const name = key?.groups?.['key'] ?? '';
  const lines = name === '' ? [] : linesWith(document.text, scope, name);
  const [only] = lines;
  return only && lines.length === 1 ? { span: only, rendered: unquoted(key?.groups?.['value'] ?? '') } : undefined;
}

/** A value as a template writes it; nothing for lists and maps, which no template takes as they are. */
const textOf = (value: Json): string => (typeof value === 'object' ? '' : String(value));

const KEY = /^\s*(?:- )?(?<key>["']?[\w./-]+["']?):(?:\s+(?<value>.*))?$/;

const isIn = (span: Span, { keySpan, valueSpan, merged }: AnnotationEntry): boolean =>
  merged !== true && keySpan.start <= span.start && span.end <= Math.max(keySpan.end, valueSpan.end);

const valueSpan = ({ keySpan, valueSpan }: AnnotationEntry): Span =>
  valueSpan.start < valueSpan.end ? valueSpan : keySpan;

/** What stands behind a key, wherever a stretch of a text has that key on a line of its own. */
function linesWith(text: string, { start, end }: Span, key: string): Span[] {
  const found: Span[] = [];
  for (let from = lineStartAt(text, start); from < end; from = nextLineStart(text, from)) {
    const line = lineAt(text, from);
    const match = KEY.exec(text.slice(line.start, line.end));
    if (match?.groups?.['key'] !== key) continue;
    const value = (match.groups['value'] ?? '').length;
    found.push(value > 0 ? { start: line.end - value, end: line.end } : line);
  }
  return found;
}

const lineStartAt = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** The line that begins at, or holds, an offset, without the blanks around it. */
function lineAt(text: string, offset: number): Span {
  const first = lineStartAt(text, offset);
  const line = text.slice(first, nextLineStart(text, first));
  const start = first + line.length - line.trimStart().length;
  return { start: Math.min(start, first + line.length), end: Math.max(start, first + line.trimEnd().length) };
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

/** `{{ .Values.a.b }}` and nothing else, but how it is quoted and what it is where it is empty. */
const VALUE =
  /^["']?\{\{-?\s*(?:quote\s+|toString\s+)?\.Values\.(?<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\|\s*(?:quote|squote|toString|default\s+(?:"[^"]*"|\w+))\s*)*-?\}\}["']?$/;

/** The value of a values file that a template takes as it is: the last file that has it decides, if it says the same. */
function valuePlace(
  index: WorkspaceIndex,
  { source, file }: RenderedFrom,
  template: string,
  rendered: string,
): SourcePlace | undefined {
  if (source.tool !== 'helm' || !isWithin(file, source.folder === '.' ? 'templates' : `${source.folder}/templates`))
    return undefined;
  const path = VALUE.exec(template.trim())?.groups?.['path']?.split('.');
  if (!path) return undefined;
  for (const name of source.valueFiles.toReversed()) {
    const placed = index.file(name)?.document(0);
    const value = placed && at(placed.document.value, ...path);
    if (!placed || value === undefined || value === null) continue;
    const span = valueInDocument(placed.document, path);
    if (!span || typeof value === 'object' || String(value) !== rendered) return undefined;
    return { file: name, index: 0, placed, span, origin: `Rendered by Helm from this value, by ${file}.` };
  }
  return undefined;
}
