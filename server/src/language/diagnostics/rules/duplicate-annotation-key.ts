import { annotationFor } from '../../../core/annotations/catalogue.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import type { AnnotationEntry, Manifest, YamlDocument } from '../../../manifest/model.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { mayBringEntries } from '../../templates.ts';
import { removeAnnotation, setAnnotation, together } from '../fixes.ts';
import { ANNOTATIONS_PAGE } from '../../../core/annotations/pages.ts';
import type { Fix, Report, Rule } from '../model.ts';

/** Keys that stand more than once in one map. Argo CD's YAML reader takes the last one. */
export const duplicateAnnotationKey: Rule = {
  id: 'duplicate-annotation-key',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'The same key stands more than once among the annotations of a manifest.',
  docs: `Argo CD takes the last one without a word, and the others are lost: two \`argocd.argoproj.io/sync-options\` are not
added up. Write one comma list, or remove what is not meant.`,
  link: ANNOTATIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: Prune=false
    argocd.argoproj.io/sync-options: ServerSideApply=true
`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: Prune=false,ServerSideApply=true
`,
  },
  parts: true,
  check: (manifest, { document, facts, part }) => {
    // One operation after the other is what a JSON patch is made of.
    if (part === 'json-patch') return [];
    const own = manifest.annotations.filter(({ key, merged }) => merged !== true && !hasTemplate(key));
    const winners = new Map(own.map((entry) => [entry.key, entry]));
    if (winners.size === own.length || mayBringEntries(document, manifest)) return [];
    return own.flatMap((entry): Report[] => {
      const winner = winners.get(entry.key);
      if (!winner || winner === entry) return [];
      return [
        {
          level: 'warning',
          span: entry.keySpan,
          message: `${entry.key} stands more than once on ${facts.label}: the last one wins${shown(document, winner)}, and this one is lost. ${isList(winner) ? 'Make one list of them, or remove one.' : 'Remove one.'}`,
          related: [{ message: 'This one wins.', span: winner.keySpan }],
          fixes: () => fixesOf({ document, manifest, entry, winner }),
        },
      ];
    });
  },
};

function shown({ text }: YamlDocument, { valueSpan }: AnnotationEntry): string {
  const written = text.slice(valueSpan.start, valueSpan.end);
  return written === '' || written.length > 60 || written.includes('\n') ? '' : ` (${written})`;
}

/** Several values in one annotation are a comma list. */
function isList({ key }: AnnotationEntry): boolean {
  const kind = annotationFor(key, false)?.kind;
  return kind === 'list' || kind === 'options';
}

interface Pair {
  readonly document: YamlDocument;
  readonly manifest: Manifest;
  readonly entry: AnnotationEntry;
  readonly winner: AnnotationEntry;
}

function fixesOf({ document, manifest, entry, winner }: Pair): Fix[] {
  const remove = removeAnnotation({ document, manifest, entry, title: 'Remove this one, which is lost anyway' });
  const same = entry.value === winner.value;
  if (same || !isList(winner) || !isText(entry) || !isText(winner)) return [{ ...remove, preferred: true, safe: same }];
  const value = [...new Set([...parseList(entry.value), ...parseList(winner.value)])].join(',');
  const title = `Make one list of them: ${value}`;
  const merge = together(title, [remove, setAnnotation({ document, entry: winner, value, title })]);
  return [{ ...merge, preferred: true }, remove];
}

const isText = (entry: AnnotationEntry): entry is AnnotationEntry & { readonly value: string } =>
  typeof entry.value === 'string' && !entry.templated;
