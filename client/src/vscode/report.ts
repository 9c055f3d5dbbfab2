import * as vscode from 'vscode';
import type { Session } from './session.ts';

interface Manifest {
  readonly version: string;
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

/** Settings whose values name files or clusters: that they are set is told, not to what. */
const PRIVATE = new Set(['argocdHooks.kubeconfig', 'argocdHooks.protectedContexts']);

/** `argocdHooks.enable = false (workspace)` for every setting that is not as it comes. */
function changedSettings(manifest: Manifest): string[] {
  const names = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  const configuration = vscode.workspace.getConfiguration();
  return names.flatMap((name) => {
    const found = configuration.inspect<unknown>(name);
    const levels = [
      ['user', found?.globalValue],
      ['workspace', found?.workspaceValue],
      ['folder', found?.workspaceFolderValue],
    ] as const;
    return levels.flatMap(([level, value]) =>
      value === undefined ? [] : [`${name} = ${PRIVATE.has(name) ? '(set)' : JSON.stringify(value)} (${level})`],
    );
  });
}

/**
 * Copies what somebody who reads an issue needs: versions, settings, counts. No content, no names of files, applications
 * or clusters.
 */
export async function copyReport({ platform, context, server, store }: Session): Promise<void> {
  const manifest = context.extension.packageJSON as Manifest;
  const views = store.views;
  const sum = (of: (view: (typeof views)[number]) => number): number => views.reduce((n, view) => n + of(view), 0);
  const settings = changedSettings(manifest);
  const lines = [
    `Argo CD Hooks ${manifest.version}; language server: ${server?.info ?? 'not running'}`,
    `${vscode.env.appName} ${vscode.version}, ${platform.machine}`,
    `Remote: ${vscode.env.remoteName === undefined ? 'no' : 'yes'}; trusted: ${vscode.workspace.isTrusted ? 'yes' : 'no'}; folders: ${vscode.workspace.workspaceFolders?.length ?? 0}`,
    `Plan: ${store.state}; ${views.length} applications, ${sum((v) => v.summary.resources)} resources, ${sum((v) => v.summary.hooks)} hooks, ${sum((v) => v.summary.problems)} problems`,
    `Settings: ${settings.length === 0 ? 'as they come' : settings.join('; ')}`,
  ];
  await vscode.env.clipboard.writeText(lines.join('\n'));
  await vscode.window.showInformationMessage('Argo CD Hooks: diagnostics copied. Paste them into your issue.');
}
