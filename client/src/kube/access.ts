import type { AccessRequest } from '../sync/cluster.ts';
import { at } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import type { ApiClient } from './request.ts';
import { inParallel } from './time.ts';

const AT_ONCE = 8;

/** Which of these may the user not do? Asked with access reviews, each once; nothing is written. */
export async function deniedOf(
  client: ApiClient,
  requests: readonly AccessRequest[],
  signal: Signal,
): Promise<AccessRequest[]> {
  const distinct = new Map(requests.map((request) => [JSON.stringify(keyFields(request)), request]));
  const reviews = await inParallel([...distinct.values()], AT_ONCE, async (request) => {
    const { verb, group, resource, namespace } = request;
    const review = await client.request(
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { verb, group, resource, namespace } },
        },
        idempotent: true,
      },
      signal,
    );
    return { request, allowed: at(review, 'status', 'allowed') === true };
  });
  return reviews.filter((review) => !review.allowed).map((review) => review.request);
}

const keyFields = ({ verb, group, resource, namespace }: AccessRequest): string[] => [verb, group, resource, namespace];
