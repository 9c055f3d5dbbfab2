import { isObject, kindOf, type Gvk, type KubeObject } from '#core/object';
import type { Discovered } from '#core/sync/model';
import { at, objectsOf, textOf } from '../sync/json.ts';

/** One kind as discovery lists it. */
export interface ApiResource extends Gvk {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Kinds of a plain cluster: `group/version`, namespaced kinds, cluster-scoped kinds; the plural only where it is odd. */
const BUILT_IN: readonly (readonly [string, string, string])[] = [
  [
    'v1',
    'Binding ConfigMap Endpoints:endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount',
    'ComponentStatus Namespace Node PersistentVolume',
  ],
  ['apps/v1', 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet', ''],
  ['batch/v1', 'CronJob Job', ''],
  ['autoscaling/v1', 'HorizontalPodAutoscaler', ''],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', ''],
  ['networking.k8s.io/v1', 'Ingress NetworkPolicy', 'IngressClass IPAddress ServiceCIDR'],
  ['policy/v1', 'PodDisruptionBudget', ''],
  ['rbac.authorization.k8s.io/v1', 'Role RoleBinding', 'ClusterRole ClusterRoleBinding'],
  ['storage.k8s.io/v1', 'CSIStorageCapacity', 'CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass'],
  ['scheduling.k8s.io/v1', '', 'PriorityClass'],
  ['node.k8s.io/v1', '', 'RuntimeClass'],
  ['coordination.k8s.io/v1', 'Lease', ''],
  ['discovery.k8s.io/v1', 'EndpointSlice', ''],
  ['events.k8s.io/v1', 'Event', ''],
  ['certificates.k8s.io/v1', '', 'CertificateSigningRequest'],
  ['apiextensions.k8s.io/v1', '', 'CustomResourceDefinition'],
  ['apiregistration.k8s.io/v1', '', 'APIService'],
  ['flowcontrol.apiserver.k8s.io/v1', '', 'FlowSchema PriorityLevelConfiguration'],
  [
    'admissionregistration.k8s.io/v1',
    '',
    'MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
  ],
  ['resource.k8s.io/v1', 'ResourceClaim ResourceClaimTemplate', 'DeviceClass ResourceSlice'],
];

/** The usual English plural of a kind, in lower case. */
export function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (/(?:s|x|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

const split = (groupVersion: string): { group: string; version: string } => {
  const slash = groupVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: groupVersion }
    : { group: groupVersion.slice(0, slash), version: groupVersion.slice(slash + 1) };
};

const words = (list: string): readonly string[] => (list === '' ? [] : list.split(' '));

const builtIn: readonly ApiResource[] = BUILT_IN.flatMap(([groupVersion, namespaced, cluster]) =>
  [words(namespaced), words(cluster)].flatMap((list, scope) =>
    list.map((word) => {
      const [kind = '', plural = pluralOf(kind)] = word.split(':');
      return { ...split(groupVersion), kind, plural, namespaced: scope === 0 };
    }),
  ),
);

const groupVersionOf = ({ group, version }: Gvk): string => (group === '' ? version : `${group}/${version}`);

/** The kinds that an API server would serve: the built-in ones and those of the CRDs that are established. */
export class Kinds {
  readonly #resources = new Map<string, ApiResource>();
  readonly #versions = new Map<string, number>();
  /** Kinds by `group/Kind`, whatever their version. */
  readonly #scopes = new Map<string, boolean>();
  readonly #builtInGroups = new Set<string>();

  /** With further kinds that are there from the start, as if their CRDs had been installed before. */
  constructor(further: readonly ApiResource[]) {
    for (const resource of builtIn) {
      this.add(resource);
      this.#builtInGroups.add(resource.group);
    }
    for (const resource of further) this.add(resource);
  }

  add(resource: ApiResource): void {
    const groupVersion = groupVersionOf(resource);
    const key = `${groupVersion}/${resource.kind}`;
    if (!this.#resources.has(key)) this.#versions.set(groupVersion, (this.#versions.get(groupVersion) ?? 0) + 1);
    this.#resources.set(key, resource);
    this.#scopes.set(`${resource.group}/${resource.kind}`, resource.namespaced);
  }

  remove(resource: ApiResource): void {
    const groupVersion = groupVersionOf(resource);
    if (!this.#resources.delete(`${groupVersion}/${resource.kind}`)) return;
    const left = (this.#versions.get(groupVersion) ?? 1) - 1;
    if (left === 0) this.#versions.delete(groupVersion);
    else this.#versions.set(groupVersion, left);
  }

  find(gvk: Gvk): ApiResource | undefined {
    return this.#resources.get(`${groupVersionOf(gvk)}/${gvk.kind}`);
  }

  /** Is a kind namespaced? One that nobody knows counts as namespaced. */
  isNamespaced(group: string, kind: string): boolean {
    return this.#scopes.get(`${group}/${kind}`) ?? true;
  }

  /** Is it a kind of a plain cluster, for which the simulation has a controller or none is needed? */
  isBuiltIn(group: string): boolean {
    return this.#builtInGroups.has(group);
  }

  /**
   * What discovery says of a kind, in client-go's words: a group version that nobody serves, or a kind that is missing
   * in one, is not found.
   */
  discovered(gvk: Gvk): Discovered {
    const found = this.find(gvk);
    if (found) return { plural: found.plural, namespaced: found.namespaced };
    const groupVersion = groupVersionOf(gvk);
    const error = this.#versions.has(groupVersion)
      ? `${gvk.kind}${gvk.group === '' ? '' : `.${gvk.group}`} "" not found`
      : `failed to discover server resources for group version ${groupVersion}: the server could not find the requested resource`;
    return { error, reason: 'NotFound' };
  }
}

/** The kinds that a CustomResourceDefinition brings: one for each version that it serves. */
export function kindsOfCrd(crd: KubeObject): ApiResource[] {
  if (kindOf(crd) !== 'CustomResourceDefinition') return [];
  const spec = crd['spec'];
  const names = at(spec, 'names');
  if (!isObject(names)) return [];
  const kind = textOf(names['kind']);
  const plural = textOf(names['plural']);
  if (kind === '' || plural === '') return [];
  return objectsOf(at(spec, 'versions'))
    .filter((version) => version['served'] !== false)
    .map((version) => ({
      group: textOf(at(spec, 'group')),
      version: textOf(version['name']),
      kind,
      plural,
      namespaced: at(spec, 'scope') !== 'Cluster',
    }));
}
