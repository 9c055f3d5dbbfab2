import { writeJson } from '../../core/json.ts';
import type { Application, ApplicationSource, HelmParameters } from '../model.ts';
import { baseName } from '../paths.ts';
import type { HelmRequest, RenderRequest } from './model.ts';

/**
 * How Argo CD would render a source; undefined where it renders nothing: plain manifests, plugins, and sources that lie
 * elsewhere. Where it cannot be known: why.
 * Source: argo-cd reposerver/repository/repository.go `GenerateManifests`, `helmTemplate`.
 */
export function requestOf(
  application: Application,
  source: ApplicationSource,
): { readonly request: RenderRequest } | { readonly unable: string } | undefined {
  const { folder, tool } = source;
  if (folder === undefined) return undefined;
  if (tool === 'kustomize')
    return { request: { tool, folder, ...(source.kustomize ? { edits: source.kustomize } : {}) } };
  if (tool !== 'helm') return undefined;
  const helm = source.helm ?? NOTHING;
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
