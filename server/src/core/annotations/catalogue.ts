import { APPLICATION_ANNOTATIONS } from './catalogue-application.ts';
import { HELM_ANNOTATIONS } from './catalogue-helm.ts';
import { HOOK_ANNOTATIONS, PHASE_VALUES, POLICY_VALUES } from './catalogue-hooks.ts';
import type { Annotation, KnownValue } from './catalogue-model.ts';
import { RESOURCE_ANNOTATIONS } from './catalogue-resources.ts';
import { HOOK_DELETE_POLICY } from './keys.ts';

export type { Annotation, KnownValue, Place, SyncOption, ValueKind } from './catalogue-model.ts';
export { HELM_ONLY_HOOKS } from './catalogue-helm.ts';
export {
  isApplicationOnlyOption,
  isInertOption,
  isKnownSyncOption,
  optionSpelledRight,
  SYNC_OPTION_LIST,
  syncOption,
  syncOptionsFor,
} from './sync-options.ts';

/**
 * Every annotation that Argo CD reads, in the order in which completion offers the keys. The one source of completion,
 * hover, diagnostics, settings and the tables of the README. `compare-options` stands twice: it means one thing on a
 * resource and another on an Application.
 */
export const ANNOTATIONS: readonly Annotation[] = [
  ...HOOK_ANNOTATIONS,
  ...RESOURCE_ANNOTATIONS,
  ...APPLICATION_ANNOTATIONS,
  ...HELM_ANNOTATIONS,
];

/** Names of every phase that the hook annotation knows, and of every delete policy: most used first. */
export const PHASE_NAMES: readonly string[] = PHASE_VALUES.map((value) => value.name);
export const POLICY_NAMES: readonly string[] = POLICY_VALUES.map((value) => value.name);

const RESOURCE_KEYS = new Map<string, Annotation>();
const APPLICATION_KEYS = new Map<string, Annotation>();
for (const annotation of ANNOTATIONS) {
  (annotation.places.includes('application') ? APPLICATION_KEYS : RESOURCE_KEYS).set(annotation.key, annotation);
}

/** Whether the object is an Argo CD Application, whose own annotations Argo CD reads too. */
export const isApplicationKind = (object: { readonly group: string; readonly kind: string }): boolean =>
  object.group === 'argoproj.io' && object.kind === 'Application';

/** What is known about a key, as it is read on an Application or on any other object. Undefined for an unknown key. */
export function annotationFor(key: string, onApplication: boolean): Annotation | undefined {
  return onApplication
    ? (APPLICATION_KEYS.get(key) ?? RESOURCE_KEYS.get(key))
    : (RESOURCE_KEYS.get(key) ?? APPLICATION_KEYS.get(key));
}

/** Every key of the catalogue, each once. */
export const ANNOTATION_KEYS: readonly string[] = [...new Set(ANNOTATIONS.map((annotation) => annotation.key))];

/** The entry of one value; options of a sync-options list are values too. Case counts, as it does for Argo CD. */
export const knownValue = (annotation: Annotation, name: string): KnownValue | undefined =>
  annotation.values.find((value) => value.name === name);

/** Documentation of a phase by its name. */
export const phaseValue = (name: string): KnownValue | undefined => PHASE_VALUES.find((value) => value.name === name);

/** Documentation of a delete policy by its name. */
export function policyValue(name: string): KnownValue | undefined {
  const annotation = RESOURCE_KEYS.get(HOOK_DELETE_POLICY);
  return annotation && knownValue(annotation, name);
}
