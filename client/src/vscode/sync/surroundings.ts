import * as vscode from 'vscode';
import type { Surroundings } from './environment.ts';

/** Where the contexts of a folder are read, and with which surroundings. */
export interface KubeconfigChoice {
  /** The file of our own setting; empty: the chain of the environment. */
  readonly explicit: string;
  readonly surroundings: Surroundings;
}

/** The settings that decide; ours goes before that of the Kubernetes extension. */
export function kubeconfigChoice(folder: vscode.Uri | undefined): KubeconfigChoice {
  const http = vscode.workspace.getConfiguration('http', folder);
  const theirs = vscode.workspace.getConfiguration('', folder).get<Readonly<Record<string, unknown>>>('vs-kubernetes');
  const kubeconfig = theirs?.['vs-kubernetes.kubeconfig'];
  return {
    explicit: vscode.workspace.getConfiguration('argocdHooks', folder).get('kubeconfig', ''),
    surroundings: {
      proxy: http.get<string | null>('proxy') ?? '',
      noProxy: http.get<readonly string[] | null>('noProxy') ?? [],
      proxySupport: http.get<string>('proxySupport', 'override'),
      kubernetesExtension: typeof kubeconfig === 'string' ? kubeconfig : '',
    },
  };
}

/** May a change of the settings lead to other contexts? */
export const affectsContexts = (event: vscode.ConfigurationChangeEvent): boolean =>
  ['argocdHooks.kubeconfig', 'argocdHooks.protectedContexts', 'vs-kubernetes'].some((name) =>
    event.affectsConfiguration(name),
  );
