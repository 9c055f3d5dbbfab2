import { viewOf, type PlanView } from '../place.ts';
import type { ApplicationPlan, PlacedObject } from '../../core/plan/model.ts';
import type { YamlDocument } from '../../manifest/model.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import type { Application } from '../../workspace/model.ts';
import { ManifestFacts } from './facts.ts';
import { fromOf, renderedDocuments } from './diagnose-rendered.ts';
import type { RenderedFrom } from './rendered-from.ts';
import type { ApplicationContext, ApplicationManifest } from './model.ts';
import { documentAt, writtenAt } from './written.ts';

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
  const rendered = new Map<PlacedObject, RenderedFrom>();
  for (const { source, objects: own } of renderedDocuments(index.renderedSources(application), objects)) {
    for (const placed of own) {
      const from = fromOf(index, application, source, placed);
      if (from) rendered.set(placed, from);
    }
  }
  const manifests = objects.map((placed): ApplicationManifest => {
    const { object, file, line } = placed;
    const from = rendered.get(placed);
    return {
      object,
      facts: new ManifestFacts(object),
      ...(from ? { rendered: from } : {}),
      ...(file === undefined || line === undefined ? {} : { file, line }),
      written: once(() =>
        file === undefined || line === undefined ? undefined : writtenAt(index, file, line, object),
      ),
    };
  });
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

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
