import { generateNameOf, type Gvk, type KubeObject } from '#core/object';

/** Why a manifest whose name is to be generated is not applied. Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `applyOneObject`. */
export const generatedNameError = (object: KubeObject): string =>
  `from ${generateNameOf(object)}: cannot use generate name with apply`;

/** A kind that is missing in a group version that is served. Source: k8s.io/apimachinery/pkg/api/errors `NewNotFound`. */
export const kindNotFound = ({ group, kind }: Pick<Gvk, 'group' | 'kind'>): string =>
  `${group === '' ? kind : `${kind}.${group}`} "" not found`;

/** What a server says that does not serve a group version. */
export const NOT_SERVED = 'the server could not find the requested resource';

/** A group version that cannot be discovered. Source: gitops-engine/pkg/utils/kube/kube.go `ServerResourceForGroupVersionKind`. */
export const notDiscovered = (groupVersion: string, why: string): string =>
  `failed to discover server resources for group version ${groupVersion}: ${why}`;
