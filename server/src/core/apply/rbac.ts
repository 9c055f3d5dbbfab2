import { listAt, objectAt, textAt } from '../fields.ts';
import { equal, without } from '../json.ts';
import { apiVersionOf, isObject, kindOf, metadataOf, type Json, type JsonObject, type KubeObject } from '../object.ts';
import { breakdown, covers, ruleOf, type Rule } from './rbac-rules.ts';

/** What `kubectl auth reconcile` makes of a role or a binding, before the apply itself. */
export interface Reconciliation {
  readonly operation: 'none' | 'create' | 'update' | 'recreate';
  /** The live object has opted out: nothing is written, whatever the operation. */
  readonly protected: boolean;
  /** What is to be written. */
  readonly object: KubeObject;
  /** What kubectl tells of it on its second output; several lines. */
  readonly report: string;
}

const ROLES = new Set(['Role', 'ClusterRole']);
const BINDINGS = new Set(['RoleBinding', 'ClusterRoleBinding']);

/** Argo CD reconciles these before a plain apply. Source: gitops-engine/pkg/utils/kube/resource_ops.go `ApplyResource`. */
export const isReconciled = (object: KubeObject): boolean =>
  apiVersionOf(object) === 'rbac.authorization.k8s.io/v1' &&
  (ROLES.has(kindOf(object)) || BINDINGS.has(kindOf(object)));

/**
 * How a role or binding is reconciled: what is missing is added and nothing is taken away; a binding to another role is
 * deleted and created anew, for its reference cannot be changed.
 * Source: k8s.io/component-helpers/auth/rbac/reconciliation `computeReconciledRole`, `computeReconciledRoleBinding`;
 * k8s.io/kubectl/pkg/cmd/auth/reconcile.go `printResults`.
 */
export function reconcile(live: KubeObject | undefined, target: KubeObject): Reconciliation {
  const parts = ROLES.has(kindOf(target)) ? roleParts(live, target) : bindingParts(live, target);
  const { operation, object, subjects, rules } = parts;
  const opted = live !== undefined && textAt(live, 'metadata', 'annotations', AUTO_UPDATE) === 'false';
  const caveat = opted ? `, but object opted out (${AUTO_UPDATE}: false)` : '';
  const lines =
    operation === 'none'
      ? []
      : [
          `\treconciliation required ${operation}${caveat}`,
          ...(subjects.length > 0 ? ['\tmissing subjects added:', ...subjects.map((line) => `\t\t${line}`)] : []),
          ...(rules.length > 0 ? ['\tmissing rules added:', ...rules.map((line) => `\t\t${line}`)] : []),
        ];
  return { operation, protected: opted, object, report: lines.join('\n') };
}

const AUTO_UPDATE = 'rbac.authorization.kubernetes.io/autoupdate';

interface Parts {
  readonly operation: Reconciliation['operation'];
  readonly object: KubeObject;
  /** What was missing, as Go prints it. */
  readonly subjects: readonly string[];
  readonly rules: readonly string[];
}

function roleParts(live: KubeObject | undefined, target: KubeObject): Parts {
  const wanted = listAt(target, 'rules').map(ruleOf);
  if (!live) return { operation: 'create', object: target, subjects: [], rules: wanted.map(shownRule) };
  const given = listAt(live, 'rules').map(ruleOf);
  const missing = wanted.flatMap(breakdown).filter((rule) => !given.some((owner) => covers(owner, rule)));
  const rules = [...listAt(live, 'rules'), ...missing.map((rule) => ({ ...rule }) as unknown as JsonObject)];
  const labelled = withMetadataOf(target, live);
  const object = withAggregation(target, missing.length > 0 ? { ...labelled, rules } : labelled);
  const operation = equal(object, live) ? 'none' : 'update';
  return { operation, object, subjects: [], rules: missing.map(shownRule) };
}

/** The role with the selectors that the target asks for beside its own; with none where the target has no such rule. */
function withAggregation(target: KubeObject, role: KubeObject): KubeObject {
  const asked = target['aggregationRule'] ?? null;
  if (asked === null) return role['aggregationRule'] === undefined ? role : without(role, 'aggregationRule');
  const given = listAt(role, 'aggregationRule', 'clusterRoleSelectors');
  const missing = listAt(asked, 'clusterRoleSelectors').filter((one) => !given.some((other) => equal(one, other)));
  if (missing.length === 0) return role;
  const clusterRoleSelectors = [...given, ...missing];
  return { ...role, aggregationRule: { ...objectAt(role, 'aggregationRule'), clusterRoleSelectors } };
}

function bindingParts(live: KubeObject | undefined, target: KubeObject): Parts {
  const wanted = listAt(target, 'subjects');
  const shown = wanted.map(shownSubject);
  if (!live) return { operation: 'create', object: target, subjects: shown, rules: [] };
  const reference = (object: KubeObject): string =>
    ['apiGroup', 'kind', 'name'].map((key) => textAt(object, 'roleRef', key)).join('\n');
  if (reference(live) !== reference(target)) return { operation: 'recreate', object: target, subjects: [], rules: [] };
  const given = new Set(listAt(live, 'subjects').map(shownSubject));
  const missing = wanted.filter((_subject, i) => !given.has(shown[i] ?? '') && shown.indexOf(shown[i] ?? '') === i);
  const labelled = withMetadataOf(target, live);
  const object = missing.length > 0 ? { ...labelled, subjects: [...listAt(live, 'subjects'), ...missing] } : labelled;
  const operation = equal(object, live) ? 'none' : 'update';
  return { operation, object, subjects: missing.map(shownSubject), rules: [] };
}

/** The live object with the labels and annotations of the target that it lacks; where both have one, its own stays. */
function withMetadataOf(target: KubeObject, live: KubeObject): KubeObject {
  const metadata: [string, Json][] = [];
  for (const key of ['annotations', 'labels']) {
    const [wanted, given] = [metadataOf(target)[key], metadataOf(live)[key]];
    if (isObject(wanted)) metadata.push([key, { ...wanted, ...(isObject(given) ? given : {}) }]);
  }
  return { ...live, metadata: { ...metadataOf(live), ...Object.fromEntries(metadata) } };
}

/** A rule as Go prints it with `%+v`. */
const shownRule = (rule: Rule): string =>
  `{Verbs:${list(rule.verbs)} APIGroups:${list(rule.apiGroups)} Resources:${list(rule.resources)} ` +
  `ResourceNames:${list(rule.resourceNames)} NonResourceURLs:${list(rule.nonResourceURLs)}}`;

const list = (texts: readonly string[] = []): string => `[${texts.join(' ')}]`;

/** A subject as Go prints it; no two different subjects look the same. */
const shownSubject = (subject: JsonObject): string =>
  `{Kind:${textAt(subject, 'kind')} APIGroup:${textAt(subject, 'apiGroup')} Name:${textAt(subject, 'name')} ` +
  `Namespace:${textAt(subject, 'namespace')}}`;
