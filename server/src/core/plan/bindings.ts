import { at, listAt, textAt } from '../fields.ts';
import { groupOf, kindOf, type KubeObject } from '../object.ts';

const isBinding = (object: KubeObject): boolean =>
  groupOf(object) === 'rbac.authorization.k8s.io' && ['RoleBinding', 'ClusterRoleBinding'].includes(kindOf(object));

/** The role that a RoleBinding or ClusterRoleBinding gives; undefined for any other object. */
export function roleOf(object: KubeObject): { readonly kind: string; readonly name: string } | undefined {
  if (!isBinding(object) || at(object, 'roleRef') === undefined) return undefined;
  return { kind: textAt(object, 'roleRef', 'kind'), name: textAt(object, 'roleRef', 'name') };
}

/** The service accounts that a binding is for; the namespace is empty where the binding does not say it. */
export function boundAccounts(object: KubeObject): { readonly namespace: string; readonly name: string }[] {
  if (!isBinding(object)) return [];
  return listAt(object, 'subjects')
    .filter((subject) => subject['kind'] === 'ServiceAccount')
    .map((subject) => ({ namespace: textAt(subject, 'namespace'), name: textAt(subject, 'name') }));
}
