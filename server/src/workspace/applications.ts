import { at } from '../core/fields.ts';
import type { Json } from '../core/object.ts';
import { applicationsOfSet } from './application-sets.ts';
import { declaredApplications, kustomizationIn, unique } from './application-sources.ts';
import { configuredApplications, type ConfiguredApplication } from './configured.ts';
import type { FileFacts } from './facts.ts';
import type { Application } from './model.ts';
import { ancestorsOf, baseName, comparePaths, folderOf, joinPath } from './paths.ts';
import type { Repository } from './repositories.ts';
import { chartFiles, kustomizedFiles, type SourceFiles, type Tree } from './sources.ts';

export interface GroupingOptions {
  /** Name of the root, for an application whose source is the root itself. */
  readonly rootName: string;
  /** What the setting `argocdHooks.applications` names. */
  readonly configured?: readonly ConfiguredApplication[];
  readonly repositories?: readonly Repository[];
  /** The value of a file's first document; undefined where it cannot be read. */
  readonly valueIn?: (path: string) => Json | undefined;
}

/**
 * Which files form which application: what the settings name, then the sources of Argo CD Application manifests that
 * lie in the root and of those that ApplicationSets generate, and for what they leave over one application for each
 * chart, kustomization and folder of manifests. Sorted by path and name.
 */
export function groupApplications(files: readonly FileFacts[], options: GroupingOptions): Application[] {
  const tree = treeOf(files, options);
  const found = files.flatMap((facts) => [
    ...facts.declared.flatMap((declaration) => declaredApplications(declaration, tree)),
    ...facts.sets.flatMap((set) => applicationsOfSet(set, tree)),
  ]);
  const configured = configuredApplications(options.configured ?? [], found, tree);
  const declared = [...configured, ...found.filter((application) => !isReplaced(application, configured))];
  const claimed = new Set(declared.flatMap((application) => application.files));
  const named = new Set(declared.flatMap(({ sources }) => sources.flatMap(({ folder }) => folder ?? [])));
  const built = builtFolders(tree, { claimed, named }, options);
  for (const { files: taken } of built) for (const file of taken) claimed.add(file);
  const folders = plainFolders(tree, claimed, options);
  return [...declared, ...built.filter((application) => !isReplaced(application, configured)), ...folders].sort(
    (a, b) => comparePaths(a.path, b.path) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** An application of the settings takes the place of those with its name or its folder. */
const isReplaced = ({ name, path }: Application, configured: readonly Application[]): boolean =>
  configured.some((own) => own.name === name || own.path === path);

function treeOf(files: readonly FileFacts[], { repositories = [], valueIn }: GroupingOptions): Tree {
  const folders = new Map<string, FileFacts[]>();
  for (const facts of files) {
    for (const folder of ancestorsOf(folderOf(facts.path))) if (!folders.has(folder)) folders.set(folder, []);
    folders.get(folderOf(facts.path))?.push(facts);
  }
  const byPath = new Map(files.map((facts) => [facts.path, facts]));
  const charts = [...folders].filter(([, inside]) => inside.some(({ path }) => baseName(path) === 'Chart.yaml'));
  return { files, byPath, folders, charts: new Set(charts.map(([folder]) => folder)), repositories, valueIn };
}

/** What Applications took: files, and the folders that their sources name. */
interface Taken {
  readonly claimed: ReadonlySet<string>;
  readonly named: ReadonlySet<string>;
}

/** Charts and kustomizations that no Application names. What another kustomization builds on is no application. */
function builtFolders(tree: Tree, { claimed, named }: Taken, options: GroupingOptions): Application[] {
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
  return [...kustomized, ...charted].filter(({ files, path }) => {
    const holding = files.filter((file) => holdsManifests(tree, file));
    return holding.length > 0
      ? holding.some((file) => !claimed.has(file))
      : !named.has(path) && buildsOnOthers(path, tree);
  });
}

/** All its manifests come from elsewhere: from addresses, from charts that it depends on, or from files that are missing. */
function buildsOnOthers(folder: string, tree: Tree): boolean {
  const kustomization = kustomizationIn(folder, tree)?.kustomization;
  if (kustomization) return kustomization.resources.length > 0;
  const dependencies = at(tree.valueIn?.(joinPath(folder, 'Chart.yaml')), 'dependencies');
  return Array.isArray(dependencies) && dependencies.length > 0;
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

/** A chart's own folder or one below it. */
const isPartOfChart = (folder: string, tree: Tree): boolean =>
  ancestorsOf(folder).some((ancestor) => tree.charts.has(ancestor));

const holdsManifests = (tree: Tree, path: string): boolean => tree.byPath.get(path)?.holds !== 'nothing';
