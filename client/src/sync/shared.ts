import { keyOf, kindOf, nameOf, objectIdOf, type KubeObject } from '#core/object';
import type { SyncRequest } from './request.ts';
import { trackingOf } from './tracking.ts';

/**
 * With FailOnSharedResource=true: objects that another application owns, each in Argo CD's words; nothing is written then.
 * Source: controller/state.go `CompareAppState` (SharedResourceWarning); controller/sync.go `hasSharedResourceCondition`.
 */
export function sharedResources(
  { application, operation }: Pick<SyncRequest, 'application' | 'operation'>,
  targets: readonly KubeObject[],
  live: ReadonlyMap<string, KubeObject>,
): string[] {
  if (operation.syncOptions?.includes('FailOnSharedResource=true') !== true) return [];
  return targets.flatMap((target) => {
    const object = live.get(keyOf(objectIdOf(target)));
    const owner = object && trackingOf(object)?.application;
    if (!object || owner === undefined || owner === '' || owner === application) return [];
    const both = `${application} and ${owner.replaceAll('_', '/')}`;
    return [`Shared resource found: ${kindOf(object)}/${nameOf(object)} is part of applications ${both}`];
  });
}
