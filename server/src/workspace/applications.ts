import type { PlanProblem } from '../core/plan/model.ts';
import type { DeclaredApplication, DeclaredSource } from './declared.ts';
import type { FileFacts } from './facts.ts';
import { matchesGlob } from './glob.ts';
import type { Application, ApplicationSource, ValueFile } from './model.ts';
import { ancestorsOf, baseName, comparePaths, folderOf, isWithin, relativeTo } from './paths.ts';
import { placeOfSource, valueFile, type SourcePlace } from './source-folders.ts';
import { chartFiles, kustomizedFiles, type SourceFiles, type Tree } from './sources.ts';

export interface GroupingOptions {
  /** Name of the root, for an application whose source is the root itself. */
  readonly rootName: string;
}

/**
 * Which files form which application: the sources of Argo CD Application manifests that lie in the root, and for what
 * they leave over one application for each chart, kustomization and folder of manifests. Sorted by path and name.
 */
export function groupApplications(files: readonly FileFacts[], options: GroupingOptions): Application[] {
  const tree = treeOf(files);
  const declared = files.flatMap((facts) => facts.declared).flatMap((declaration) => declaredIn(declaration, tree));
  const claimed = new Set(declared.flatMap((application) => application.files));
  const built = builtFolders(tree, claimed, options);
  for (const { files: taken } of built) for (const file of taken) claimed.add(file);
  const folders = plainFolders(tree, claimed, options);
  return [...declared, ...built, ...folders].sort(
    (a, b) => comparePaths(a.path, b.path) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

function treeOf(files: readonly FileFacts[]): Tree {
  const folders = new Map<string, FileFacts[]>();
  for (const facts of files) {
    for (const folder of ancestorsOf(folderOf(facts.path))) if (!folders.has(folder)) folders.set(folder, []);
    folders.get(folderOf(facts.path))?.push(facts);
  }
  const byPath = new Map(files.map((facts) => [facts.path, facts]));
  const charts = [...folders].filter(([, inside]) => inside.some(({ path }) => baseName(path) === 'Chart.yaml'));
  return { files, byPath, folders, charts: new Set(charts.map(([folder]) => folder)) };
}

/** The application that a manifest declares; nothing where none of its sources lies in the root. */
function declaredIn(declaration: DeclaredApplication, tree: Tree): Application[] {
  const places = declaration.sources.map((source) => placeOfSource(source, declaration.file, tree));
  const first = places.find((place) => place !== undefined);
  if (!first) return [];
  const built = declaration.sources.map((source, i) => sourceOf(source, { declaration, places, tree }, places[i]));
  const sources = built.map(({ source }) => source);
  const tools = sources.map(({ tool }) => tool).filter((tool) => tool === 'kustomize' || tool === 'helm');
  const { file, line, name, namespace, syncOptions, automated, policy } = declaration;
  const folders = places.flatMap((place) => (place ? [place.folder] : []));
  return [
    {
      name: name || baseName(first.folder),
      path: first.folder,
      namespace,
      declaredIn: { file, line },
      kind: tools[0] ?? 'application',
      reason: `The Argo CD Application ${name} in ${file} names ${listOf(folders)} as its source.`,
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
  const lends = ref !== undefined && path === undefined && chart === undefined;
  const fileAt = (declared: string): ValueFile =>
    valueFile(declared, { ...place, application: declaration, places, tree });
  const built: ApplicationSource = {
    tool: lends ? 'none' : (found?.tool ?? source.tool ?? (chart === undefined ? 'directory' : 'helm')),
    ...place,
    files: found ? unique(found.files) : [],
    unrendered: found?.unrendered ?? [],
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
  const away: PlanProblem[] = place || lends ? [] : [{ file, line, message: awayMessage(name, source) }];
  return { source: built, problems: [...away, ...(found?.problems ?? [])] };
}

const awayMessage = (name: string, { path, chart, repoURL }: DeclaredSource): string =>
  `A source of the Application ${name} is not in this workspace (${chart === undefined ? (path ?? 'no path') : `chart ${chart}`} of ${repoURL || 'an unnamed repository'}): its manifests are missing here.`;

/** Source: reposerver/repository/repository.go `GetAppSourceType`, util/app/discovery/discovery.go `AppType`. */
function sourceFiles(
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
  const candidates = source.recurse
    ? tree.files.filter(({ path }) => isWithin(path, folder))
    : (tree.folders.get(folder) ?? []);
  const files = candidates
    .map(({ path }) => path)
    .filter((path) => {
      const relative = relativeTo(path, folder);
      if (source.exclude !== '' && matchesGlob(source.exclude, relative)) return false;
      return source.include === '' || matchesGlob(source.include, relative);
    });
  return { kind: 'directory', files, problems: [], unrendered: [] };
}

/** Charts and kustomizations that no Application names. What another kustomization builds on is no application. */
function builtFolders(tree: Tree, claimed: ReadonlySet<string>, options: GroupingOptions): Application[] {
  const overlays = [...tree.folders.keys()].filter((folder) => kustomizationIn(folder, tree));
  const sources = new Map(overlays.map((folder) => [folder, kustomizedFiles(folder, tree)]));
  const bases = new Set([...sources.values()].flatMap((source) => source.bases));
  const roots = overlays.filter((folder) => !bases.has(folder) && !isPartOfChart(folder, tree));
  const kustomized = roots.map((folder) => {
    const namespace = kustomizationIn(folder, tree)?.kustomization?.namespace ?? '';
    const reason = `The folder ${nameOf(folder, options)} holds a kustomization, and no Argo CD Application here names it.`;
    const source = sources.get(folder) ?? kustomizedFiles(folder, tree);
    return undeclared(folder, source, { namespace, reason }, options);
  });
  const charts = [...tree.charts].filter((folder) => !isPartOfChart(folderOf(folder), tree) || folder === '.');
  const charted = charts.map((folder) => {
    const reason = `The folder ${nameOf(folder, options)} is a Helm chart, and no Argo CD Application here names it.`;
    return undeclared(folder, chartFiles(folder, tree), { namespace: '', reason }, options);
  });
  return [...kustomized, ...charted].filter(
    ({ files }) => files.length > 0 && files.some((file) => !claimed.has(file) && holdsManifests(tree, file)),
  );
}

/** Folders with manifests of their own that nothing else took. */
function plainFolders(tree: Tree, claimed: ReadonlySet<string>, options: GroupingOptions): Application[] {
  return [...tree.folders].flatMap(([folder, inside]) => {
    const free = inside.filter(({ path, holds }) => holds !== 'nothing' && !claimed.has(path));
    if (!free.some(({ holds }) => holds === 'manifests') || isPartOfChart(folder, tree)) return [];
    if (kustomizationIn(folder, tree)) return [];
    const files = inside.map(({ path }) => path).filter((path) => !claimed.has(path));
    const reason = `The folder ${nameOf(folder, options)} holds manifests, and no Argo CD Application here names it.`;
    return [
      undeclared(
        folder,
        { kind: 'directory', files, problems: [], unrendered: [] },
        { namespace: '', reason },
        options,
      ),
    ];
  });
}

function undeclared(
  folder: string,
  { kind, files, problems, unrendered }: SourceFiles,
  { namespace, reason }: { namespace: string; reason: string },
  options: GroupingOptions,
): Application {
  const sorted = unique(files);
  const tool = kind === 'application' ? 'directory' : kind;
  return {
    name: nameOf(folder, options),
    path: folder,
    namespace,
    kind,
    reason,
    files: sorted,
    syncOptions: [],
    automated: false,
    sources: [{ tool, folder, files: sorted, unrendered, repoURL: '', targetRevision: '' }],
    problems,
  };
}

const nameOf = (folder: string, { rootName }: GroupingOptions): string =>
  folder === '.' ? rootName : baseName(folder);

const kustomizationIn = (folder: string, tree: Tree): FileFacts | undefined =>
  tree.folders.get(folder)?.find(({ kustomization }) => kustomization !== undefined);

/** A chart's own folder or one below it. */
const isPartOfChart = (folder: string, tree: Tree): boolean =>
  ancestorsOf(folder).some((ancestor) => tree.charts.has(ancestor));

const holdsManifests = (tree: Tree, path: string): boolean => tree.byPath.get(path)?.holds !== 'nothing';

const unique = (files: readonly string[]): string[] => [...new Set(files)].sort(comparePaths);

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
