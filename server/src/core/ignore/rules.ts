import { listAt, textAt, textsAt } from '../fields.ts';
import { globMatches } from '../glob.ts';
import type { Json, ObjectId } from '../object.ts';

/** An item of an Application's `spec.ignoreDifferences`. */
export interface IgnoreRule {
  /** Pattern; empty: the core group alone. */
  readonly group: string;
  /** Pattern. */
  readonly kind: string;
  /** Empty: of any name, in any namespace. */
  readonly name: string;
  readonly namespace: string;
  readonly jsonPointers: readonly string[];
  readonly jqPathExpressions: readonly string[];
  /** Field managers whose fields count for nothing. */
  readonly managedFieldsManagers: readonly string[];
}

/** The rules of an Application's spec. Source: pkg/apis/application/v1alpha1/types.go `ResourceIgnoreDifferences`. */
export const ignoreRulesOf = (spec: Json | undefined): IgnoreRule[] =>
  listAt(spec, 'ignoreDifferences').map((item) => ({
    group: textAt(item, 'group'),
    kind: textAt(item, 'kind'),
    name: textAt(item, 'name'),
    namespace: textAt(item, 'namespace'),
    jsonPointers: textsAt(item, 'jsonPointers'),
    jqPathExpressions: textsAt(item, 'jqPathExpressions'),
    managedFieldsManagers: textsAt(item, 'managedFieldsManagers'),
  }));

/** Does a rule speak of this object? Source: util/argo/normalizers/diff_normalizer.go `Normalize`. */
export const concerns = (rule: IgnoreRule, { group, kind, namespace, name }: ObjectId): boolean =>
  globMatches(rule.group, group) &&
  globMatches(rule.kind, kind) &&
  (rule.name === '' || rule.name === name) &&
  (rule.namespace === '' || rule.namespace === namespace);
