import { readFileSync } from 'node:fs';
import { afterAll } from 'vitest';
import type { ExecEntry } from '#core/kubeconfig/model';
import { resolveContext } from '#core/kubeconfig/resolve';
import type { JsonObject, KubeObject } from '#core/object';
import { loadKubeconfig } from '../../client/src/kube/kubeconfig.ts';
import { KubernetesCluster, openKubernetes, type KubernetesOptions } from '../../client/src/kube/kubernetes.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { status, type ControlPlane } from './control-plane/control-plane.mjs';
import { Api } from './control-plane/lib/api.mjs';

/** The folder of the control plane that `npm run test:cluster` has started. */
export const planeFolder = process.env['ARGOCD_HOOKS_CONTROL_PLANE'] ?? '';
if (planeFolder === '') throw new Error('No control plane: run these tests with npm run test:cluster.');

export const plane: ControlPlane = status({ dir: planeFolder });
export type User = keyof ControlPlane['kubeconfigs'];

/** A signal that the test may stop. */
export const running = new Stop();

/** The client that the tests prepare and look with; everything that is tested goes through the cluster's own port. */
export const admin = apiOf(plane.kubeconfig);

function apiOf(file: string): Api {
  const config = JSON.parse(readFileSync(file, 'utf8')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
    users: [{ user: { token: string } }];
  };
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster;
  return new Api({ server, ca: Buffer.from(ca, 'base64'), token: config.users[0].user.token });
}

export const source = (kubeconfig: string) => ({ env: {}, home: '/nonexistent', explicit: kubeconfig });

const opened: KubernetesCluster[] = [];
afterAll(() => {
  running.stop();
  for (const cluster of opened) cluster.close();
  admin.agent.destroy();
});

/** The cluster under test, as one of the control plane's users. */
export async function open(user: User = 'argocd'): Promise<KubernetesCluster> {
  const cluster = await openKubernetes(source(plane.kubeconfigs[user]), '', { allowExec: false, env: {} });
  opened.push(cluster);
  return cluster;
}

/** The same through a plain http server in front of the API server. */
export async function openThrough(
  address: string,
  user: User = 'argocd',
  options: Partial<KubernetesOptions> & { readonly exec?: ExecEntry } = {},
): Promise<KubernetesCluster> {
  const context = resolveContext(await loadKubeconfig(source(plane.kubeconfigs[user])));
  const cluster = new KubernetesCluster(
    {
      ...context,
      cluster: { ...context.cluster, server: address },
      user: options.exec ? { ...context.user, token: '', exec: options.exec } : context.user,
    },
    { allowExec: true, env: process.env, ...options },
  );
  opened.push(cluster);
  return cluster;
}

export const get = (path: string): Promise<KubeObject> => admin.get(path) as Promise<KubeObject>;
export const post = (path: string, object: JsonObject): Promise<KubeObject> =>
  admin.request('POST', path, object) as Promise<KubeObject>;
export const remove = (path: string): Promise<unknown> => admin.request('DELETE', path);

let count = 0;
/** A namespace of the test's own; its default service account is there. It goes with the control plane. */
export async function freshNamespace(prefix: string): Promise<string> {
  const name = `${prefix}-${process.pid}-${++count}`;
  await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await until(`the service account of ${name}`, () => get(`/api/v1/namespaces/${name}/serviceaccounts/default`));
  return name;
}

/** Waits until the probe gives something, and gives it. An error of the probe counts as not yet. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 20_000,
): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await pause(30)) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch {
      // Not yet.
    }
  }
  throw new Error(`${what}: did not come true within ${ms} ms`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface AuditedWrite {
  readonly verb: string;
  readonly namespace: string;
  readonly name: string;
  /** `group/resource/namespace/name`, empty parts left out. */
  readonly object: string;
  readonly code: number;
  readonly uri: URL;
  readonly sent: JsonObject;
  readonly at: string;
}

/**
 * The writes of one user in some namespaces, to these namespaces themselves, and to cluster-scoped objects of the names
 * given, from the API server's audit log, in order of arrival.
 */
export function writesOf(
  namespaces: string | readonly string[],
  { user = 'argocd', clusterObjects = [] }: { user?: string; clusterObjects?: readonly string[] } = {},
): AuditedWrite[] {
  const wanted = new Set([namespaces].flat());
  const named = new Set(clusterObjects);
  // The last line may not be whole yet.
  const lines = readFileSync(plane.auditLog, 'utf8').split('\n').slice(0, -1);
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter((event) => event.user.username === user)
    .map(writeOf)
    .filter(({ namespace, name }) => wanted.has(namespace) || named.has(name))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

function writeOf(event: AuditEvent): AuditedWrite {
  const { apiGroup = '', resource = '' } = event.objectRef ?? {};
  const sent = event.requestObject ?? {};
  const metadata = sent['metadata'] as { name?: string } | undefined;
  const name = event.objectRef?.name ?? metadata?.name ?? '';
  const own = resource === 'namespaces';
  const namespace = own ? name : (event.objectRef?.namespace ?? '');
  return {
    verb: event.verb,
    namespace,
    name,
    object: [apiGroup, resource, own ? '' : namespace, name].filter((part) => part !== '').join('/'),
    code: event.responseStatus?.code ?? 0,
    uri: new URL(event.requestURI, 'https://server'),
    sent,
    at: event.requestReceivedTimestamp,
  };
}

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestObject?: JsonObject;
}
