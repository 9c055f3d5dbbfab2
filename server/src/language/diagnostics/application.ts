import { viewOf, type PlanView } from '../place.ts';
import type { ApplicationPlan } from '../../core/plan/model.ts';
import { positionIn } from '../../manifest/lines.ts';
import type { Manifest, PlacedDocument, YamlDocument } from '../../manifest/model.ts';
import type { SourceFile } from '../../manifest/source-file.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import type { Application } from '../../workspace/model.ts';
import { ManifestFacts } from './facts.ts';
import type { ApplicationContext, ApplicationManifest, WrittenManifest } from './model.ts';

/** What an application's findings depend on, beside versions and levels: while all of it stays, so do they. */
export interface ApplicationBasis {
  readonly plan: ApplicationPlan;
  /** The document that declares the Application; the plan does not hold all that it says. */
  readonly declaration: YamlDocument | undefined;
}

export const sameBasis = (a: ApplicationBasis, b: ApplicationBasis): boolean =>
  a.plan === b.plan && a.declaration === b.declaration;

/** The application as it stands now; makes its plan where one of its files changed. */
export function basisOf(index: WorkspaceIndex, application: Application): ApplicationBasis {
  const { declaredIn } = application;
  const declaration = declaredIn && documentAt(index.file(declaredIn.file), declaredIn.line)?.placed.document;
  return { plan: index.plan(application), declaration };
}

/** An application as the rules look at it. Costs a step for each of its manifests; nothing is parsed. */
export function contextOf(
  index: WorkspaceIndex,
  application: Application,
  plan: ApplicationPlan,
  argocdVersion: string,
): ApplicationContext {
  const { objects, problems } = index.objects(application);
  const manifests = objects.map(({ object, file, line }): ApplicationManifest => ({
    object,
    facts: new ManifestFacts(object),
    ...(file === undefined || line === undefined ? {} : { file, line }),
    written: once(() => (file === undefined || line === undefined ? undefined : writtenAt(index, file, line, object))),
  }));
  const declaration = declarationOf(index, application);
  let view: PlanView | undefined;
  return {
    application,
    plan,
    manifests,
    complete: problems.length === 0 && plan.problems.length === 0,
    ...(declaration ? { declaration } : {}),
    argocdVersion,
    placesOf: ({ file, line }) => {
      if (file === undefined || line === undefined) return [];
      return (view ??= viewOf(plan)).placesAt(file, line);
    },
  };
}

function declarationOf(index: WorkspaceIndex, { declaredIn }: Application): ApplicationManifest | undefined {
  if (!declaredIn) return undefined;
  const { file, line } = declaredIn;
  const written = writtenAt(index, file, line);
  if (!written) return undefined;
  const { object } = written.manifest;
  return { object, facts: new ManifestFacts(object), file, line, written: () => written };
}

interface Found {
  readonly index: number;
  readonly placed: PlacedDocument;
}

/** The document that holds a line (1-based) of a file. */
function documentAt(file: SourceFile | undefined, line: number): Found | undefined {
  const index = file?.indexAtLine(line - 1);
  const placed = index === undefined ? undefined : file?.document(index);
  return index !== undefined && placed ? { index, placed } : undefined;
}

function writtenAt(
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
function manifestAt({ document, line: first }: PlacedDocument, line: number, object?: Manifest['object']) {
  const { manifests, text, lineStarts } = document;
  const lineOf = ({ span }: Manifest): number => positionIn(text, lineStarts, span.start).line + first + 1;
  return (
    manifests.find((manifest) => manifest.object === object) ??
    manifests.find((manifest) => lineOf(manifest) === line) ??
    (manifests.length === 1 ? manifests[0] : undefined)
  );
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
