import { kindOf, type KubeObject } from '../../core/object.ts';
import type { PlacedObject, PlanProblem } from '../../core/plan/model.ts';
import type { SourceFile } from '../../manifest/source-file.ts';
import { objectsOfFile } from '../objects.ts';
import { joinPath } from '../paths.ts';
import { Candidates, candidatesIn, fitsTemplate, fitsWithin } from './candidates.ts';
import type { Trace } from './helm-origins.ts';
import { lineOfGenerator, type KustomizeTrace } from './kustomize-origins.ts';
import type { KustomizationFile } from './kustomization.ts';

/** What a tool made of a source, and what is known of where it comes from. */
export type RenderedSource = RenderedChart | RenderedKustomization;

interface Rendered {
  /** Folder that was rendered. */
  readonly folder: string;
  readonly output: SourceFile;
  /** Files that the index may not hold: ignored ones, and those outside of the root. */
  readonly kept: ReadonlyMap<string, SourceFile>;
}

export interface RenderedChart extends Rendered {
  readonly tool: 'helm';
  /** Of each document of the output. */
  readonly traces: readonly (Trace | undefined)[];
  /** Files of values that it was rendered with; a later one overrides. */
  readonly valueFiles: readonly string[];
  /** Which chart it is, for a person, where it comes from a registry: its files are in `kept` alone. */
  readonly registry?: string;
}

export interface RenderedKustomization extends Rendered {
  readonly tool: 'kustomize';
  /** Of each object of the output. */
  readonly traces: readonly (KustomizeTrace | undefined)[];
  readonly kustomizations: ReadonlyMap<string, KustomizationFile>;
  /** Files whose manifests it builds on. */
  readonly bases: readonly string[];
}

/** A place of the source that something of the output is led back to. */
export interface Origin {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** How the object came from there, in words. */
  readonly text: string;
}

/** The text of a file as it stands now. */
export type FileLookup = (path: string) => SourceFile | undefined;

/** Where an Application names the chart of a registry; 1-based. */
export interface ChartPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * The objects that a source was rendered to, each led back to the file and line where it is written.
 * @param chart where the chart is named, if it comes from a registry
 */
export function renderedObjects(
  rendered: RenderedSource,
  fileOf: FileLookup,
  chart: ChartPlace | undefined,
): { objects: readonly PlacedObject[]; problems: readonly PlanProblem[] } {
  const { output } = rendered;
  const found = objectsOfFile(output, '', 'rendered');
  const originOf = originsOf(rendered, fileOf, chart);
  const objects = found.objects.map(({ object, line = 1 }, i): PlacedObject => {
    const origin = originOf(object, output.indexAtLine(line - 1), i);
    return { object, file: origin.file, line: origin.line, origin: origin.text };
  });
  const problems = found.problems.map(({ line = 1, message }): PlanProblem => {
    const place = sourceOf(rendered, output.indexAtLine(line - 1), chart);
    return { ...place, message: `As rendered: ${message}` };
  });
  return { objects, problems };
}

/** The file that a document of the output comes from; where that is not known, the one that describes the source. */
export function sourceOf(rendered: RenderedSource, document: number, chart: ChartPlace | undefined): ChartPlace {
  if (chart) return chart;
  const file = rendered.tool === 'helm' ? rendered.traces[document]?.file : undefined;
  return { file: file ?? descriptionOf(rendered), line: 1 };
}

/** The file that describes the source: `Chart.yaml`, or the kustomization. */
export function descriptionOf(rendered: RenderedSource): string {
  if (rendered.tool === 'helm') return joinPath(rendered.folder, 'Chart.yaml');
  return rendered.kustomizations.get(rendered.folder)?.path ?? joinPath(rendered.folder, 'kustomization.yaml');
}

/** Leads an object back, by the document that it stands in and by its place among all objects. */
export type OriginOf = (object: KubeObject, document: number, index: number) => Origin;

/** Leads the objects of an output back to the files that they come from, as those stand now. */
export function originsOf(rendered: RenderedSource, fileOf: FileLookup, chart: ChartPlace | undefined): OriginOf {
  if (rendered.tool === 'helm' && rendered.registry !== undefined && chart)
    return (_object, document) => ({ ...chart, text: `Rendered by Helm from ${shownFile(rendered, document)}.` });
  const lookup: FileLookup = (path) => fileOf(path) ?? rendered.kept.get(path);
  return rendered.tool === 'helm' ? chartOrigins(rendered, lookup) : kustomizeOrigins(rendered, lookup);
}

/** The file of a chart of a registry that a document comes from, for a person. */
function shownFile({ traces, registry = '' }: RenderedChart, document: number): string {
  const named = traces[document]?.named;
  return named === undefined ? registry : `${named.slice(named.indexOf('/') + 1)} of ${registry}`;
}

function chartOrigins(rendered: RenderedChart, fileOf: FileLookup): OriginOf {
  const known = candidatesByFile(fileOf);
  return (object, document) => {
    const trace = rendered.traces[document];
    if (trace?.file === undefined) {
      const where = trace ? ` from ${trace.named}, which is in a packed chart` : '; from which file is not known';
      return { file: descriptionOf(rendered), line: 1, text: `Rendered by Helm${where}.` };
    }
    const { file } = trace;
    const best = known(file).best(object, fitsTemplate);
    if (best) return { file, line: best.line, text: 'Rendered by Helm from this template.' };
    const line = lineOfKind(fileOf(file)?.text ?? '', kindOf(object));
    return line === undefined
      ? { file, line: 1, text: 'Rendered by Helm from this file; from which of its lines is not known.' }
      : { file, line, text: 'Rendered by Helm from this template.' };
  };
}

/** The first line of the only manifest of a kind, in a text that cannot be read as YAML. */
function lineOfKind(text: string, kind: string): number | undefined {
  const lines = text.split('\n');
  const found = lines.flatMap((line, i) => (line.replace(/\r$/, '').trimEnd() === `kind: ${kind}` ? [i] : []));
  const [at] = found;
  if (at === undefined || found.length > 1) return undefined;
  return (lines[at - 1]?.startsWith('apiVersion:') ? at - 1 : at) + 1;
}

function kustomizeOrigins(rendered: RenderedKustomization, fileOf: FileLookup): OriginOf {
  const { traces, kustomizations, bases } = rendered;
  const known = candidatesByFile(fileOf);
  let everything: Candidates | undefined;
  const all = (): Candidates =>
    (everything ??= new Candidates(
      bases.flatMap((path) => {
        const file = fileOf(path);
        return file ? candidatesIn(path, file) : [];
      }),
    ));
  const byPath = new Map([...kustomizations.values()].map((kustomization) => [kustomization.path, kustomization]));
  return (object, _document, index) => {
    const trace = traces[index];
    if (trace?.generated === true && trace.file !== undefined) {
      const kustomization = byPath.get(trace.file);
      const line = kustomization ? lineOfGenerator(kustomization, object) : 1;
      return { file: trace.file, line, text: 'Made by a generator of this kustomization.' };
    }
    if (trace?.file !== undefined) {
      const { file } = trace;
      const best = known(file).best(object, fitsWithin) ?? known(file).best(object, () => 0);
      return best
        ? { file, line: best.line, text: 'Built by kustomize from this manifest.' }
        : { file, line: 1, text: 'Built by kustomize from this file; from which of its lines is not known.' };
    }
    const best = trace ? undefined : all().best(object, fitsWithin);
    if (best) return { file: best.file, line: best.line, text: 'Built by kustomize from this manifest.' };
    const where = trace ? ` from ${trace.named}` : '; from which file is not known';
    return { file: descriptionOf(rendered), line: 1, text: `Built by kustomize${where}.` };
  };
}

function candidatesByFile(fileOf: FileLookup): (path: string) => Candidates {
  const known = new Map<string, Candidates>();
  return (path) => {
    let candidates = known.get(path);
    if (!candidates) {
      const file = fileOf(path);
      candidates = new Candidates(file ? candidatesIn(path, file) : []);
      known.set(path, candidates);
    }
    return candidates;
  };
}
