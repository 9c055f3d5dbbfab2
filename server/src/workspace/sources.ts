import type { PlanProblem } from '../core/plan/model.ts';
import type { Json } from '../core/object.ts';
import type { FileFacts } from './facts.ts';
import type { Application } from './model.ts';
import { isWithin, joinPath } from './paths.ts';
import type { Repository } from './repositories.ts';

/** The files of a root, by folder. */
export interface Tree {
  readonly files: readonly FileFacts[];
  readonly byPath: ReadonlyMap<string, FileFacts>;
  /** Every folder that holds a file, or a folder that does. */
  readonly folders: ReadonlyMap<string, readonly FileFacts[]>;
  /** Folders of Helm charts. */
  readonly charts: ReadonlySet<string>;
  /** Git repositories around or in the root, as far as they are known. */
  readonly repositories: readonly Repository[];
  /** The value of a file's first document. */
  readonly valueIn?: ((path: string) => Json | undefined) | undefined;
}

/** The files that a source is made of, as far as they can be told without rendering it. */
export interface SourceFiles {
  readonly kind: Application['kind'];
  readonly files: readonly string[];
  readonly problems: readonly PlanProblem[];
  /** Those of the problems that rendering would answer. */
  readonly unrendered: readonly PlanProblem[];
}

/**
 * The plain manifests that a kustomization builds on, with those of the kustomizations below it. What it does to them
 * (names, namespaces, patches, generators) is not known without kustomize.
 */
export function kustomizedFiles(folder: string, tree: Tree): SourceFiles & { readonly bases: readonly string[] } {
  const files: string[] = [];
  const problems: PlanProblem[] = [notRendered(folder, 'kustomization', 'kustomize')];
  const seen = new Set<string>();
  const visit = (at: string): void => {
    if (seen.has(at)) return;
    seen.add(at);
    const owner = tree.folders.get(at)?.find(({ kustomization }) => kustomization !== undefined);
    for (const resource of owner?.kustomization?.resources ?? []) {
      const path = joinPath(at, resource);
      if (tree.byPath.has(path)) files.push(path);
      else if (tree.folders.has(path)) visit(path);
      else problems.push(missing(owner?.path ?? at, resource));
    }
  };
  visit(folder);
  seen.delete(folder);
  return { kind: 'kustomize', files, problems, unrendered: problems, bases: [...seen] };
}

function missing(file: string, resource: string): PlanProblem {
  const remote = /:\/\/|^[\w.-]+\.[a-z]+\/|\?ref=/.test(resource);
  const why = remote ? 'which is not fetched' : 'which is not here';
  return { file, message: `It builds on ${resource}, ${why}: those manifests are missing in the plan.` };
}

/** The templates and CRDs of a chart, with those of the charts inside it. */
export function chartFiles(folder: string, tree: Tree): SourceFiles {
  const charts = [...tree.charts].filter((chart) => isWithin(chart, folder));
  const files = tree.files
    .map(({ path }) => path)
    .filter((path) =>
      charts.some((chart) => ['templates', 'crds'].some((part) => isWithin(path, inside(chart, part)))),
    );
  const problems = [notRendered(folder, 'chart', 'Helm')];
  return { kind: 'helm', files, problems, unrendered: problems };
}

const inside = (folder: string, part: string): string => (folder === '.' ? part : `${folder}/${part}`);

const notRendered = (folder: string, what: string, tool: string): PlanProblem => ({
  message: `${folder === '.' ? 'The source' : folder} is a ${what} that is not rendered: the plan takes its plain manifests as they are written, and it cannot be synced from here. What ${tool} makes of them may differ.`,
});
