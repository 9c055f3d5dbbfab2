import type { PlanProblem } from '../core/plan/model.ts';
import type { FileFacts } from './facts.ts';
import type { Application } from './model.ts';
import { baseName, comparePaths, folderOf, isWithin, joinPath } from './paths.ts';
import type { Tree } from './tree.ts';

/** The files that a source is made of, as far as they can be told without rendering it. */
export interface SourceFiles {
  readonly kind: Application['kind'];
  readonly files: readonly string[];
  readonly problems: readonly PlanProblem[];
  /** Those of the problems that rendering would answer. */
  readonly unrendered: readonly PlanProblem[];
  /** Files beside those that decide what the source is rendered to: kustomizations, patches, values. */
  readonly inputs: readonly string[];
}

/**
 * The plain manifests that a kustomization builds on, with those of the kustomizations below it. What it does to them
 * (names, namespaces, patches, generators) is not known without kustomize.
 */
export function kustomizedFiles(folder: string, tree: Tree): SourceFiles & { readonly bases: readonly string[] } {
  const files: string[] = [];
  const problems: PlanProblem[] = [notRendered(folder, 'kustomization', 'kustomize')];
  const inputs: string[] = [];
  const seen = new Set<string>();
  const visit = (at: string): void => {
    if (seen.has(at)) return;
    seen.add(at);
    const owner = tree.folders.get(at)?.find(({ kustomization }) => kustomization !== undefined);
    if (owner) inputs.push(owner.path);
    for (const mention of owner?.kustomization?.mentions ?? []) {
      const path = joinPath(at, mention);
      if (tree.byPath.has(path)) inputs.push(path);
    }
    for (const resource of owner?.kustomization?.resources ?? []) {
      const path = joinPath(at, resource);
      if (tree.byPath.has(path)) files.push(path);
      else if (tree.folders.has(path)) visit(path);
      else problems.push(missing(owner?.path ?? at, resource));
    }
  };
  visit(folder);
  seen.delete(folder);
  return { kind: 'kustomize', files, problems, unrendered: problems, inputs, bases: [...seen] };
}

function missing(file: string, resource: string): PlanProblem {
  const remote = /:\/\/|^[\w.-]+\.[a-z]+\/|\?ref=/.test(resource);
  const why = remote ? 'which is not fetched' : 'which is not here';
  return { file, message: `It builds on ${resource}, ${why}: those manifests are missing in the plan.` };
}

/** The files below a folder, wherever they lie there: they stand in a row. */
export function filesWithin(folder: string, { files }: Tree): readonly FileFacts[] {
  if (folder === '.') return files;
  const start = `${folder}/`;
  let low = 0;
  for (let high = files.length; low < high;) {
    const middle = (low + high) >> 1;
    if (comparePaths(files[middle]?.path ?? '', start) < 0) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (files[end]?.path.startsWith(start)) end++;
  return files.slice(low, end);
}

/** The templates and CRDs of a chart, with those of the charts inside it. */
export function chartFiles(folder: string, tree: Tree): SourceFiles {
  const below = filesWithin(folder, tree).map(({ path }) => path);
  const charts = below.filter((path) => baseName(path) === 'Chart.yaml').map(folderOf);
  const parts = charts.flatMap((chart) => [inside(chart, 'templates'), inside(chart, 'crds')]);
  const files = below.filter((path) => parts.some((part) => isWithin(path, part)));
  const problems = [notRendered(folder, 'chart', 'Helm')];
  return { kind: 'helm', files, problems, unrendered: problems, inputs: below };
}

const inside = (folder: string, part: string): string => (folder === '.' ? part : `${folder}/${part}`);

const notRendered = (folder: string, what: string, tool: string): PlanProblem => ({
  message: `${folder === '.' ? 'The source' : folder} is a ${what} that is not rendered: the plan takes its plain manifests as they are written, and it cannot be synced from here. What ${tool} makes of them may differ.`,
});
