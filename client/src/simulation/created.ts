import { at, listAt, objectAt } from '#core/fields';
import { groupOf, isObject, kindOf, metadataOf, nameOf, type JsonObject, type KubeObject } from '#core/object';

/**
 * What the server makes of a new object beside its defaults: the selector and labels by which a Job finds its pods, the
 * address of a Service, the token of a Pod's account. `uid` is the object's, `number` is another one for each object.
 * Source: k8s.io/kubernetes/pkg/registry/batch/job/strategy.go `generateSelector`, pkg/registry/core/service/storage,
 * plugin/pkg/admission/serviceaccount/admission.go `mountServiceAccountToken`.
 */
export function asCreated(object: KubeObject, uid: string, number: number): KubeObject {
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case 'batch/Job':
      return at(object, 'spec', 'manualSelector') === true ? object : withSelector(object, uid);
    case '/Service':
      return withAddress(object, number);
    case '/Pod':
      return withAccount(object, number);
    default:
      return object;
  }
}

function withSelector(job: KubeObject, uid: string): KubeObject {
  const spec = objectAt(job, 'spec');
  const template = objectAt(spec, 'template');
  const added: JsonObject = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': nameOf(job),
    'controller-uid': uid,
    'job-name': nameOf(job),
  };
  const labelled = (holder: JsonObject): JsonObject => ({
    ...objectAt(holder, 'metadata'),
    labels: { ...objectAt(holder, 'metadata', 'labels'), ...added },
  });
  // A Job without labels of its own takes those of its template. Source: pkg/apis/batch/v1/defaults.go `SetDefaults_Job`.
  const own = isObject(metadataOf(job)['labels']) ? job['metadata'] : labelled(template);
  const { labels } = isObject(own) ? own : {};
  return {
    ...job,
    metadata: { ...metadataOf(job), ...(labels === undefined ? {} : { labels }) },
    spec: {
      ...spec,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { ...template, metadata: labelled(template) },
    },
  };
}

function withAddress(service: KubeObject, number: number): KubeObject {
  const spec = objectAt(service, 'spec');
  if (spec['type'] === 'ExternalName' || spec['clusterIP'] !== undefined) return service;
  const address = `10.96.${(number >> 8) % 256}.${number % 256}`;
  return { ...service, spec: { ...spec, clusterIP: address, clusterIPs: [address] } };
}

/** Its account, and a volume with its token that no manifest names: for want of it no Pod can be replaced by its manifest. */
function withAccount(pod: KubeObject, number: number): KubeObject {
  const spec: JsonObject = { serviceAccountName: 'default', ...objectAt(pod, 'spec') };
  if (spec['automountServiceAccountToken'] === false) return { ...pod, spec };
  const name = `kube-api-access-${String(number).padStart(5, '0')}`;
  const token = { name, projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
  return { ...pod, spec: { ...spec, volumes: [...listAt(spec, 'volumes'), token] } };
}

/** The object as it is written over a live one: a Service keeps the address that it says nothing of. */
export function asWrittenOver(live: KubeObject, object: KubeObject): KubeObject {
  const isService = groupOf(object) === '' && kindOf(object) === 'Service';
  const { clusterIP, clusterIPs } = objectAt(live, 'spec');
  const spec = object['spec'];
  if (!isService || clusterIP === undefined || !isObject(spec) || spec['type'] === 'ExternalName') return object;
  if (spec['clusterIP'] !== undefined) return object;
  return { ...object, spec: { ...spec, clusterIP, ...(clusterIPs === undefined ? {} : { clusterIPs }) } };
}
