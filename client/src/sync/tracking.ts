import { TRACKING_ID } from '#core/annotations/keys';
import {
  annotationOf,
  groupOf,
  isObject,
  kindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  type KubeObject,
} from '#core/object';

/** What a tracking annotation says. */
export interface Tracking {
  readonly application: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Value of Argo CD's tracking annotation: `application:group/Kind:namespace/name`. Cluster-scoped objects carry the
 * destination namespace, and a name that is yet to be generated is empty.
 * Source: util/argo/resource_tracking.go `BuildAppInstanceValue`.
 */
export const trackingId = (application: string, object: KubeObject, destination: string): string =>
  `${application}:${groupOf(object)}/${kindOf(object)}:${namespaceOf(object) || destination}/${nameOf(object)}`;

/** Reads a tracking annotation; undefined where there is none that can be read. Source: `ParseAppInstanceValue`. */
export function trackingOf(object: KubeObject): Tracking | undefined {
  const match = /^([^:]*):([^:/]*)\/([^:/]*):([^:/]*)\/(.*)$/.exec(annotationOf(object, TRACKING_ID) ?? '');
  if (!match) return undefined;
  const [, application = '', group = '', kind = '', namespace = '', name = ''] = match;
  return { application, group, kind, namespace, name };
}

/** The object with the annotation that makes it the application's; definitions of kinds carry none. */
export function withTracking(object: KubeObject, application: string, destination: string): KubeObject {
  if (kindOf(object) === 'CustomResourceDefinition' && groupOf(object) === 'apiextensions.k8s.io') return object;
  const metadata = metadataOf(object);
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  const id = trackingId(application, object, destination);
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [TRACKING_ID]: id } } };
}

/**
 * Does the annotation name the object that carries it? One that was copied to another object does not.
 * Source: controller/state.go `isSelfReferencedObj`.
 */
export function isSelfReferenced(object: KubeObject): boolean {
  const tracking = trackingOf(object);
  if (!tracking) return true;
  const namespace = namespaceOf(object);
  return (
    tracking.group === groupOf(object) &&
    tracking.kind === kindOf(object) &&
    tracking.name === nameOf(object) &&
    (namespace === '' || tracking.namespace === namespace)
  );
}
