import { at } from '../core/fields.ts';
import type { Json } from '../core/object.ts';
import { applicationsOfSet } from './application-sets.ts';
import { declaredApplications, kustomizationIn, unique } from './application-sources.ts';
import { configuredApplications, type ConfiguredApplication } from './configured.ts';
import type { FileFacts } from './facts.ts';
import type { Application } from './model.ts';
import { ancestorsOf, baseName, comparePaths, folderOf, joinPath, normalizePath } from './paths.ts';
import { hasFolder } from './registry-charts.ts';
import type { Repository, Tree } from './tree.ts';
import { repositoryName } from './source-folders.ts';
import { chartFiles, kustomizedFiles, type SourceFiles } from './sources.ts';
import type { Steps } from './steps.ts';

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
 * chart, kustomization and folder of manifests. Sorted by path and name. In steps, each of which is short.
 * @param files in the order of their paths
 */
export function* groupInSteps(files: readonly FileFacts[], options: GroupingOptions): Steps<Application[]> {
  const tree = yield* treeOf(files, options);
  const found: Application[] = [];
  for (const { declared, sets } of files) {
    for (const declaration of declared) {
      found.push(...declaredApplications(declaration, tree));
      yield;
    }
    for (const set of sets) found.push(...(yield* applicationsOfSet(set, tree)));
  }
  const configured = configuredApplications(options.configured ?? [], found, tree);
  yield;
  const declared = [...configured, ...found.filter((application) => !isReplaced(application, configured))];
  const claimed = new Set<string>();
  const named = new Set<string>();
  for (const { files: own, sources } of declared) {
    for (const file of own) claimed.add(file);
    for (const { folder } of sources) if (folder !== undefined) named.add(folder);
    yield;
  }
  const built = yield* builtFolders(tree, { claimed, named }, options);
  for (const { files: taken } of built) for (const file of taken) claimed.add(file);
  const folders = yield* plainFolders(tree, claimed, options);
  return [...declared, ...built.filter((application) => !isReplaced(application, configured)), ...folders].sort(
    (a, b) => comparePaths(a.path, b.path) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** An application of the settings takes the place of those with its name or its folder. */
const isReplaced = ({ name, path, sources }: Application, configured: readonly Application[]): boolean =>
  configured.some((own) => own.name === name || (own.path === path && hasFolder({ sources })));

/** How many files are put into the tree in one step. */
const FILES_A_STEP = 128;

function* treeOf(files: readonly FileFacts[], { repositories = [], valueIn }: GroupingOptions): Steps<Tree> {
  const folders = new Map<string, FileFacts[]>();
  const byPath = new Map<string, FileFacts>();
  const charts = new Set<string>();
  for (const [i, facts] of files.entries()) {
    const folder = folderOf(facts.path);
    let inside = folders.get(folder);
    if (!inside) {
      folders.set(folder, (inside = []));
      for (let above = folder; above !== '.';) {
        above = folderOf(above);
        if (folders.has(above)) break;
        folders.set(above, []);
      }
    }
    inside.push(facts);
    byPath.set(facts.path, facts);
    if (facts.path.endsWith('Chart.yaml') && baseName(facts.path) === 'Chart.yaml') charts.add(folder);
    if (i % FILES_A_STEP === 0) yield;
  }
  const homes = repositories.length > 0 ? new Set<string>() : homesOf(files, folders);
  return { files, byPath, folders, charts, repositories, homes, valueIn };
}

/** The repositories whose sources are found in folders of the root. */
function homesOf(files: readonly FileFacts[], folders: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const homes = new Set<string>();
  for (const { declared } of files)
    for (const { sources } of declared)
      for (const { path, repoURL } of sources) {
        const folder = path === undefined ? '.' : normalizePath(path);
        if (folder !== '.' && folders.has(folder)) homes.add(repositoryName(repoURL));
      }
  return homes;
}

/** What Applications took: files, and the folders that their sources name. */
interface Taken {
  readonly claimed: ReadonlySet<string>;
  readonly named: ReadonlySet<string>;
}

/** Charts and kustomizations that no Application names. What another kustomization builds on is no application. */
function* builtFolders(tree: Tree, { claimed, named }: Taken, options: GroupingOptions): Steps<Application[]> {
  const sources = new Map<string, SourceFiles>();
  const bases = new Set<string>();
  for (const [folder, inside] of tree.folders) {
    if (!inside.some(({ kustomization }) => kustomization !== undefined)) continue;
    const source = kustomizedFiles(folder, tree);
    sources.set(folder, source);
    for (const base of source.bases) bases.add(base);
    yield;
  }
  const built: Application[] = [];
  const add = (application: Application): void => {
    const { files, path } = application;
    const holding = files.filter((file) => holdsManifests(tree, file));
    const isFree =
      holding.length > 0 ? holding.some((file) => !claimed.has(file)) : !named.has(path) && buildsOnOthers(path, tree);
    if (isFree) built.push(application);
  };
  for (const [folder, source] of sources) {
    if (bases.has(folder) || isPartOfChart(folder, tree)) continue;
    const namespace = kustomizationIn(folder, tree)?.kustomization?.namespace ?? '';
    const reason = `The folder ${nameOf(folder, options)} holds a kustomization, and no Argo CD Application here names it.`;
    add(undeclared(folder, source, { namespace, reason }, options));
    yield;
  }
  for (const folder of tree.charts) {
    if (folder !== '.' && isPartOfChart(folderOf(folder), tree)) continue;
    const reason = `The folder ${nameOf(folder, options)} is a Helm chart, and no Argo CD Application here names it.`;
    add(undeclared(folder, chartFiles(folder, tree), { namespace: '', reason }, options));
    yield;
  }
  return built;
}

/** All its manifests come from elsewhere: from addresses, from charts that it depends on, or from files that are missing. */
function buildsOnOthers(folder: string, tree: Tree): boolean {
  const kustomization = kustomizationIn(folder, tree)?.kustomization;
  if (kustomization) return kustomization.resources.length > 0 || kustomization.inflates;
  const dependencies = at(tree.valueIn?.(joinPath(folder, 'Chart.yaml')), 'dependencies');
  return Array.isArray(dependencies) && dependencies.length > 0;
}

/** Folders with manifests of their own that nothing else took. */
function* plainFolders(tree: Tree, claimed: ReadonlySet<string>, options: GroupingOptions): Steps<Application[]> {
  const plain: Application[] = [];
  for (const [folder, inside] of tree.folders) {
    yield;
    const free = inside.filter(({ path }) => !claimed.has(path));
    if (!free.some(({ holds }) => holds === 'manifests') || isPartOfChart(folder, tree)) continue;
    if (kustomizationIn(folder, tree)) continue;
    const files = free.map(({ path }) => path);
    const reason = `The folder ${nameOf(folder, options)} holds manifests, and no Argo CD Application here names it.`;
    const source: SourceFiles = { kind: 'directory', files, problems: [], unrendered: [], inputs: [] };
    plain.push(undeclared(folder, source, { namespace: '', reason }, options));
  }
  return plain;
}

function undeclared(
  folder: string,
  { kind, files, problems, unrendered, inputs }: SourceFiles,
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
    sources: [{ tool, folder, files: sorted, inputs: unique(inputs), unrendered, repoURL: '', targetRevision: '' }],
    problems,
  };
}

const nameOf = (folder: string, { rootName }: GroupingOptions): string =>
  folder === '.' ? rootName : baseName(folder);

/** A chart's own folder or one below it. */
const isPartOfChart = (folder: string, tree: Tree): boolean =>
  ancestorsOf(folder).some((ancestor) => tree.charts.has(ancestor));

const holdsManifests = (tree: Tree, path: string): boolean => tree.byPath.get(path)?.holds !== 'nothing';
