import { describe, expect, test } from 'vitest';
import type { ListedContext } from '#core/kubeconfig/resolve';
import { activeOf, activeText, inOrder, sourceOf } from '../../client/src/vscode/sync/context-choice.ts';
import { runEnvironment, type Surroundings } from '../../client/src/vscode/sync/environment.ts';

const context = (name: string, current = false): ListedContext => ({
  name,
  server: `https://${name}:6443`,
  namespace: 'shop',
  user: 'ann',
  current,
  origin: '~/.kube/config',
});
const CONTEXTS = [context('kind-dev', true), context('lab'), context('prod-eu')];

describe('the active context', () => {
  test('is the current one of the kubeconfig, until another is selected', () => {
    expect(activeOf(CONTEXTS, '')).toEqual({ context: CONTEXTS[0], isSelected: false });
    expect(activeOf(CONTEXTS, 'prod-eu')).toEqual({ context: CONTEXTS[2], isSelected: true });
  });

  test('is the current one again where the selected one is gone, and none where there is neither', () => {
    expect(activeOf(CONTEXTS, 'old')?.context.name).toBe('kind-dev');
    expect(activeOf([context('lab')], 'old')).toBeUndefined();
  });

  test('is offered first, and says whose choice it was', () => {
    expect(inOrder(CONTEXTS, 'lab').map(({ name }) => name)).toEqual(['lab', 'kind-dev', 'prod-eu']);
    expect(sourceOf(context('lab'), 'lab')).toBe('namespace shop · selected here · context of ~/.kube/config');
    expect(sourceOf(context('kind-dev', true), 'lab')).toBe('namespace shop · current context of ~/.kube/config');
  });

  test('is told with server, namespace and source, and that it is protected', () => {
    expect(activeText({ context: context('prod-eu'), isSelected: true }, true)).toBe(
      [
        'A sync goes to the kube context prod-eu, unless another one is chosen',
        'https://prod-eu:6443 · namespace shop · selected here · context of ~/.kube/config',
        'It is protected: its name has to be typed before anything is written',
        'Select another context…',
      ].join('\n'),
    );
  });
});

describe('the environment of a run', () => {
  const NONE: Surroundings = { proxy: '', noProxy: [], proxySupport: 'override', kubernetesExtension: '' };

  test('has nothing more where the editor has no settings of that kind', () => {
    expect(runEnvironment(NONE, { HTTPS_PROXY: 'http://theirs' })).toEqual({});
  });

  test('has the proxy of the editor, and keeps the exceptions of both', () => {
    const settings = { ...NONE, proxy: 'http://proxy:3128', noProxy: ['.corp.example.com', '10.0.0.0/8'] };
    expect(runEnvironment(settings, { NO_PROXY: 'localhost' })).toEqual({
      HTTPS_PROXY: 'http://proxy:3128',
      HTTP_PROXY: 'http://proxy:3128',
      NO_PROXY: 'localhost,.corp.example.com,10.0.0.0/8',
    });
  });

  test('has no proxy where the editor is told to use none', () => {
    expect(runEnvironment({ ...NONE, proxy: 'http://proxy:3128', proxySupport: 'off' }, {})).toEqual({});
  });

  test('has the kubeconfig of the Kubernetes extension, as its own kubectl', () => {
    expect(runEnvironment({ ...NONE, kubernetesExtension: '/home/ann/lab.yaml' }, { KUBECONFIG: '/x' })).toEqual({
      KUBECONFIG: '/home/ann/lab.yaml',
    });
  });
});
