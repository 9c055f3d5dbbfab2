import { listAt, textAt } from '../../core/fields.ts';
import type { JsonObject } from '../../core/object.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import { joinPath } from '../paths.ts';
import { isRemote, kustomizationIn, referencesIn, type KustomizationFile, type Reference } from './kustomization.ts';
import type { EntryKind } from './model.ts';

/** The disk with the open editors laid over it. */
export interface RenderTree {
  entry(path: string): Promise<EntryKind | undefined>;
  read(path: string): Promise<string | undefined>;
  list(folder: string): Promise<readonly string[]>;
}

/** Something that a kustomization takes from the network. */
export interface RemoteReference {
  readonly kustomization: KustomizationFile;
  readonly reference: Reference;
}

export interface KustomizeInputs {
  /** Everything that the build reads, sorted. */
  readonly files: readonly string[];
  /** The kustomizations that take part, by folder; the one that is built comes first. */
  readonly kustomizations: ReadonlyMap<string, KustomizationFile>;
  readonly remote: readonly RemoteReference[];
}

/** The charts that a kustomization inflates. Source: kustomize api/types/helmchartargs.go. */
function chartsIn(value: JsonObject): { name: string; version: string; repo: string; path: Reference['path'] }[] {
  const now = listAt(value, 'helmCharts').map((chart, i) => ({
    ...{ name: textAt(chart, 'name'), version: textAt(chart, 'version'), repo: textAt(chart, 'repo') },
    path: ['helmCharts', i],
  }));
  const before = listAt(value, 'helmChartInflationGenerator').map((chart, i) => ({
    ...{
      name: textAt(chart, 'chartName'),
      version: textAt(chart, 'chartVersion'),
      repo: textAt(chart, 'chartRepoUrl'),
    },
    path: ['helmChartInflationGenerator', i],
  }));
  return [...now, ...before];
}

/** No kustomization is made of more parts. */
const MAX_PARTS = 2_000;
/** Lists of configurations which may name files themselves. */
const CONFIGURED = /^(?:generators|transformers|validators)$/;

export interface KustomizeInputOptions {
  /** Folders of components that an Application adds. */
  readonly components?: readonly string[] | undefined;
  /** Helm is called for the charts of kustomizations. */
  readonly helm?: boolean;
}

/** What a kustomization reads, with all it builds on. What is not there is left out: kustomize itself says so. */
export async function kustomizeInputs(
  folder: string,
  tree: RenderTree,
  { components = [], helm = false }: KustomizeInputOptions = {},
): Promise<KustomizeInputs> {
  const files = new Set<string>();
  const kustomizations = new Map<string, KustomizationFile>();
  const remote: RemoteReference[] = [];
  const seen = new Set<string>();

  const visit = async (at: string): Promise<void> => {
    if (seen.has(at) || seen.size > MAX_PARTS) return;
    seen.add(at);
    const kustomization = await kustomizationIn(at, (path) => tree.read(path));
    if (!kustomization) {
      for (const file of await tree.list(at)) files.add(file);
      return;
    }
    kustomizations.set(at, kustomization);
    files.add(kustomization.path);
    for (const reference of referencesIn(kustomization.value)) await follow(at, reference, kustomization);
    await charts(at, kustomization);
  };

  const follow = async (at: string, reference: Reference, kustomization: KustomizationFile): Promise<void> => {
    const { text, path } = reference;
    const names = [text, ...(text.includes('=') ? [text.slice(text.indexOf('=') + 1)] : [])];
    for (const name of names) {
      const target = joinPath(at, name);
      const entry = await tree.entry(target);
      if (entry === 'folder') return visit(target);
      if (entry === 'file') {
        files.add(target);
        if (typeof path[0] === 'string' && CONFIGURED.test(path[0])) await configured(at, target, kustomization);
        return;
      }
    }
    if (isRemote(reference)) remote.push({ kustomization, reference });
  };

  /** A configuration names files as seen from the kustomization that lists it. */
  const configured = async (at: string, file: string, kustomization: KustomizationFile): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const reading = readWithJsYaml((await tree.read(file)) ?? '');
    const found = 'value' in reading ? referencesIn(reading.value) : [];
    for (const { text } of found) await follow(at, { text, path: [] }, kustomization);
  };

  /** Charts that the kustomization inflates lie below its folder of charts. */
  const charts = async (at: string, kustomization: KustomizationFile): Promise<void> => {
    const named = chartsIn(kustomization.value);
    if (named.length === 0) return;
    const home = joinPath(at, textAt(kustomization.value, 'helmGlobals', 'chartHome') || 'charts');
    const there = await tree.list(home);
    for (const file of there) files.add(file);
    if (!helm) return;
    for (const { name, version, repo, path } of named) {
      const places = [name, `${name}-${version}/${name}`].map((place) => joinPath(home, `${place}/Chart.yaml`));
      if (repo === '' || places.some((place) => there.includes(place))) continue;
      remote.push({ kustomization, reference: { text: `the chart ${name} of ${repo}`, path } });
    }
  };

  await visit(folder);
  for (const component of components) await visit(joinPath(folder, component));
  return { files: [...files].sort(), kustomizations, remote };
}
