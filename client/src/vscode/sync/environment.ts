/** Settings of the editor, and of an extension beside ours, that a run goes by. */
export interface Surroundings {
  /** `http.proxy`; empty: none. */
  readonly proxy: string;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
  /** `http.proxySupport`: `off` switches the proxy off. */
  readonly proxySupport: string;
  /** The kubeconfig that the Kubernetes extension works with, in the form of KUBECONFIG; empty: it has none of its own. */
  readonly kubernetesExtension: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What the environment of a run has beside that of the editor: the editor's proxy, which a process of its own does not
 * know of, and the kubeconfig of the Kubernetes extension, which that gives its own kubectl in the same way.
 */
export function runEnvironment(settings: Surroundings, env: Env): Readonly<Record<string, string>> {
  const { proxy, noProxy, proxySupport, kubernetesExtension } = settings;
  const isUsed = proxy !== '' && proxySupport !== 'off';
  const excepted = [env['NO_PROXY'] || env['no_proxy'] || '', ...noProxy].filter((entry) => entry !== '');
  return {
    ...(isUsed ? { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } : {}),
    ...(isUsed && excepted.length > 0 ? { NO_PROXY: excepted.join(',') } : {}),
    ...(kubernetesExtension === '' ? {} : { KUBECONFIG: kubernetesExtension }),
  };
}
