import type { PlanProblem } from '../core/plan/model.ts';
import type { DeclaredApplication, DeclaredSource } from './declared.ts';
import type { FileFacts } from './facts.ts';
import { matchesGlob } from './glob.ts';
import type { Application, ApplicationSource, ValueFile } from './model.ts';
import { baseName, comparePaths, folderOf, relativeTo } from './paths.ts';
import { chartText, isRegistryChart } from './registry-charts.ts';
import { placeOfSource, valueFile, type SourcePlace } from './source-folders.ts';
import { chartFiles, filesWithin, kustomizedFiles, type SourceFiles } from './sources.ts';
import type { Tree } from './tree.ts';

/**
 * The application that a manifest declares; nothing where none of its sources lies in the root or is a chart of a
 * registry.
 */
export function declaredApplications(declaration: DeclaredApplication, tree: Tree): Application[] {
  const places = declaration.sources.map((source) => placeOfSource(source, declaration.file, tree));
  const first = places.find((place) => place !== undefined);
  const charts = declaration.sources.filter(isRegistryChart);
  if (!first && charts.length === 0) return [];
  const path = first?.folder ?? folderOf(declaration.file);
  const built = declaration.sources.map((source, i) => sourceOf(source, { declaration, places, tree }, places[i]));
  const sources = built.map(({ source }) => source);
  const tools = sources.map(({ tool }) => tool).filter((tool) => tool === 'kustomize' || tool === 'helm');
  const { file, line, name, namespace, syncOptions, automated, policy } = declaration;
  const folders = places.flatMap((place) => (place ? [place.folder] : []));
  return [
    {
      name: name || baseName(path),
      path,
      namespace,
      declaredIn: { file, line },
      kind: tools[0] ?? 'application',
      reason: `The Argo CD Application ${name} in ${file} names ${listOf([...folders, ...charts.map((chart) => `the ${chartText(chart)}`)])} as its source.`,
      files: unique(sources.flatMap((source) => source.files)),
      syncOptions,
      automated,
      sources,
      policy,
      problems: built.flatMap(({ problems }) => problems),
    },
  ];
}

interface DeclarationScope {
  readonly declaration: DeclaredApplication;
  readonly places: readonly (SourcePlace | undefined)[];
  readonly tree: Tree;
}

/** One source of a declared application, and what is missing of it. */
function sourceOf(
  source: DeclaredSource,
  { declaration, places, tree }: DeclarationScope,
  place: SourcePlace | undefined,
): { source: ApplicationSource; problems: readonly PlanProblem[] } {
  const { repoURL, targetRevision, path, chart, ref, helm, kustomize } = source;
  const { file, line, name } = declaration;
  const found = place && sourceFiles(source, place.folder, tree);
  const fetched: PlanProblem[] = isRegistryChart(source) ? [{ file, line, message: chartMessage(name, source) }] : [];
  const lends = ref !== undefined && path === undefined && chart === undefined;
  const fileAt = (declared: string): ValueFile =>
    valueFile(declared, { ...place, application: declaration, places, tree });
  const built: ApplicationSource = {
    tool: lends ? 'none' : (found?.tool ?? source.tool ?? (chart === undefined ? 'directory' : 'helm')),
    ...place,
    files: found ? unique(found.files) : [],
    inputs: found ? unique(found.inputs) : [],
    unrendered: found?.unrendered ?? fetched,
    repoURL,
    targetRevision,
    ...(path === undefined ? {} : { path }),
    ...(chart === undefined ? {} : { chart }),
    ...(ref === undefined ? {} : { ref }),
    ...(helm
      ? {
          helm: {
            ...helm,
            valueFiles: helm.valueFiles.map(fileAt),
            fileParameters: helm.fileParameters.map((parameter) => ({
              name: parameter.name,
              file: fileAt(parameter.path),
            })),
          },
        }
      : {}),
    ...(kustomize ? { kustomize } : {}),
  };
  const away: readonly PlanProblem[] =
    fetched.length > 0 ? fetched : place || lends ? [] : [{ file, line, message: awayMessage(name, source) }];
  return { source: built, problems: [...away, ...(found?.problems ?? [])] };
}

const awayMessage = (name: string, { path, repoURL }: DeclaredSource): string =>
  `A source of the Application ${name} is not in this workspace (${path ?? 'no path'} of ${repoURL || 'an unnamed repository'}): its manifests are missing here.`;

const chartMessage = (name: string, source: DeclaredSource): string =>
  `The Application ${name} takes the ${chartText(source)}, a registry, and nothing is fetched unless the setting argocdHooks.render.network allows it (--render-network in the terminal): its manifests are missing in the plan, and it cannot be synced from here.`;

/** Source: reposerver/repository/repository.go `GetAppSourceType`, util/app/discovery/discovery.go `AppType`. */
export function sourceFiles(
  source: DeclaredSource,
  folder: string,
  tree: Tree,
): SourceFiles & { readonly tool: ApplicationSource['tool'] } {
  const tool = source.tool ?? toolOf(folder, tree);
  switch (tool) {
    case 'kustomize':
      return { tool, ...kustomizedFiles(folder, tree) };
    case 'helm':
      return { tool, ...chartFiles(folder, tree) };
    case 'plugin': {
      const message = `The source ${folder} is rendered by a plugin, which cannot run here: the plan takes its files as they are, and it is not synced.`;
      return { tool, ...directoryFiles(source, folder, tree), problems: [{ message }] };
    }
    case 'directory':
      return { tool, ...directoryFiles(source, folder, tree) };
  }
}

const toolOf = (folder: string, tree: Tree): 'kustomize' | 'helm' | 'directory' =>
  kustomizationIn(folder, tree) ? 'kustomize' : tree.charts.has(folder) ? 'helm' : 'directory';

/** Source: repository.go `getPotentiallyValidManifests`. */
function directoryFiles(source: DeclaredSource, folder: string, tree: Tree): SourceFiles {
  const candidates = source.recurse ? filesWithin(folder, tree) : (tree.folders.get(folder) ?? []);
  const files = candidates
    .map(({ path }) => path)
    .filter((path) => {
      const relative = relativeTo(path, folder);
      if (source.exclude !== '' && matchesGlob(source.exclude, relative)) return false;
      return source.include === '' || matchesGlob(source.include, relative);
    });
  return { kind: 'directory', files, problems: [], unrendered: [], inputs: [] };
}

export const kustomizationIn = (folder: string, tree: Tree): FileFacts | undefined =>
  tree.folders.get(folder)?.find(({ kustomization }) => kustomization !== undefined);

export const unique = (files: readonly string[]): string[] => [...new Set(files)].sort(comparePaths);

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
