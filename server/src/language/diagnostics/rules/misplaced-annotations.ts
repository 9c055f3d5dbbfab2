import {
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_OPTIONS,
  SYNC_WAVE,
} from '../../../core/annotations/keys.ts';
import { at } from '../../../core/fields.ts';
import { isObject, type KubeObject } from '../../../core/object.ts';
import type { Manifest, YamlDocument } from '../../../manifest/model.ts';
import { listed } from '../../naming.ts';
import type { ManifestFacts } from '../facts.ts';
import { moveAnnotations } from '../fixes-move.ts';
import { ANNOTATIONS_PAGE } from '../../../core/annotations/pages.ts';
import type { Report, Rule } from '../model.ts';
import { keyInDocument, pathOf } from '../where.ts';

/** Annotations of the sync where Argo CD does not look for them. Source: resource/annotations.go, `GetAnnotations`. */
export const misplacedAnnotations: Rule = {
  id: 'misplaced-annotations',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'Hook, wave or sync options stand where Argo CD does not read them.',
  docs: `Argo CD reads \`metadata.annotations\` of the objects that it applies. In the template of a Deployment’s pods, in a
\`metadata\` within \`metadata\`, beside \`metadata\`, on a \`kind: List\` or as a field of their own the same keys do nothing,
without a word. Nothing is said where the object carries the annotation itself too, as kustomize’s \`commonAnnotations\`
write it.`,
  link: ANNOTATIONS_PAGE,
  examples: {
    bad: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      annotations:
        argocd.argoproj.io/sync-wave: "5"
`,
    good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    argocd.argoproj.io/sync-wave: "5"
spec:
  template:
    metadata: {}
`,
  },
  about: ['elsewhere'],
  check: (manifest, { document, facts }) => {
    const places = placesIn(manifest.object, facts);
    const list = mayBeList(document) ? onList(manifest, document) : [];
    if (places.length + list.length === 0) return [];
    // What a template brings may be the very annotation.
    if (manifest.templated || document.masked.length > 0) return [];
    const own = pathOf(manifest, document);
    return [...list, ...places.map((place) => ({ ...place, path: [...own, ...place.path] }))].map((place) =>
      reportOf(manifest, document, facts, place),
    );
  },
};

/** Kept with the document, since each of its objects asks. */
const lists = new WeakMap<YamlDocument, boolean>();

/** A list has `items` at its root: at the first column, or within braces. A look at the text, which parses nothing. */
function mayBeList(document: YamlDocument): boolean {
  let may = lists.get(document);
  if (may === undefined) {
    const { text } = document;
    may =
      text.includes('items') && (/^\ufeff?\s*(?:---\s*)?\{(?!\{)/.test(text) || /^["']?items["']?[ \t]*:/m.test(text));
    lists.set(document, may);
  }
  return may;
}

/** Keys that decide about a sync, on objects that Argo CD applies alone. */
const KEYS: readonly string[] = [
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_WAVE,
  SYNC_OPTIONS,
  HELM_HOOK,
  HELM_HOOK_WEIGHT,
  HELM_HOOK_DELETE_POLICY,
];

/** A map that holds such keys, and why they do nothing there. */
interface Place {
  /** From the root of the document. */
  readonly path: readonly (string | number)[];
  readonly keys: readonly string[];
  readonly why: string;
  /** On a list, which has no annotations of its own. */
  readonly list?: boolean;
}

const PODS = ['spec', 'template', 'metadata'];
const TEMPLATES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Deployment: [PODS],
  StatefulSet: [PODS],
  DaemonSet: [PODS],
  ReplicaSet: [PODS],
  ReplicationController: [PODS],
  Rollout: [PODS],
  Job: [PODS],
  CronJob: [
    ['spec', 'jobTemplate', 'metadata'],
    ['spec', 'jobTemplate', ...PODS],
  ],
};

function placesIn(object: KubeObject, { kind, label }: ManifestFacts): Place[] {
  const own = new Set(keysIn(at(object, 'metadata', 'annotations')));
  const place = (path: readonly string[], why: string): Place[] => {
    const keys = keysIn(at(object, ...path)).filter((key) => !own.has(key));
    return keys.length > 0 ? [{ path, keys, why }] : [];
  };
  const templates = (Object.hasOwn(TEMPLATES, kind) ? (TEMPLATES[kind] ?? []) : []).flatMap((path) => {
    const made = path.includes('template') ? 'pods' : 'Jobs';
    return place([...path, 'annotations'], `on the ${made} that ${label} makes, which Argo CD does not apply itself`);
  });
  return [
    ...templates,
    ...place(['metadata', 'metadata', 'annotations'], `in a metadata within the metadata of ${label}`),
    ...place(['metadata'], `in the metadata of ${label} itself, not among its annotations`),
    ...place(['annotations'], `beside the metadata of ${label}, not within it`),
    ...place([], `beside the metadata of ${label}, not among its annotations`),
  ];
}

const keysIn = (value: ReturnType<typeof at>): string[] =>
  isObject(value) ? KEYS.filter((key) => Object.hasOwn(value, key)) : [];

/** A list is taken apart, and only its items are applied. It is told once, with the first of them. */
function onList(manifest: Manifest, document: YamlDocument): Place[] {
  if (document.manifests[0] !== manifest || pathOf(manifest, document).length === 0) return [];
  const keys = keysIn(at(document.value, 'metadata', 'annotations'));
  const why = 'on the List itself, of which Argo CD applies the items alone';
  return keys.length > 0 ? [{ path: ['metadata', 'annotations'], keys, why, list: true }] : [];
}

function reportOf(manifest: Manifest, document: YamlDocument, { label }: ManifestFacts, place: Place): Report {
  const { path, keys, why, list = false } = place;
  const [first = ''] = keys;
  const plural = keys.length > 1;
  return {
    level: 'warning',
    span: keyInDocument(document, [...path, first]) ?? manifest.span,
    message: `${listed(keys)} ${plural ? 'do' : 'does'} nothing here: ${plural ? 'they stand' : 'it stands'} ${why}. ${list ? 'Give it to each item that is meant.' : `Move ${plural ? 'them' : 'it'} to metadata.annotations of ${label}.`}`,
    fixes: () => (list ? [] : moveAnnotations({ document, manifest, path, keys })),
  };
}
