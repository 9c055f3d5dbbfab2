import { positionIn } from '../../manifest/lines.ts';
import type { Manifest, PlacedDocument } from '../../manifest/model.ts';
import type { SourceFile } from '../../manifest/source-file.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import type { WrittenManifest } from './model.ts';

/** A document of a file. */
export interface Found {
  readonly index: number;
  readonly placed: PlacedDocument;
}

/** The document that holds a line (1-based) of a file. */
export function documentAt(file: SourceFile | undefined, line: number): Found | undefined {
  const index = file?.indexAtLine(line - 1);
  const placed = index === undefined ? undefined : file?.document(index);
  return index !== undefined && placed ? { index, placed } : undefined;
}

/** The manifest that a line (1-based) of a file belongs to; undefined where none does. */
export function writtenAt(
  index: WorkspaceIndex,
  file: string,
  line: number,
  object?: Manifest['object'],
): WrittenManifest | undefined {
  const found = documentAt(index.file(file), line);
  if (!found) return undefined;
  const manifest = manifestAt(found.placed, line, object);
  return manifest && { file, ...found, manifest };
}

/** The manifest that begins on a line (1-based): the object itself, else the first there, else the only one. */
export function manifestAt({ document, line: first }: PlacedDocument, line: number, object?: Manifest['object']) {
  const { manifests, text, lineStarts } = document;
  const lineOf = ({ span }: Manifest): number => positionIn(text, lineStarts, span.start).line + first + 1;
  return (
    manifests.find((manifest) => manifest.object === object) ??
    manifests.find((manifest) => lineOf(manifest) === line) ??
    (manifests.length === 1 ? manifests[0] : undefined)
  );
}
