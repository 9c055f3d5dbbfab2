import { describe, expect, test } from 'vitest';
import { kubernetesChoice } from '../../client/src/vscode/sync/kubernetes-extension.ts';

/** An event of the editor's kind, and how many listen. */
function event() {
  const listeners = new Set<() => void>();
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    fire: () => listeners.forEach((listener) => listener()),
    count: () => listeners.size,
  };
}

/** The API of the Kubernetes extension, with these versions of its configuration. */
const broker = (versions: Readonly<Record<string, object>>) => ({
  apiVersion: '0.1',
  get: (component: string, version: string) => {
    const api = component === 'configuration' ? versions[version] : undefined;
    return api ? { available: true, api } : { available: false, reason: 'version-unknown' };
  },
});
const HOST = { getKubeconfigPath: () => ({ pathType: 'host', hostPath: '/home/ann/lab.yaml' }) };

describe('the Kubernetes extension', () => {
  test('says which kubeconfig it works with, and when it takes another one or another context', () => {
    const [path, context] = [event(), event()];
    const api = { ...HOST, onDidChangeKubeconfigPath: path.subscribe, onDidChangeContext: context.subscribe };
    const choice = kubernetesChoice({ isActive: true, exports: broker({ v1_1: api }) });
    expect(choice?.kubeconfig()).toBe('/home/ann/lab.yaml');
    let told = 0;
    const subscription = choice?.onDidChange(() => told++);
    path.fire();
    context.fire();
    expect(told).toBe(2);
    subscription?.dispose();
    expect([path.count(), context.count()]).toEqual([0, 0]);
  });

  test('of before its second API is asked by the first', () => {
    const path = event();
    const api = { ...HOST, onDidKubeconfigPathChange: path.subscribe };
    const choice = kubernetesChoice({ isActive: true, exports: broker({ v1: api }) });
    let told = 0;
    choice?.onDidChange(() => told++);
    path.fire();
    expect([choice?.kubeconfig(), told]).toEqual(['/home/ann/lab.yaml', 1]);
  });

  test('is not woken: what it exports is not even looked at', () => {
    const sleeping = {
      isActive: false,
      get exports(): unknown {
        throw new Error('not active');
      },
    };
    expect(kubernetesChoice(sleeping)).toBeUndefined();
    expect(kubernetesChoice(undefined)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no broker', {}],
    ['no configuration', broker({})],
    ['a broker that fails', { get: () => fail() }],
  ])('that exports %s has no choice', (_, exports) => {
    expect(kubernetesChoice({ isActive: true, exports })).toBeUndefined();
  });

  test.each<[string, object]>([
    ['in WSL', { getKubeconfigPath: () => ({ pathType: 'wsl', wslPath: '/home/ann/.kube/config' }) }],
    ['that cannot be told', { getKubeconfigPath: () => fail() }],
    ['that nobody can ask for', {}],
  ])('has no kubeconfig for us where it is one %s', (_, api) => {
    expect(kubernetesChoice({ isActive: true, exports: broker({ v1_1: api }) })?.kubeconfig()).toBe('');
  });
});

function fail(): never {
  throw new Error('as it happens');
}
