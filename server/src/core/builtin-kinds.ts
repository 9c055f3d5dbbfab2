import type { Gvk } from './object.ts';

/** A kind that every API server knows. */
export interface BuiltinKind extends Gvk {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** `group/version[,version…]`: kinds as `Kind plural`; a `*` marks cluster-scoped ones. Kubernetes 1.36. */
const TABLE: Readonly<Record<string, string>> = {
  v1: `ConfigMap configmaps, Endpoints endpoints, Event events, LimitRange limitranges, *Namespace namespaces,
    *Node nodes, *PersistentVolume persistentvolumes, PersistentVolumeClaim persistentvolumeclaims, Pod pods,
    PodTemplate podtemplates, ReplicationController replicationcontrollers, ResourceQuota resourcequotas,
    Secret secrets, Service services, ServiceAccount serviceaccounts`,
  'admissionregistration.k8s.io/v1': `*MutatingWebhookConfiguration mutatingwebhookconfigurations,
    *ValidatingWebhookConfiguration validatingwebhookconfigurations,
    *ValidatingAdmissionPolicy validatingadmissionpolicies,
    *ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings,
    *MutatingAdmissionPolicy mutatingadmissionpolicies,
    *MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings`,
  'apiextensions.k8s.io/v1': '*CustomResourceDefinition customresourcedefinitions',
  'apiregistration.k8s.io/v1': '*APIService apiservices',
  'apps/v1': `ControllerRevision controllerrevisions, DaemonSet daemonsets, Deployment deployments,
    ReplicaSet replicasets, StatefulSet statefulsets`,
  'autoscaling/v1,v2': 'HorizontalPodAutoscaler horizontalpodautoscalers',
  'batch/v1': 'CronJob cronjobs, Job jobs',
  'certificates.k8s.io/v1': '*CertificateSigningRequest certificatesigningrequests',
  'coordination.k8s.io/v1': 'Lease leases',
  'discovery.k8s.io/v1': 'EndpointSlice endpointslices',
  'events.k8s.io/v1': 'Event events',
  'flowcontrol.apiserver.k8s.io/v1': `*FlowSchema flowschemas,
    *PriorityLevelConfiguration prioritylevelconfigurations`,
  'networking.k8s.io/v1': `Ingress ingresses, *IngressClass ingressclasses, *IPAddress ipaddresses,
    NetworkPolicy networkpolicies, *ServiceCIDR servicecidrs`,
  'node.k8s.io/v1': '*RuntimeClass runtimeclasses',
  'policy/v1': 'PodDisruptionBudget poddisruptionbudgets',
  'rbac.authorization.k8s.io/v1': `*ClusterRole clusterroles, *ClusterRoleBinding clusterrolebindings, Role roles,
    RoleBinding rolebindings`,
  'resource.k8s.io/v1': `*DeviceClass deviceclasses, ResourceClaim resourceclaims,
    ResourceClaimTemplate resourceclaimtemplates, *ResourceSlice resourceslices`,
  'scheduling.k8s.io/v1': '*PriorityClass priorityclasses',
  'storage.k8s.io/v1': `*CSIDriver csidrivers, *CSINode csinodes, CSIStorageCapacity csistoragecapacities,
    *StorageClass storageclasses, *VolumeAttachment volumeattachments,
    *VolumeAttributesClass volumeattributesclasses`,
};

/** All kinds that every API server knows, each in each version that it is served in. */
export const BUILTIN_KINDS: readonly BuiltinKind[] = Object.entries(TABLE).flatMap(([groupVersions, kinds]) => {
  const slash = groupVersions.indexOf('/');
  const group = slash < 0 ? '' : groupVersions.slice(0, slash);
  return groupVersions
    .slice(slash + 1)
    .split(',')
    .flatMap((version) =>
      kinds.split(',').map((entry) => {
        const [kind = '', plural = ''] = entry.trim().split(' ');
        const namespaced = !kind.startsWith('*');
        return { group, version, kind: namespaced ? kind : kind.slice(1), plural, namespaced };
      }),
    );
});

const SCOPES: ReadonlyMap<string, boolean> = new Map(
  BUILTIN_KINDS.map(({ group, kind, namespaced }) => [`${group}/${kind}`, namespaced]),
);

/** Is a built-in kind namespaced? Undefined for every other kind: only its definition, or the cluster, knows. */
export const isNamespaced = (group: string, kind: string): boolean | undefined => SCOPES.get(`${group}/${kind}`);
