import type { PlacedObject, PlanProblem } from '../core/plan/model.ts';
import { isSkippedFile } from './facts.ts';
import { applicationKey, type Application } from './model.ts';
import { objectsOfFile } from './objects.ts';
import { isRegistryChart } from './registry-charts.ts';
import { lineOfChart } from './render/line-of-chart.ts';
import { chartConsequence, consequence } from './render/problems.ts';
import type { Rendering } from './render/render.ts';
import { renderedObjects, type ChartPlace, type FileLookup, type RenderedSource } from './render/rendered.ts';

/** A render that came to an end. */
export type Settled = Exclude<Rendering, { kind: 'cancelled' }>;

interface State {
  /** What it came to; where it cannot be rendered any more, what it came to before. */
  readonly rendered?: RenderedSource;
  /** Why it cannot be rendered as it stands. */
  readonly problems: readonly PlanProblem[];
}

/** What became of rendering the sources of applications. */
export class Renderings {
  /** What has to be done for anything to be rendered, as a sentence; empty where nothing keeps it from that. */
  hint = '';
  readonly #states = new Map<string, State>();

  set(application: Application, source: number, rendering: Settled): void {
    const key = sourceKey(application, source);
    const before = this.#states.get(key)?.rendered;
    if (rendering.kind === 'rendered') {
      // Documents that come out as they did stay the same ones, with all that is known of them.
      const { output } = rendering.rendered;
      const same = before?.output.replaced(output.text, before.output.version + 1) ?? output;
      this.#states.set(key, { rendered: { ...rendering.rendered, output: same }, problems: [] });
      return;
    }
    this.#states.set(key, { ...(before ? { rendered: before } : {}), problems: rendering.problems });
  }

  of(application: Application, source: number): State | undefined {
    return this.#states.get(sourceKey(application, source));
  }

  /** Forgets what became of applications that are gone. */
  keepOnly(applications: readonly Application[]): void {
    if (this.#states.size === 0) return;
    const keys = new Set(
      applications.flatMap((application) => application.sources.map((_, i) => sourceKey(application, i))),
    );
    for (const key of this.#states.keys()) if (!keys.has(key)) this.#states.delete(key);
  }

  /** Nothing is rendered any more. */
  clear(): void {
    this.#states.clear();
  }
}

/** Tells the sources of the applications of a root apart. */
export const sourceKey = (application: Application, source: number): string =>
  `${applicationKey(application)}\n${source}`;

const NONE = { repoURL: '', targetRevision: '' };

/** Which of an application's sources was rendered to this; undefined where none was. */
export function indexOfRendered(
  application: Application,
  renderings: Renderings,
  rendered: RenderedSource,
): number | undefined {
  const nth = application.sources.findIndex((_, i) => renderings.of(application, i)?.rendered === rendered);
  return nth < 0 ? undefined : nth;
}

/** Where an application names a chart of a registry that was rendered; undefined for other sources. */
export function chartPlace(
  application: Application,
  renderings: Renderings,
  rendered: RenderedSource,
  fileOf: FileLookup,
): ChartPlace | undefined {
  const { declaredIn } = application;
  if (!declaredIn || rendered.tool !== 'helm' || rendered.registry === undefined) return undefined;
  const nth = indexOfRendered(application, renderings, rendered) ?? 0;
  return { ...declaredIn, line: lineOfChart(fileOf(declaredIn.file), declaredIn.line, nth) };
}

/** What an application's manifests are taken from. */
export interface Parts {
  readonly rendered: readonly RenderedSource[];
  /** Files that are read as they are written. */
  readonly files: readonly string[];
  readonly problems: readonly PlanProblem[];
}

/** The parts of an application: what was rendered, and the files of the other sources. */
export function partsOf(application: Application, renderings: Renderings): Parts {
  const states = application.sources.map((_, i) => renderings.of(application, i));
  if (states.every((state) => state === undefined)) {
    return { rendered: [], files: application.files, problems: hinted(application, renderings.hint) };
  }
  const rendered = states.flatMap((state) => state?.rendered ?? []);
  const files = new Set(application.sources.flatMap((source, i) => (states[i]?.rendered ? [] : source.files)));
  const answered = new Set(
    application.sources.flatMap(({ unrendered }, i) => {
      // The first says that the source is not rendered, the others what is missing for that.
      return states[i]?.rendered ? unrendered : states[i] ? unrendered.slice(0, 1) : [];
    }),
  );
  const told = states.flatMap((state, i) =>
    (state?.problems ?? []).map(({ message, ...place }): PlanProblem => {
      const before = state?.rendered !== undefined;
      const follows = isRegistryChart(application.sources[i] ?? NONE) ? chartConsequence : consequence;
      return { ...place, message: `${message} ${follows(before)}` };
    }),
  );
  const problems = [...told, ...application.problems.filter((problem) => !answered.has(problem))];
  return { rendered, files: [...files], problems };
}

/** The problems of an application none of whose sources is rendered; those that say so also say what would help. */
function hinted({ sources, problems }: Application, hint: string): readonly PlanProblem[] {
  if (hint === '') return problems;
  const told = new Set(sources.flatMap(({ unrendered }) => unrendered.slice(0, 1)));
  return problems.map((problem) =>
    told.has(problem) ? { ...problem, message: `${problem.message} ${hint}` } : problem,
  );
}

/** The objects of an application with their places, and why they may not be all, or not what Argo CD would apply. */
export function objectsOfSources(
  application: Application,
  renderings: Renderings,
  fileOf: FileLookup,
): { objects: readonly PlacedObject[]; problems: readonly PlanProblem[] } {
  const { rendered, files, problems: before } = partsOf(application, renderings);
  const objects: PlacedObject[] = [];
  const problems = [...before];
  for (const source of rendered) {
    const found = renderedObjects(source, fileOf, chartPlace(application, renderings, source, fileOf));
    objects.push(...found.objects);
    problems.push(...found.problems);
  }
  for (const path of files) {
    const file = fileOf(path);
    if (!file || isSkippedFile(file)) continue;
    const found = objectsOfFile(file, path, application.kind);
    objects.push(...found.objects);
    problems.push(...found.problems);
  }
  return { objects, problems };
}
