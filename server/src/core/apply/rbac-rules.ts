import { textsAt } from '../fields.ts';
import type { JsonObject } from '../object.ts';

/** A rule of a role; a list that is absent is an empty one. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** The rule that a role's object says. */
export const ruleOf = (rule: JsonObject): Rule => ({
  verbs: textsAt(rule, 'verbs'),
  apiGroups: textsAt(rule, 'apiGroups'),
  resources: textsAt(rule, 'resources'),
  resourceNames: textsAt(rule, 'resourceNames'),
  nonResourceURLs: textsAt(rule, 'nonResourceURLs'),
});

/**
 * The rule as rules of one verb, one resource and one name each.
 * Source: k8s.io/component-helpers/auth/rbac/validation `BreakdownRule`.
 */
export function breakdown(rule: Rule): Rule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const named = resourceNames.length > 0 ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}];
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        named.map((names) => ({ verbs: [verb], apiGroups: [group], resources: [resource], ...names })),
      ),
    ),
  );
  const ofUrls = nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return [...ofResources, ...ofUrls];
}

/** Does one rule allow all that a single one does? Source: the same, `ruleCovers`. */
export function covers(owner: Rule, single: Rule): boolean {
  const names = owner.resourceNames ?? [];
  const wantedNames = single.resourceNames ?? [];
  return (
    hasAll(owner.verbs, single.verbs) &&
    hasAll(owner.apiGroups, single.apiGroups) &&
    (single.resources ?? []).every((resource) => coversResource(owner.resources ?? [], resource)) &&
    (names.length === 0 || (wantedNames.length > 0 && wantedNames.every((name) => names.includes(name)))) &&
    (single.nonResourceURLs ?? []).every((url) => (owner.nonResourceURLs ?? []).some((own) => coversUrl(own, url)))
  );
}

const hasAll = (set: readonly string[] = [], wanted: readonly string[] = []): boolean =>
  set.includes('*') || wanted.every((one) => set.includes(one));

function coversResource(set: readonly string[], resource: string): boolean {
  if (set.includes('*') || set.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && set.includes(`*/${resource.slice(slash + 1)}`);
}

const coversUrl = (own: string, url: string): boolean =>
  own === url || (own.endsWith('*') && url.startsWith(own.replace(/\*+$/, '')));
