import { globMatches } from '#core/glob';
import type { ApiResource } from './kinds.ts';

/**
 * What becomes of an object: of the pods of a Job or workload, or of a custom resource itself. `refused`: it is not even
 * written; `fail` comes to the same for what cannot fail later.
 */
export const OUTCOMES = ['succeed', 'fail', 'hang', 'pending', 'image-pull-error', 'crash-loop', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What happens to the objects of one name. */
export interface ObjectRule {
  /** `name` or `Kind/name` of the manifest, a generated name's prefix; `*` stands for anything. */
  readonly name: string;
  readonly outcome?: Outcome;
  /** Milliseconds until the pods end, are ready or show their error. */
  readonly after?: number;
  /** So many runs fail first, whatever the outcome. */
  readonly failTimes?: number;
  readonly exitCode?: number;
  /** Lines of the pods' logs. */
  readonly logs?: readonly string[];
}

/** How the simulated cluster behaves; all times in milliseconds. */
export interface Scenario {
  /** How long the pods of Jobs and of hooks run. */
  readonly run: number;
  /** Until the pods of Deployments and their like are ready. */
  readonly ready: number;
  /** Until a Service of type LoadBalancer has an address; null: never. */
  readonly loadBalancer: number | null;
  /** Until an Ingress has an address; null: never. */
  readonly ingress: number | null;
  /** Until a custom resource with a health check is healthy; null: never. */
  readonly custom: number | null;
  /** When claims of a class that the application does not define are bound. */
  readonly storage: 'Immediate' | 'WaitForFirstConsumer';
  /** Custom kinds whose CRDs are there already; absent: those that the application uses and does not define. */
  readonly kinds?: readonly ApiResource[];
  readonly objects: readonly ObjectRule[];
}

export const DEFAULT_SCENARIO: Scenario = {
  run: 2000,
  ready: 1000,
  loadBalancer: 3000,
  ingress: 3000,
  custom: 2000,
  storage: 'WaitForFirstConsumer',
  objects: [],
};

/** What a rule is matched against. */
export interface Named {
  readonly kind: string;
  readonly name: string;
  /** Prefix of a generated name; empty where the name was written. */
  readonly generateName: string;
}

/** Does a rule's name mean this object? A generated name is also meant by its prefix, with or without `-` at the end. */
export function ruleMatches(rule: string, { kind, name, generateName }: Named): boolean {
  const slash = rule.indexOf('/');
  if (slash >= 0 && !globMatches(rule.slice(0, slash), kind)) return false;
  const pattern = rule.slice(slash + 1);
  const names = [name, ...(generateName === '' ? [] : [generateName, generateName.replace(/-+$/, '')])];
  return names.some((candidate) => candidate !== '' && globMatches(pattern, candidate));
}

/**
 * Everything that the rules say of an object. Of rules that say the same thing the last one counts; `candidates` are
 * the object and what made it (the pod, its ReplicaSet, its Deployment).
 */
export function ruleFor(scenario: Scenario, candidates: readonly Named[]): Omit<ObjectRule, 'name'> {
  let found: Omit<ObjectRule, 'name'> = {};
  for (const { name, ...rule } of scenario.objects)
    if (candidates.some((candidate) => ruleMatches(name, candidate))) found = { ...found, ...rule };
  return found;
}
