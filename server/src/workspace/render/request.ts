import { writeJson } from '../../core/json.ts';
import type { Application, ApplicationSource, HelmParameters, ValueFile } from '../model.ts';
import { baseName, isWithin, joinPath } from '../paths.ts';
import { chartFolder, isRegistryChart, registryChart } from '../registry-charts.ts';
import type { HelmRequest, RenderRequest } from './model.ts';

/** What is to be rendered, or why it cannot be known, as a clause. */
type Request = { readonly request: RenderRequest } | { readonly unable: string };

/**
 * How Argo CD would render a source; undefined where it renders nothing: plain manifests, plugins, and sources that lie
 * elsewhere. Source: argo-cd reposerver/repository/repository.go `GenerateManifests`, `helmTemplate`.
 * @param network charts of registries may be fetched
 */
export function requestOf(application: Application, source: ApplicationSource, network: boolean): Request | undefined {
  const { folder, tool } = source;
  if (tool === 'helm' && isRegistryChart(source)) return fetchedRequest(application, source, network);
  if (folder === undefined) return undefined;
  if (tool === 'kustomize')
    return { request: { tool, folder, ...(source.kustomize ? { edits: source.kustomize } : {}) } };
  if (tool !== 'helm') return undefined;
  const helm = source.helm ?? NOTHING;
  return chartRequest(application, source, folder, helm);
}

const NOT_FETCHED =
  'it is in a registry, and nothing is fetched unless the setting argocdHooks.render.network allows it (--render-network in the terminal).';

/** Names of files of a chart of a registry are seen from the chart, but for those of other sources. */
function fetchedRequest(application: Application, source: ApplicationSource, network: boolean): Request {
  if (!network) return { unable: NOT_FETCHED };
  const found = registryChart(source);
  if ('unable' in found) return found;
  const folder = chartFolder(found.chart);
  const inChart = (file: ValueFile): ValueFile => {
    if (file.path !== undefined || /^\$|:\/\//.test(file.declared)) return file;
    const path = joinPath(folder, file.declared);
    return isWithin(path, folder) ? { ...file, path } : file;
  };
  const helm = source.helm ?? NOTHING;
  const read = {
    ...helm,
    valueFiles: helm.valueFiles.map(inChart),
    fileParameters: helm.fileParameters.map(({ name, file }) => ({ name, file: inChart(file) })),
  };
  const made = chartRequest(application, source, folder, read);
  return 'unable' in made ? made : { request: { ...made.request, chart: found.chart } };
}

function chartRequest(
  application: Application,
  source: ApplicationSource,
  folder: string,
  helm: HelmParameters,
): { readonly request: HelmRequest } | { readonly unable: string } {
  const away = [...helm.valueFiles, ...helm.fileParameters.map(({ file }) => file)].find(
    ({ path }) => path === undefined,
  );
  if (away) return { unable: `The values file ${away.declared} is not in this workspace.` };
  return { request: helmRequest(application, source, folder, helm) };
}

const NOTHING: HelmParameters = {
  valueFiles: [],
  ignoreMissingValueFiles: false,
  parameters: [],
  fileParameters: [],
  releaseName: '',
  namespace: '',
  skipCrds: false,
  skipTests: false,
  skipSchemaValidation: false,
  kubeVersion: '',
  apiVersions: [],
};

function helmRequest(
  application: Application,
  source: ApplicationSource,
  folder: string,
  helm: HelmParameters,
): HelmRequest {
  const substitute = (text: string): string => substituted(text, application, source);
  const values = helm.valuesObject ? writeJson(helm.valuesObject) : helm.values;
  return {
    tool: 'helm',
    folder,
    releaseName: helm.releaseName || application.name || baseName(folder),
    namespace: helm.namespace || application.namespace,
    valueFiles: [...new Set(helm.valueFiles.map(({ path = '' }) => path))],
    ignoreMissingValueFiles: helm.ignoreMissingValueFiles,
    ...(values === undefined || values === '' ? {} : { values }),
    parameters: helm.parameters.map((parameter) => ({ ...parameter, value: substitute(parameter.value) })),
    fileParameters: helm.fileParameters.map(({ name, file: { path = '' } }) => ({ name, path })),
    skipCrds: helm.skipCrds,
    skipTests: helm.skipTests,
    skipSchemaValidation: helm.skipSchemaValidation,
    kubeVersion: helm.kubeVersion,
    apiVersions: helm.apiVersions,
  };
}

/** What Argo CD puts in place of its own variables; the revision's are not known here and stay. Source: repository.go `newEnv`. */
function substituted(text: string, application: Application, source: ApplicationSource): string {
  const variables: Readonly<Record<string, string>> = {
    ARGOCD_APP_NAME: application.name,
    ARGOCD_APP_NAMESPACE: application.namespace,
    ARGOCD_APP_PROJECT_NAME: application.policy?.project ?? '',
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_PATH: source.path ?? '',
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision,
  };
  return text.replace(/\$(?:\{(ARGOCD_\w+)\}|(ARGOCD_\w+))/g, (whole, braced?: string, bare?: string) => {
    return variables[braced ?? bare ?? ''] ?? whole;
  });
}
