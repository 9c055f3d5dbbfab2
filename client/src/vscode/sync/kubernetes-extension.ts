/** Microsoft's Kubernetes extension. */
export const KUBERNETES_EXTENSION = 'ms-kubernetes-tools.vscode-kubernetes-tools';

/** An extension as the editor knows it. */
export interface KnownExtension {
  readonly isActive: boolean;
  /** Must not be read of one that is not active. */
  readonly exports: unknown;
}

interface Disposable {
  dispose(): void;
}

type Subscribe = (listener: () => void) => Disposable;

/** What the Kubernetes extension works with. */
export interface KubernetesChoice {
  /** Its kubeconfig, in the form of KUBECONFIG; empty where it has none on this machine's own file system. */
  kubeconfig(): string;
  /** Told when it works with another kubeconfig or context. It may be late: other tools change them too. */
  onDidChange(listener: () => void): Disposable;
}

/** The names of its events, by version of its API. */
const EVENTS: readonly (readonly [version: string, events: readonly string[]])[] = [
  ['v1_1', ['onDidChangeKubeconfigPath', 'onDidChangeContext']],
  ['v1', ['onDidKubeconfigPathChange', 'onDidActiveContextChanged']],
];

/**
 * What the Kubernetes extension says of itself; undefined where it is not there, sleeps, or has no such API. It is never
 * activated for that: it would start programs.
 * Source: vscode-kubernetes-tools-api/ts/index.ts `APIBroker`, ts/configuration/v1_1.ts `ConfigurationV1_1`.
 */
export function kubernetesChoice(extension: KnownExtension | undefined): KubernetesChoice | undefined {
  if (extension?.isActive !== true) return undefined;
  for (const [version, events] of EVENTS) {
    const api = configurationApi(extension.exports, version);
    if (api === undefined) continue;
    const subscriptions = events.flatMap((name) => (isFunction<Subscribe>(api[name]) ? [api[name]] : []));
    return {
      kubeconfig: () => hostPath(api),
      onDidChange: (listener) => {
        const made = subscriptions.map((subscribe) => subscribe(() => listener()));
        return { dispose: () => made.forEach((one) => one.dispose()) };
      },
    };
  }
  return undefined;
}

type Api = Readonly<Record<string, unknown>>;

function configurationApi(exports: unknown, version: string): Api | undefined {
  if (!isRecord(exports) || !isFunction<(component: string, version: string) => unknown>(exports['get']))
    return undefined;
  try {
    const found = exports['get']('configuration', version);
    return isRecord(found) && found['available'] === true && isRecord(found['api']) ? found['api'] : undefined;
  } catch {
    return undefined;
  }
}

/** A path inside of WSL is none on this side. */
function hostPath(api: Api): string {
  const ask = api['getKubeconfigPath'];
  if (!isFunction<() => unknown>(ask)) return '';
  try {
    const found = ask.call(api);
    if (!isRecord(found) || found['pathType'] !== 'host') return '';
    return typeof found['hostPath'] === 'string' ? found['hostPath'] : '';
  } catch {
    return '';
  }
}

const isRecord = (value: unknown): value is Api => typeof value === 'object' && value !== null;
const isFunction = <F>(value: unknown): value is F => typeof value === 'function';
