import { kindOf, nameOf, type Json, type KubeObject } from '../../core/object.ts';
import type { AnnotationEntry, AnnotationsPart, PlacedDocument } from '../../manifest/model.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import type { RenderedFrom, SourcePlace } from './rendered-from.ts';
import { declaredSource } from './lead-to-declared.ts';
import { patchOf } from './parts.ts';

/** A value as a template or a patch writes it; nothing for lists and maps, which none takes as they are. */
export const textOf = (value: Json): string => (typeof value === 'object' ? '' : String(value));

/** Annotations that kustomize writes on an object, and where they stand. */
interface Candidate {
  readonly file: string;
  readonly index: number;
  readonly placed: PlacedDocument;
  readonly part: AnnotationsPart;
  readonly entry: AnnotationEntry;
}

/**
 * The only patch, or the only common annotations, of a kustomization or of the Application that may have written an
 * annotation of what was built. Undefined where none or several may have.
 */
export function patchPlace(
  index: WorkspaceIndex,
  from: RenderedFrom,
  { key, value }: AnnotationEntry,
): SourcePlace | undefined {
  const fitting = candidatesOf(index, from).filter(({ part, entry }) => {
    return entry.key === key && textOf(entry.value) === textOf(value) && mayChange(part, from.object);
  });
  const [only] = fitting;
  if (!only || fitting.length > 1) return undefined;
  const { part, entry, ...place } = only;
  const span = entry.valueSpan.start < entry.valueSpan.end ? entry.valueSpan : entry.keySpan;
  const by = part.kind === 'common' ? 'these common annotations' : 'this patch';
  return { ...place, span, patch: true, origin: `Built by kustomize with ${by}, from ${from.file}.` };
}

function candidatesOf(index: WorkspaceIndex, { source, declared }: RenderedFrom): Candidate[] {
  if (source.tool !== 'kustomize') return [];
  const files = [
    ...[...source.kustomizations.values()].map(({ path }) => ({ path, patch: false })),
    ...source.bases.filter((path) => index.isPatch(path)).map((path) => ({ path, patch: true })),
  ];
  const places = files.flatMap(({ path, patch }) =>
    (index.file(path)?.documents ?? []).map((placed, i) => ({ file: path, index: i, placed, patch })),
  );
  const application = declared && declaredSource(index, declared)?.found;
  return [...places, ...(application ? [{ ...application, patch: false }] : [])].flatMap(({ patch, ...place }) => {
    const { manifests, parts } = place.placed.document;
    const all = [...parts, ...(patch ? manifests.map(patchOf) : [])].filter(({ kind }) => WRITING.has(kind));
    return all.flatMap((part) => part.manifest.annotations.map((entry) => ({ ...place, part, entry })));
  });
}

const WRITING: ReadonlySet<string> = new Set(['patch', 'json-patch', 'common']);

/** By what a patch says of whom it is for; names that kustomize reads as regular expressions may be anybody's. */
function mayChange({ kind, target, manifest }: AnnotationsPart, object: KubeObject): boolean {
  if (kind === 'common') return true;
  if (target.kind !== '') return isOne(target.kind, kindOf(object)) && isOne(target.name, nameOf(object));
  const own = manifest.object;
  return kind === 'json-patch' || (kindOf(own) === kindOf(object) && nameOf(object).includes(nameOf(own)));
}

const isOne = (pattern: string, text: string): boolean =>
  pattern === '' || /[^\w-]/.test(pattern) || text.includes(pattern);
