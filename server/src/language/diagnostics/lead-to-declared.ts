import { at, objectAt } from '../../core/fields.ts';
import { isObject, kindOf, type JsonObject } from '../../core/object.ts';
import type { Path } from '../../manifest/locate.ts';
import type { PlacedDocument } from '../../manifest/model.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import type { RenderedFrom } from './rendered-from.ts';
import { pathOf } from './where.ts';
import { writtenAt } from './written.ts';

/** A source as its Application declares it, and where. */
export interface Declared {
  readonly found: { readonly file: string; readonly index: number; readonly placed: PlacedDocument };
  /** From the root of the document to the source. */
  readonly path: Path;
  readonly source: JsonObject;
}

/** A source where its Application, or the ApplicationSet that this comes from, declares it; undefined where it is not found. */
export function declaredSource(
  index: WorkspaceIndex,
  { file, line, source: nth }: NonNullable<RenderedFrom['declared']>,
): Declared | undefined {
  const written = writtenAt(index, file, line);
  if (!written) return undefined;
  const { manifest, placed } = written;
  const way = kindOf(manifest.object) === 'ApplicationSet' ? ['spec', 'template', 'spec'] : ['spec'];
  const spec = objectAt(manifest.object, ...way);
  const several = spec['sources'];
  const source = Array.isArray(several) ? several[nth] : at(spec, 'source');
  if (!isObject(source)) return undefined;
  const last = Array.isArray(several) ? ['sources', nth] : ['source'];
  const found = { file, index: written.index, placed };
  return { found, path: [...pathOf(manifest, placed.document), ...way, ...last], source };
}
