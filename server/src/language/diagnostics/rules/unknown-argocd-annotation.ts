import { ANNOTATION_KEYS } from '../../../core/annotations/catalogue.ts';
import { SYNC_WAVE } from '../../../core/annotations/keys.ts';
import { editDistance, nearest } from '../../../core/annotations/nearest.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { removeAnnotation, renameKey } from '../fixes.ts';
import { ANNOTATIONS_PAGE } from '../../../core/annotations/pages.ts';
import { counts, type Report, type Rule } from '../model.ts';

const PREFIX = 'argocd.argoproj.io/';
const SUFFIXES = ANNOTATION_KEYS.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));

/** Keys under the prefix that Argo CD and its tools know in other places: labels, annotations of clusters, secrets and sets. */
const OTHERS: ReadonlySet<string> = new Set([
  'application-set-refresh',
  'application-set-name',
  'auto-label-cluster-info',
  'instance',
  'kubernetes-version',
  'managed-by',
  'managed-by-url',
  'manifest-generate-paths',
  'secret-type',
  'skip-reconcile',
  'tracking-method',
]);

/** Bare keys that are nothing else: `hook` alone could be anybody's. */
const BARE: ReadonlySet<string> = new Set(['sync-wave', 'sync-options', 'hook-delete-policy', 'compare-options']);

/** What people write who remember the word and not the key. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  wave: 'sync-wave',
  'sync-order': 'sync-wave',
  'hook-weight': 'sync-wave',
  'hook-wave': 'sync-wave',
  phase: 'hook',
  'sync-phase': 'hook',
  'hook-phase': 'hook',
  'hook-type': 'hook',
  'sync-hook': 'hook',
  'delete-policy': 'hook-delete-policy',
  'deletion-policy': 'hook-delete-policy',
  options: 'sync-options',
};

/** Keys that nearly are annotations of Argo CD. */
export const unknownArgocdAnnotation: Rule = {
  id: 'unknown-argocd-annotation',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'An annotation key is close to one of Argo CD’s, and is none.',
  docs: `Argo CD ignores annotations that it does not know. This one looks like a known one that is misspelled, or that lacks
its prefix \`argocd.argoproj.io/\`, or it is one that people expect: \`hook-weight\` is Helm’s word for a wave, and there is
no \`depends-on\`.`,
  link: ANNOTATIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-waves: "5"
`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-wave: "5"
`,
  },
  parts: true,
  check: (manifest, { document, facts, part }) =>
    manifest.annotations.flatMap((entry): Report[] => {
      const { key } = entry;
      if (hasTemplate(key) || !counts(manifest, entry)) return [];
      const meant = meantKey(key);
      if (meant === undefined && !isInvented(key)) return [];
      const taken = manifest.annotations.some((other) => other.key === meant);
      const instead =
        meant === undefined ? `What comes first is said by ${SYNC_WAVE} alone.` : `Did you mean ${meant}?`;
      const remove = () => removeAnnotation({ document, manifest, entry, title: `Remove ${key}` });
      return [
        {
          level: 'warning',
          span: entry.keySpan,
          message: `Argo CD knows no annotation ${key} and ignores it on ${facts.label}. ${instead}`,
          fixes: () => {
            if (meant !== undefined && !taken) return [renameKey({ document, entry, by: meant })];
            return part === undefined ? [remove()] : [];
          },
        },
      ];
    }),
};

/** Keys that would say what an object waits for, if Argo CD knew them. */
const DEPENDENCIES: ReadonlySet<string> = new Set(['depends-on', 'dependson', 'depends', 'dependencies']);

const isInvented = (key: string): boolean => key.startsWith(PREFIX) && DEPENDENCIES.has(key.slice(PREFIX.length));

/** The known key that was probably meant; undefined for known keys and for keys that are nothing of Argo CD's. */
export function meantKey(key: string): string | undefined {
  if (ANNOTATION_KEYS.includes(key)) return undefined;
  const slash = key.indexOf('/');
  if (slash < 0) return BARE.has(key.toLowerCase()) ? PREFIX + key.toLowerCase() : undefined;
  const host = key.slice(0, slash + 1);
  const name = key.slice(slash + 1);
  if (host === PREFIX || host === 'argoproj.io/') {
    if (OTHERS.has(name) && host === PREFIX) return undefined;
    const suffix = SUFFIXES.includes(name) ? name : (wordFor(name, host) ?? near(name));
    return suffix && PREFIX + suffix;
  }
  // A misspelled prefix is told by the rest, which must then be right.
  return SUFFIXES.includes(name) && host.length < 40 && editDistance(host, PREFIX) <= 3 ? PREFIX + name : undefined;
}

const wordFor = (name: string, host: string): string | undefined =>
  host === PREFIX && Object.hasOwn(OTHER_WORDS, name) ? OTHER_WORDS[name] : undefined;

/** Letters of a long word, such as `hook-delete-policy`. */
const LONG = 18;

/** Nearer than a mere guess: at most two letters off (three in a long word), and no more than a quarter of the word. */
function near(name: string): string | undefined {
  const suffix = nearest(name, SUFFIXES);
  if (suffix === undefined || name.length > 60) return undefined;
  const distance = editDistance(name.toLowerCase().replace(/_/g, '-'), suffix);
  const most = Math.min(suffix.length < LONG ? 2 : 3, Math.floor(suffix.length / 4));
  return distance <= Math.max(1, most) ? suffix : undefined;
}
