import { isObject } from '../../core/object.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import type { SourceFile } from '../../manifest/source-file.ts';
import { joinPath } from '../paths.ts';
import { chartName, dependenciesOf } from './helm-inputs.ts';
import type { RenderTree } from './kustomize-inputs.ts';

/** Which file a document of the output comes from. */
export interface Trace {
  /** Path within the root; undefined where it lies in a packed chart, or where nothing says. */
  readonly file?: string;
  /** As the tool names it. */
  readonly named: string;
}

const SOURCE = /^# Source: (.+)$/m;

/**
 * Where each document of `helm template` comes from, by the comments in front of them. What a template writes on its
 * own behind a separator has no comment and comes from the same file.
 */
export function helmSources(output: SourceFile): (string | undefined)[] {
  let last: string | undefined;
  return output.documents.map(({ document }) => {
    const comment = SOURCE.exec(document.text.slice(0, 4096))?.[1]?.trim();
    return (last = comment ?? last);
  });
}

/** Finds the files that Helm names: `shop/charts/db/templates/job.yaml`, by the names of charts and their aliases. */
export class ChartPaths {
  readonly #folder: string;
  readonly #tree: RenderTree;
  /** Folders of charts inside a chart, by the names that Helm gives them. */
  readonly #inside = new Map<string, Promise<ReadonlyMap<string, string>>>();
  readonly #copies: ReadonlyMap<string, string>;

  /** @param copies files that lie elsewhere for Helm: from there to here */
  constructor(folder: string, tree: RenderTree, copies: ReadonlyMap<string, string>) {
    this.#folder = folder;
    this.#tree = tree;
    this.#copies = copies;
  }

  /** Path of a file within the root; undefined where it is in no folder. */
  async pathOf(named: string): Promise<string | undefined> {
    const parts = named.split('/').slice(1);
    let folder = this.#folder;
    while (parts[0] === 'charts' && parts.length > 2) {
      let inside = this.#inside.get(folder);
      if (!inside) {
        inside = this.#chartsIn(folder);
        this.#inside.set(folder, inside);
      }
      const next = (await inside).get(parts[1] ?? '');
      if (next === undefined) return undefined;
      folder = next;
      parts.splice(0, 2);
    }
    const path = joinPath(folder, parts.join('/'));
    return (await this.#tree.entry(path)) === 'file' ? path : undefined;
  }

  async #chartsIn(folder: string): Promise<Map<string, string>> {
    const charts = joinPath(folder, 'charts');
    const found = new Map<string, string>();
    const suffix = '/Chart.yaml';
    const all = [...(await this.#tree.list(charts)), ...this.#copies.keys()];
    for (const file of all) {
      if (!file.startsWith(`${charts}/`) || !file.endsWith(suffix)) continue;
      const chart = file.slice(0, -suffix.length);
      if (chart.slice(charts.length + 1).includes('/')) continue;
      const here = this.#copies.get(file)?.slice(0, -suffix.length) ?? chart;
      found.set(await chartName(here, this.#tree), here);
    }
    for (const { name, alias } of await dependenciesOf(folder, this.#tree)) {
      const chart = found.get(name);
      if (alias !== '' && chart !== undefined) found.set(alias, chart);
    }
    return found;
  }
}

/** The line (1-based) of a dependency in a chart's Chart.yaml; 1 where it is not listed there. */
export function lineOfDependency(chartYaml: string, name: string): number {
  const reading = readWithJsYaml(chartYaml);
  if (!('value' in reading) || !isObject(reading.value)) return 1;
  const at = chartYaml
    .split('\n')
    .findIndex((line) => new RegExp(`^\\s*(?:-\\s+)?name:\\s*["']?${escaped(name)}["']?\\s*(?:#.*)?$`).test(line));
  return at < 0 ? 1 : at + 1;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
