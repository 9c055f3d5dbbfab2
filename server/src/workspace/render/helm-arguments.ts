import type { HelmRequest, RenderArgument } from './model.ts';

/** Name of the file with the values that the Application itself holds. */
export const OWN_VALUES = 'values-of-the-application.yaml';

/**
 * The arguments of `helm template` as Argo CD gives them; run in the chart's folder.
 * Source: argo-cd util/helm/cmd.go `template`, reposerver/repository/repository.go `helmTemplate`.
 */
export function helmArguments(request: HelmRequest): RenderArgument[] {
  const args: RenderArgument[] = ['template', '.', '--name-template', request.releaseName];
  if (request.namespace !== '') args.push('--namespace', request.namespace);
  if (request.kubeVersion !== '') args.push('--kube-version', request.kubeVersion);
  const parameters = new Map(request.parameters.map((parameter) => [parameter.name, parameter]));
  for (const { name, value, forceString } of parameters.values())
    args.push(forceString ? '--set-string' : '--set', `${name}=${escapeCommas(value)}`);
  for (const { name, path } of request.fileParameters) args.push('--set-file', { before: `${name}=`, file: path });
  for (const path of request.valueFiles) args.push('--values', { before: '', file: path });
  if (request.values !== undefined) args.push('--values', { before: '', extra: OWN_VALUES });
  for (const version of request.apiVersions) args.push('--api-versions', version);
  if (!request.skipCrds) args.push('--include-crds');
  if (request.skipSchemaValidation) args.push('--skip-schema-validation');
  if (request.skipTests) args.push('--skip-tests');
  return args;
}

/** A comma is part of the value, unless it is a list in braces. Source: cmd.go `cleanSetParameters`. */
function escapeCommas(value: string): string {
  if (value.startsWith('{') && value.endsWith('}')) return value;
  return value.replace(/(?<!\\),/g, '\\,');
}
