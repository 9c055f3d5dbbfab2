import { apiVersionOf, generateNameOf, kindOf, type Gvk, type KubeObject } from '#core/object';
import type { FieldOwner } from '#core/sync/model';

/** Why a manifest whose name is to be generated is not applied. Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `applyOneObject`. */
export const generatedNameError = (object: KubeObject): string =>
  `from ${generateNameOf(object)}: cannot use generate name with apply`;

/** A kind that is missing in a group version that is served. Source: k8s.io/apimachinery/pkg/api/errors `NewNotFound`. */
export const kindNotFound = ({ group, kind }: Pick<Gvk, 'group' | 'kind'>): string =>
  `${group === '' ? kind : `${kind}.${group}`} "" not found`;

/** kubectl's text for a kind without mapping. Source: k8s.io/cli-runtime/pkg/resource/mapper.go `infoForData`. */
export function noMapping(object: KubeObject, name: string, namespace: string): string {
  return `resource mapping not found for name: "${name}" namespace: "${namespace}": no matches for kind "${kindOf(object)}" in version "${apiVersionOf(object)}"\nensure CRDs are installed first`;
}

/** What a server says that does not serve a group version. */
export const NOT_SERVED = 'the server could not find the requested resource';

/** A group version that cannot be discovered. Source: gitops-engine/pkg/utils/kube/kube.go `ServerResourceForGroupVersionKind`. */
export const notDiscovered = (groupVersion: string, why: string): string =>
  `failed to discover server resources for group version ${groupVersion}: ${why}`;

/**
 * What kubectl says of an object that nobody has applied so far. Its own name is missing where Argo CD calls it.
 * Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `warningNoLastAppliedConfigAnnotation`.
 */
export const missingAnnotationWarning = (plural: string, name: string): string =>
  `Warning: resource ${plural}/${name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by  apply.  apply should only be used on resources created declaratively by either  create --save-config or  apply. The missing annotation will be patched automatically.`;

/** What kubectl says where it applies to an object that goes. Source: the same, `warningChangesOnDeletingResource`. */
export const deletingWarning = (name: string): string =>
  `Warning: Detected changes to resource ${name} which is currently being deleted.`;

/** kubectl's text as Argo CD shows it: without the objects in it. Source: gitops-engine/pkg/utils/kube/kube.go `cleanKubectlOutput`. */
export const cleaned = (text: string): string => text.trim().replace(/map\[.*\]/g, '');

/** How kubectl names an object in its messages: `job.batch/migrate`. */
export const shownName = (kind: Pick<Gvk, 'group' | 'kind'>, name: string): string =>
  `${kind.kind.toLowerCase()}${kind.group === '' ? '' : `.${kind.group}`}/${name}`;

/** Who owns which fields: `"kubectl" owns .spec.replicas; "alice" owns .data.color`. */
export const ownersText = (owners: readonly FieldOwner[]): string =>
  owners.map(({ manager, fields }) => `"${manager}" owns ${fields.join(', ')}`).join('; ');
