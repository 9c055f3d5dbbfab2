import * as vscode from 'vscode';
import type { Surroundings } from './environment.ts';
import { KUBERNETES_EXTENSION, kubernetesChoice } from './kubernetes-extension.ts';

/** Where the contexts of a folder are read, and with which surroundings. */
export interface KubeconfigChoice {
  /** The file of our own setting; empty: the chain of the environment. */
  readonly explicit: string;
  readonly surroundings: Surroundings;
}

/** What decides; our setting goes before what the Kubernetes extension works with. */
export function kubeconfigChoice(folder: vscode.Uri | undefined): KubeconfigChoice {
  const http = vscode.workspace.getConfiguration('http', folder);
  return {
    explicit: vscode.workspace.getConfiguration('argocdHooks', folder).get('kubeconfig', ''),
    surroundings: {
      proxy: http.get<string | null>('proxy') ?? '',
      noProxy: http.get<readonly string[] | null>('noProxy') ?? [],
      proxySupport: http.get<string>('proxySupport', 'override'),
      kubernetesExtension: kubernetesKubeconfig(folder),
    },
  };
}

/** The kubeconfig of the Kubernetes extension: as it says itself, or, while it sleeps, as its setting says. */
function kubernetesKubeconfig(folder: vscode.Uri | undefined): string {
  const said = ofKubernetesExtension()?.kubeconfig() ?? '';
  if (said !== '') return said;
  const settings = vscode.workspace
    .getConfiguration('', folder)
    .get<Readonly<Record<string, unknown>>>('vs-kubernetes');
  const path = settings?.['vs-kubernetes.kubeconfig'];
  return typeof path === 'string' ? path : '';
}

const ofKubernetesExtension = () => kubernetesChoice(vscode.extensions.getExtension(KUBERNETES_EXTENSION));

/** Told when the Kubernetes extension, if it is at work, chooses another kubeconfig or context. */
export const onKubernetesChoice = (listener: () => void): readonly vscode.Disposable[] => {
  const choice = ofKubernetesExtension();
  return choice ? [choice.onDidChange(listener)] : [];
};

/** May a change of the settings lead to other contexts? */
export const affectsContexts = (event: vscode.ConfigurationChangeEvent): boolean =>
  ['argocdHooks.kubeconfig', 'argocdHooks.protectedContexts', 'vs-kubernetes'].some((name) =>
    event.affectsConfiguration(name),
  );
