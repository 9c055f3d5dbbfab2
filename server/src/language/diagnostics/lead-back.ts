import { kindOf } from '../../core/object.ts';
import { nextLineStart } from '../../manifest/lines.ts';
import type { AnnotationEntry, Manifest, PlacedDocument, Span, YamlDocument } from '../../manifest/model.ts';
import { hasTemplate } from '../../manifest/template.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import { Candidates, candidatesIn, fitsTemplate } from '../../workspace/render/candidates.ts';
import { descriptionOf } from '../../workspace/render/rendered.ts';
import { documentAt, manifestAt } from './written.ts';
import { entryOf } from './model.ts';
import { patchPlace, textOf } from './lead-to-patch.ts';
import { valuePlace } from './lead-to-values.ts';
import { nameOrKind } from './where.ts';
import type { RenderedFrom, SourcePlace } from './rendered-from.ts';

/** A stretch of the output: in which document, and of which manifest. */
export interface OutputPlace {
  readonly document: YamlDocument;
  readonly manifest: Manifest;
  readonly span: Span;
}

/**
 * Leads a stretch of a rendered manifest back: to the value that a template takes as it is, or to the patch that writes
 * an annotation, wherever these are written; else to the annotation or the key of the manifest that it was rendered from, else to that manifest; where its file is none of
 * the workspace, to the one that describes the source. Undefined where that is none either, and for what a chart of a
 * registry writes by itself: only the values that it is given are anybody's here.
 */
export function leadBack(index: WorkspaceIndex, given: RenderedFrom, output?: OutputPlace): SourcePlace | undefined {
  const isFetched = given.source.tool === 'helm' && given.source.registry !== undefined;
  const from = isFetched ? inChart(given, output) : given;
  if (!from) return undefined;
  const file = isFetched ? from.source.kept.get(from.file) : index.file(from.file);
  const found = documentAt(file, from.line);
  if (!found) return isFetched ? undefined : described(index, from);
  const { document } = found.placed;
  const line = from.line - 1 - found.placed.line;
  const manifest = likelyManifest(found.placed, from);
  const scope = manifest?.span ?? { start: 0, end: document.text.length };
  const own = output && placeOf(document, manifest, scope, output);
  const span =
    own?.span ?? (manifest && nameOrKind(manifest, document)) ?? lineAt(document.text, document.lineStarts[line] ?? 0);
  const template = { file: from.file, placed: found.placed, ...(manifest ? { manifest } : {}), span };
  const written = own && document.text.slice(own.span.start, own.span.end);
  const entry = output?.manifest.annotations.find((one) => isIn(output.span, one));
  const elsewhere =
    from.source.tool === 'helm'
      ? valuePlace(index, from, { written, rendered: own?.rendered ?? '', entry })
      : entry && (!manifest || entryOf(manifest, entry.key)?.value !== entry.value)
        ? patchPlace(index, from, entry)
        : undefined;
  if (isFetched) return elsewhere;
  if (elsewhere) return { ...elsewhere, template };
  return { file: from.file, ...found, span, origin: from.origin, template };
}

/** The template of a chart of a registry that a stretch of the output comes from; undefined where it is not known. */
function inChart(from: RenderedFrom, output: OutputPlace | undefined): RenderedFrom | undefined {
  const { source, object } = from;
  if (!output || source.tool !== 'helm') return undefined;
  const nth = source.output.documents.findIndex(({ document }) => document === output.document);
  const file = source.traces[nth]?.file;
  const text = file === undefined ? undefined : source.kept.get(file);
  if (file === undefined || !text) return undefined;
  const best = new Candidates(candidatesIn(file, text)).best(object, fitsTemplate);
  return { ...from, file, line: best?.line ?? 1 };
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
