import { isObject, type Json, type JsonObject } from '../../core/object.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import { joinPath } from '../paths.ts';
import type { HelmRequest } from './model.ts';
import type { RenderTree } from './kustomize-inputs.ts';

/** A chart that a chart depends on. */
export interface Dependency {
  readonly name: string;
  readonly alias: string;
  readonly repository: string;
  readonly version: string;
}

export interface HelmInputs {
  /** Everything that the call reads, sorted. */
  readonly files: readonly string[];
  /** The values files of the call; those that may be missing and are, are left out. */
  readonly valueFiles: readonly string[];
  /** Files that stand elsewhere in the workspace than for the call: charts of `file://` dependencies. */
  readonly copies: ReadonlyMap<string, string>;
  /** Dependencies that are not there. */
  readonly missing: readonly Dependency[];
}

/** The dependencies that a chart declares. Source: helm pkg/chart/metadata.go `Metadata`, requirements.yaml of API v1. */
export async function dependenciesOf(chart: string, tree: Pick<RenderTree, 'read'>): Promise<Dependency[]> {
  const listed = [];
  for (const name of ['Chart.yaml', 'requirements.yaml']) {
    const text = await tree.read(joinPath(chart, name));
    const reading = text === undefined ? undefined : readWithJsYaml(text);
    const value = reading && 'value' in reading && isObject(reading.value) ? reading.value : {};
    listed.push(...(Array.isArray(value['dependencies']) ? value['dependencies'] : []));
  }
  return listed.filter((entry) => isObject(entry)).map(dependency);
}

const dependency = (entry: JsonObject): Dependency => ({
  name: textOf(entry['name']),
  alias: textOf(entry['alias']),
  repository: textOf(entry['repository']),
  version: textOf(entry['version']),
});

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** What rendering a chart reads: the chart's folder with the charts inside it, values files, files of parameters. */
export async function helmInputs(request: HelmRequest, tree: RenderTree): Promise<HelmInputs> {
  const { folder, valueFiles, fileParameters } = request;
  const files = new Set(await tree.list(folder));
  const given: string[] = [];
  for (const path of valueFiles) {
    const there = (await tree.entry(path)) === 'file';
    if (there) files.add(path);
    if (there || !request.ignoreMissingValueFiles) given.push(path);
  }
  for (const { path } of fileParameters) if ((await tree.entry(path)) === 'file') files.add(path);
  const copies = new Map<string, string>();
  const missing: Dependency[] = [];
  for (const wanted of await dependenciesOf(folder, tree)) {
    if (wanted.name === '' || (await isInside(folder, wanted, [...files], tree))) continue;
    const local = wanted.repository.startsWith('file://')
      ? joinPath(folder, wanted.repository.slice('file://'.length))
      : undefined;
    const found = local === undefined ? [] : await tree.list(local);
    if (local === undefined || found.length === 0) missing.push(wanted);
    for (const file of found) copies.set(joinPath(folder, `charts/${wanted.name}/${below(file, local ?? '')}`), file);
  }
  return { files: [...files].sort(), valueFiles: given, copies, missing };
}

const below = (file: string, folder: string): string => (folder === '.' ? file : file.slice(folder.length + 1));

/** Is the dependency in the chart's own folder of charts, packed or not? */
async function isInside(
  chart: string,
  { name }: Dependency,
  files: readonly string[],
  tree: Pick<RenderTree, 'read'>,
): Promise<boolean> {
  const charts = joinPath(chart, 'charts');
  if (files.some((file) => file.startsWith(`${charts}/${name}-`) && file.endsWith('.tgz'))) return true;
  for (const file of files) {
    const inside = file.startsWith(`${charts}/`) ? file.slice(charts.length + 1) : '';
    if (!/^[^/]+\/Chart\.yaml$/.test(inside)) continue;
    if ((await chartName(file.slice(0, -'/Chart.yaml'.length), tree)) === name) return true;
  }
  return false;
}

/** The name in a chart's Chart.yaml; empty where it cannot be read. */
export async function chartName(chart: string, tree: Pick<RenderTree, 'read'>): Promise<string> {
  const reading = readWithJsYaml((await tree.read(joinPath(chart, 'Chart.yaml'))) ?? '');
  return 'value' in reading && isObject(reading.value) ? textOf(reading.value['name']) : '';
}
