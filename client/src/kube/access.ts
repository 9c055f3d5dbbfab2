import { ApiError } from '../sync/api-error.ts';
import type { AccessRequest } from '../sync/cluster.ts';
import { at } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import type { ApiClient } from './request.ts';
import { inParallel } from '../sync/in-parallel.ts';

const AT_ONCE = 8;

/**
 * Which of these may the user not do? Asked with access reviews, each once; nothing is written. First whether all objects
 * of a resource are allowed, and only where they are not, for the objects that are meant: a grant may name them.
 * Where nobody may ask, nothing is said to be denied.
 */
export async function deniedOf(
  client: ApiClient,
  requests: readonly AccessRequest[],
  signal: Signal,
): Promise<AccessRequest[]> {
  const general = await reviewed(client, requests.map(withoutName), signal);
  const doubtful = requests.filter((request) => !isAllowed(general, withoutName(request)));
  const named = await reviewed(
    client,
    doubtful.filter(({ name }) => name !== undefined),
    signal,
  );
  const denied = doubtful.filter((request) => request.name === undefined || !isAllowed(named, request));
  return [...new Map(denied.map((request) => [keyOf(request), request])).values()];
}

type Reviews = ReadonlyMap<string, boolean>;

const isAllowed = (reviews: Reviews, request: AccessRequest): boolean => reviews.get(keyOf(request)) !== false;

async function reviewed(client: ApiClient, requests: readonly AccessRequest[], signal: Signal): Promise<Reviews> {
  const distinct = new Map(requests.map((request) => [keyOf(request), request]));
  const answers = await inParallel([...distinct], AT_ONCE, async ([key, request]): Promise<[string, boolean]> => {
    return [key, await review(client, request, signal)];
  });
  return new Map(answers);
}

async function review(client: ApiClient, request: AccessRequest, signal: Signal): Promise<boolean> {
  try {
    const answer = await client.request(
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { ...request } },
        },
        idempotent: true,
      },
      signal,
    );
    return at(answer, 'status', 'allowed') === true;
  } catch (error) {
    if (error instanceof ApiError && (error.code === 403 || error.code === 404)) return true;
    throw error;
  }
}

function withoutName({ verb, group, resource, subresource, namespace }: AccessRequest): AccessRequest {
  return { verb, group, resource, ...(subresource === undefined ? {} : { subresource }), namespace };
}

const keyOf = ({ verb, group, resource, subresource, namespace, name }: AccessRequest): string =>
  JSON.stringify([verb, group, resource, subresource ?? '', namespace, name ?? '']);
