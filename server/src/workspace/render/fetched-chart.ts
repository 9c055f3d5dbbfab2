import { isObject } from '../../core/object.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import { baseName, comparePaths, isWithin, joinPath } from '../paths.ts';
import { shownAddress, type RegistryChart } from '../registry-charts.ts';
import type { RenderTree } from './kustomize-inputs.ts';

/** A chart that was fetched, as it is laid out for a render. */
export interface FetchedChart {
  /** By the paths under which they are laid out. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Which chart it is, for a person: `the chart ingress-nginx 4.11.3`. */
  readonly words: string;
}

/** Which chart of which registry is meant, for a person, before it is known which version there is. */
export function fetchedText({ name, repository, version }: RegistryChart): string {
  const where = repository === undefined ? '' : ` from ${shownAddress(repository)}`;
  return `the chart ${repository === undefined ? shownAddress(name) : name}${version === '' ? '' : ` ${version}`}${where}`;
}

/** Lays the files of a chart out in a folder. @param files by their paths below the chart's own folder */
export function fetchedChart(
  folder: string,
  { name }: RegistryChart,
  files: ReadonlyMap<string, string | Uint8Array>,
): FetchedChart {
  const description = readWithJsYaml(textOf(files.get('Chart.yaml')));
  const value = 'value' in description && isObject(description.value) ? description.value : {};
  const version = typeof value['version'] === 'string' ? ` ${value['version']}` : '';
  return {
    files: new Map([...files].map(([path, bytes]) => [joinPath(folder, path), bytes])),
    words: `the chart ${baseName(name)}${version}`,
  };
}

const textOf = (content: string | Uint8Array | undefined): string => (typeof content === 'string' ? content : '');

/** A tree with the files of a chart laid over it. */
export const overlaid = (tree: RenderTree, { files }: FetchedChart): RenderTree => ({
  entry: async (path) => {
    if (files.has(path)) return 'file';
    return [...files.keys()].some((file) => isWithin(file, path)) ? 'folder' : tree.entry(path);
  },
  read: async (path) => (files.has(path) ? textOf(files.get(path)) : tree.read(path)),
  list: async (folder) => {
    const own = [...files.keys()].filter((file) => isWithin(file, folder)).sort(comparePaths);
    return own.length > 0 ? own : tree.list(folder);
  },
});
