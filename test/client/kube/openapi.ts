import type { ServerResponse } from 'node:http';
import { json } from './server.ts';

const ref = (name: string) => ({ allOf: [{ $ref: `#/components/schemas/${name}` }], default: {} });
const gvk = (kind: string) => ({ group: 'apps', version: 'v1', kind });
const patchOf = (kind: string, ...types: string[]) => ({
  patch: {
    'x-kubernetes-group-version-kind': gvk(kind),
    requestBody: { content: Object.fromEntries(types.map((type) => [`application/${type}`, {}])) },
  },
});

/** An OpenAPI document as the API server gives one, of two kinds: one that takes strategic merge patches, and one that does not. */
export const APPS = {
  paths: {
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}': patchOf(
      'Deployment',
      'strategic-merge-patch+json',
      'merge-patch+json',
    ),
    '/apis/apps/v1/widgets/{name}': patchOf('Widget', 'merge-patch+json'),
  },
  components: {
    schemas: {
      'io.k8s.api.apps.v1.Deployment': {
        properties: { metadata: ref('ObjectMeta'), spec: ref('io.k8s.api.apps.v1.DeploymentSpec') },
        'x-kubernetes-group-version-kind': [gvk('Deployment')],
      },
      'io.k8s.api.apps.v1.DeploymentSpec': {
        properties: {
          containers: {
            type: 'array',
            items: ref('Container'),
            'x-kubernetes-patch-merge-key': 'name',
            'x-kubernetes-patch-strategy': 'merge,retainKeys',
          },
          strategy: { $ref: '#/components/schemas/Strategy', 'x-kubernetes-patch-strategy': 'retainKeys' },
          paths: { type: 'array', items: { type: 'string' } },
        },
      },
      Container: { properties: { image: { type: 'string' }, env: { type: 'object' } } },
      Strategy: { properties: { type: { type: 'string' } } },
      ObjectMeta: { properties: { labels: { type: 'object' }, annotations: { type: 'object' } } },
      Widget: { properties: {}, 'x-kubernetes-group-version-kind': [gvk('Widget')] },
    },
  },
};

/** Answers what is asked of OpenAPI; false for any other path. */
export function answersOpenApi(path: string, response: ServerResponse): boolean {
  if (path === '/openapi/v3')
    json(response, 200, { paths: { 'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=A1' } } });
  else if (path === '/openapi/v3/apis/apps/v1?hash=A1') json(response, 200, APPS);
  else return false;
  return true;
}

export const DEPLOYMENTS = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};
