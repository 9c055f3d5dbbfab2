import { hasTemplate } from '../manifest/template.ts';
import type { Application, ApplicationSource } from './model.ts';
import { baseName } from './paths.ts';

/** A chart of a registry, as Helm is asked for it. */
export interface RegistryChart {
  /** Name within the repository, or the whole address (`oci://…`). */
  readonly name: string;
  /** Address of the repository; undefined where the name says it. */
  readonly repository?: string;
  /** A version or a range of versions; empty: the newest. */
  readonly version: string;
}

/** What says which chart of which registry a source takes. */
export type ChartSource = Pick<ApplicationSource, 'repoURL' | 'targetRevision'> & { readonly chart?: string };

/** Does a source take a chart of a registry? */
export const isRegistryChart = (source: ChartSource & { readonly folder?: string }): boolean =>
  source.chart !== undefined && source.folder === undefined;

/** An address without the user and password that it may hold. */
export const shownAddress = (text: string): string => text.replace(/\/\/[^/@\s]*@/g, '//');

const versionOf = ({ targetRevision }: ChartSource): string => {
  const version = targetRevision.trim();
  return version === '*' ? '' : version;
};

/** `chart ingress-nginx 4.11.x from https://charts.example.com`. */
export function chartText(source: ChartSource): string {
  const version = versionOf(source);
  return `chart ${source.chart || 'without a name'}${version === '' ? '' : ` ${version}`} from ${shownAddress(source.repoURL) || 'an unnamed registry'}`;
}

/** The charts that an application takes from registries where nothing of it lies in the root; empty: something does. */
export function chartsOf({ sources }: Pick<Application, 'sources'>): string {
  if (sources.some(({ folder }) => folder !== undefined)) return '';
  return sources.filter(isRegistryChart).map(chartText).join(', ');
}

/** Does the path of an application say where its manifests lie? Otherwise it says where it is declared. */
export const hasFolder = (application: Pick<Application, 'sources'>): boolean => chartsOf(application) === '';

const NAME = /^[A-Za-z0-9][\w.+-]*(?:\/[A-Za-z0-9][\w.+-]*)*$/;
const REGISTRY = /^(?:oci:\/\/)?[A-Za-z0-9][\w.-]*(?::\d+)?(?:\/[\w.+-]+)*\/?$/;
const VERSION = /^[\w.+*<>=!~^|, -]*$/;

/**
 * The chart that a source takes from a registry, or why it cannot be asked for, as a clause. An address without a scheme
 * is that of an OCI registry, as `oci://` is. Source: argo-cd util/helm/client.go `IsHelmOciRepo`, `PullOCI`.
 */
export function registryChart(source: ChartSource): { readonly chart: RegistryChart } | { readonly unable: string } {
  const { chart = '', repoURL, targetRevision } = source;
  const open = [chart, repoURL, targetRevision].find((text) => hasTemplate(text));
  if (open !== undefined) return { unable: `${shownAddress(open)} holds a template that is not resolved here` };
  if (!NAME.test(chart)) return { unable: 'its field chart is no name of a chart' };
  const version = versionOf(source);
  if (!VERSION.test(version)) return { unable: 'its targetRevision is no version and no range of versions' };
  if (/^https?:\/\//i.test(repoURL)) {
    return /^[a-z]+:\/\/[^\s/]+(?:\/\S*)?$/i.test(repoURL)
      ? { chart: { name: chart, repository: repoURL, version } }
      : { unable: 'its repoURL is no address' };
  }
  if (!REGISTRY.test(repoURL))
    return { unable: 'its repoURL is neither an address with https:// nor one of an OCI registry' };
  const host = repoURL.replace(/^oci:\/\//i, '').replace(/\/$/, '');
  return { chart: { name: `oci://${host}/${chart}`, version } };
}

/** Names one version, which stays what it is: not a range, and not the newest. */
export const isExact = ({ version }: RegistryChart): boolean =>
  /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.test(version);

/** Where the files of a chart of a registry lie for a render: a folder that no workspace has. */
export const chartFolder = (chart: RegistryChart): string => `.chart-of-a-registry/${baseName(chart.name)}`;
