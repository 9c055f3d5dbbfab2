/** What kind of value an annotation takes. */
export type ValueKind = 'list' | 'integer' | 'options' | 'boolean' | 'timestamp' | 'text';

/** On which objects Argo CD reads an annotation: every manifest, hooks alone, or Argo CD's own Application. */
export type Place = 'resource' | 'hook' | 'application';

/** One value that an annotation knows. */
export interface KnownValue {
  readonly name: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** What follows from it for the object and the sync, in one to three sentences. */
  readonly consequence: string;
  /** The first Argo CD that knows it. */
  readonly since: string;
}

/** One sync option. `name` is the whole token, as `Prune=false`. */
export interface SyncOption extends KnownValue {
  /** Who reads it: the annotation of a resource, the Application's `syncOptions`, or both. */
  readonly readBy: 'resource' | 'application' | 'both';
  /** The first Argo CD that reads it in an Application, where that is another one. */
  readonly sinceInApplication?: string;
}

/** Everything that is said about one annotation, anywhere. */
export interface Annotation {
  readonly key: string;
  readonly family: 'argocd' | 'helm';
  readonly kind: ValueKind;
  readonly places: readonly Place[];
  readonly since: string;
  /** One sentence: what it is for. */
  readonly summary: string;
  /** What to know before using it, in Markdown. */
  readonly detail: string;
  /** What holds where the annotation is absent. */
  readonly default: string;
  /** What Argo CD makes of a value that it does not know. */
  readonly ifInvalid: string;
  /** In the order in which completion offers them: the most used first. */
  readonly values: readonly KnownValue[];
  /** Written by Argo CD or by its users in a hurry, not in Git: known, but not offered. */
  readonly offered: boolean;
  readonly link: string;
}
