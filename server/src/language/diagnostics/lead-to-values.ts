import { at, listAt, objectAt } from '../../core/fields.ts';
import { isObject, type Json } from '../../core/object.ts';
import { parseDocument } from '../../manifest/document.ts';
import type { AnnotationEntry, Span, YamlDocument } from '../../manifest/model.ts';
import { literalAt, moved } from '../../manifest/nested.ts';
import type { Path } from '../../manifest/locate.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import { isWithin, relativeTo } from '../../workspace/paths.ts';
import type { RenderedFrom, SourcePlace } from './rendered-from.ts';
import { declaredSource, type Declared } from './lead-to-declared.ts';
import { valueInDocument } from './where.ts';

/** What a stretch of the output was rendered from, as far as the template shows it. */
interface Taken {
  /** What the template has in its place; undefined where it has nothing of the kind. */
  readonly written: string | undefined;
  readonly rendered: string;
  /** The annotation that the stretch belongs to. */
  readonly entry: AnnotationEntry | undefined;
}

/** `{{ .Values.a.b }}` and nothing else, but how it is quoted and what it is where it is empty. */
const VALUE =
  /^["']?\{\{-?\s*(?:quote\s+|toString\s+)?\.Values\.(?<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\|\s*(?:quote|squote|toString|default\s+(?:"[^"]*"|\w+))\s*)*-?\}\}["']?$/;

/**
 * The value that a template of the chart takes as it is, or the annotation among the values that it writes as they are:
 * whoever has it and counts most decides, if it says the same. Undefined where the values do not tell.
 */
export function valuePlace(index: WorkspaceIndex, from: RenderedFrom, taken: Taken): SourcePlace | undefined {
  const { source, file } = from;
  if (source.tool !== 'helm' || !isWithin(file, source.folder === '.' ? 'templates' : `${source.folder}/templates`))
    return undefined;
  const { written, rendered, entry } = taken;
  const path = written === undefined ? undefined : VALUE.exec(written.trim())?.groups?.['path']?.split('.');
  const found = path
    ? decidingValue(index, from, path, rendered)
    : written === undefined && entry
      ? annotationAmongValues(index, from, entry)
      : undefined;
  const shown = source.registry === undefined ? file : `${relativeTo(file, source.folder)} of ${source.registry}`;
  return found && { ...found, origin: `Rendered by Helm from this value, by ${shown}.` };
}

type Found = Omit<SourcePlace, 'origin' | 'template'>;

/** Source: argo-cd reposerver/repository/repository.go `helmTemplate`: parameters, then the Application's values, then files. */
function decidingValue(
  index: WorkspaceIndex,
  { source, declared }: RenderedFrom,
  path: readonly string[],
  rendered: string,
): Found | undefined {
  const application = declared && declaredSource(index, declared);
  const given = application && givenValue(application, path);
  if (given) return saysSame(given.value, rendered) ? given.found : undefined;
  for (const name of source.tool === 'helm' ? source.valueFiles.toReversed() : []) {
    const placed = index.file(name)?.document(0);
    const value = placed && at(placed.document.value, ...path);
    if (!placed || value === undefined || value === null) continue;
    const span = valueInDocument(placed.document, path);
    return span && saysSame(value, rendered) ? { file: name, index: 0, placed, span } : undefined;
  }
  return undefined;
}

const saysSame = (value: Json, rendered: string): boolean => typeof value !== 'object' && String(value) === rendered;

/** A value that the Application gives itself, and where; `found` is absent where it is written in another way. */
function givenValue(
  { found, path: base, source }: Declared,
  path: readonly string[],
): { value: Json; found: Found | undefined } | undefined {
  const helm = objectAt(source, 'helm');
  const name = path.join('.');
  const place = (span: Span | undefined): Found | undefined => span && { ...found, span };
  const within = (...more: Path): Span | undefined =>
    valueInDocument(found.placed.document, [...base, 'helm', ...more]);
  if (listAt(helm, 'fileParameters').some((parameter) => parameter['name'] === name))
    return { value: {}, found: undefined };
  const parameters: Json = helm['parameters'] ?? [];
  const last = Array.isArray(parameters)
    ? parameters.findLastIndex((parameter) => isObject(parameter) && parameter['name'] === name)
    : -1;
  if (last >= 0) {
    const value = at((parameters as readonly Json[])[last], 'value') ?? '';
    return { value, found: place(within('parameters', last, 'value')) };
  }
  if (isObject(helm['valuesObject'])) {
    const value = at(helm['valuesObject'], ...path);
    return value === undefined || value === null ? undefined : { value, found: place(within('valuesObject', ...path)) };
  }
  const span = typeof helm['values'] === 'string' ? within('values') : undefined;
  const nested = span && literalAt(found.placed.document.text, span);
  if (!nested) return undefined;
  const document = parseDocument(nested.text);
  const value = at(document.value, ...path);
  if (value === undefined || value === null) return undefined;
  const inner = valueInDocument(document, path);
  return { value, found: place(inner && moved(inner, nested.start)) };
}

/** The only annotation with this key and value among the values of the Application, else of the file that counts most. */
function annotationAmongValues(
  index: WorkspaceIndex,
  { source, declared }: RenderedFrom,
  entry: AnnotationEntry,
): Found | undefined {
  const application = declared && declaredSource(index, declared)?.found;
  const files = source.tool === 'helm' ? source.valueFiles.toReversed() : [];
  const places = files.flatMap((file) => {
    const placed = index.file(file)?.document(0);
    return placed ? [{ file, index: 0, placed }] : [];
  });
  for (const place of application ? [application, ...places] : places) {
    const same = sameAnnotations(place.placed.document, entry);
    const [only] = same;
    if (only) return same.length === 1 ? { ...place, span: only.valueSpan } : undefined;
  }
  return undefined;
}

const sameAnnotations = ({ parts }: YamlDocument, { key, value }: AnnotationEntry): AnnotationEntry[] =>
  parts
    .filter(({ kind }) => kind === 'values')
    .flatMap(({ manifest }) => manifest.annotations)
    .filter((other) => other.key === key && other.value === value && other.valueSpan.start < other.valueSpan.end);
