import { HOOK } from '../../../core/annotations/keys.ts';
import { kindOf, groupOf } from '../../../core/object.ts';
import { resolvePlain } from '../../../manifest/dialect.ts';
import type { AnnotationEntry, Manifest, YamlDocument } from '../../../manifest/model.ts';
import { kindOfValue } from '../../../workspace/refusals.ts';
import { labelOf } from '../../naming.ts';
import { quoteValue } from '../fixes.ts';
import { ANNOTATIONS_PAGE } from '../../../core/annotations/pages.ts';
import { counts, type Report, type Rule, type RuleContext } from '../model.ts';

/** Annotations whose values are no texts, so that Argo CD cannot read the object's annotations. */
export const unquotedAnnotationValue: Rule = {
  id: 'unquoted-annotation-value',
  defaultLevel: 'error',
  levels: ['error', 'info'],
  title: 'An annotation value is no text to YAML but a number, a boolean, null, a list or a map.',
  docs: `Values of annotations are texts. \`5\`, \`true\`, \`yes\` and an empty value are a number, booleans and null to YAML 1.1;
a tag such as \`!!int\`, a list or a map is no text either.
Argo CD then cannot generate the manifests of the whole application (on a CRD, or with label tracking, every annotation
of the object is lost instead). Put the value in quotes. Where a kustomization lists the file this is only an
information, as it is in a patch: kustomize was seen to quote such values itself. In \`commonAnnotations\` and in options of
its generators it refuses them. Among values of a chart it is an information, for the templates decide what they write.`,
  link: ANNOTATIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-wave: 5
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
  check: (manifest, context) =>
    manifest.annotations.flatMap((entry): Report[] => {
      if (entry.templated || !counts(manifest, entry)) return [];
      // In a strategic patch null takes an annotation away, and so does it among values; kustomize reads it as an empty text.
      if (context.part !== undefined && context.part !== 'json-patch' && entry.value === null) return [];
      const what = whatItIs(entry, context.document);
      return what === undefined ? [] : [reportOf({ manifest, entry, what, context })];
    }),
};

/** Longer values are not repeated: among them are whole objects, as those that were last applied. */
const LONGEST_SHOWN = 60;

interface Found {
  readonly manifest: Manifest;
  readonly entry: AnnotationEntry;
  readonly what: string;
  readonly context: RuleContext;
}

function reportOf({ manifest, entry, what, context }: Found): Report {
  const { document } = context;
  const written = document.text.slice(entry.valueSpan.start, entry.valueSpan.end);
  const between = document.text.slice(entry.keySpan.end, entry.valueSpan.start);
  // The value of an alias stands elsewhere, and what a tag makes of it stays when it is quoted.
  const tagged = between.includes('!') || written.startsWith('!');
  const scalar = typeof entry.value !== 'object' || entry.value === null;
  const elsewhere = written.startsWith('*');
  const onOneLine = written !== '' && !written.includes('\n');
  const shown =
    written === ''
      ? `The value of ${entry.key} is empty, which is null`
      : `${entry.key}${onOneLine && written.length <= LONGEST_SHOWN ? `: ${tagged ? `${between.replace(/^[^!]*/, '')}${written}` : written}` : ''} is ${what}`;
  return {
    level: levelOf(context),
    span: onOneLine ? entry.valueSpan : entry.keySpan,
    message: `${shown} to YAML, no text: ${consequence(manifest.object, context)} ${adviceFor({ scalar, tagged })}`,
    fixes: () => {
      if (!scalar || tagged || elsewhere || (entry.style !== 'plain' && entry.style !== 'none')) return [];
      // An empty hook annotation is a mistake of its own.
      return [quoteValue({ document, entry, written, safe: entry.key !== HOOK || entry.value !== null })];
    },
  };
}

function adviceFor({ scalar, tagged }: { scalar: boolean; tagged: boolean }): string {
  if (!scalar) return 'Write it as one text in quotes.';
  return tagged ? 'Remove the tag, and put the value in quotes.' : 'Put it in quotes.';
}

/**
 * What a value is to YAML that is no text; undefined for texts, and where it could not be read. The document's problems
 * are looked at last: they cost its parsing.
 */
function whatItIs(entry: AnnotationEntry, document: YamlDocument): string | undefined {
  const { value, valueSpan, style } = entry;
  if (typeof value === 'string') return undefined;
  if (value !== null) return kindOfValue(value);
  if (style === 'none' && !isLeftEmpty(document.text, entry)) return undefined;
  if (style === 'plain') {
    const scalar = resolvePlain(document.text.slice(valueSpan.start, valueSpan.end));
    if (scalar.kind === 'float') return Number.isNaN(scalar.value) ? 'the number NaN' : 'an infinite number';
  }
  const unread = document.problems.some(({ span }) => span.start < valueSpan.end && valueSpan.start < span.end);
  return unread ? undefined : kindOfValue(value);
}

/**
 * A colon follows the key, and nothing that could not be read. Else the key is still being written, or is a placeholder:
 * there is no value yet that could be put in quotes.
 */
const isLeftEmpty = (text: string, { keySpan, valueSpan }: AnnotationEntry): boolean =>
  /^[ \t]*(?:\r?\n[ \t]*)?:/.test(text.slice(keySpan.end, keySpan.end + 200)) &&
  /^[ \t]*(?:#|[,}]|\r?\n|$)/.test(text.slice(valueSpan.end, valueSpan.end + 200));

/** Kustomize takes texts alone where it adds annotations itself. */
const isFieldOfKustomize = ({ part }: RuleContext): boolean => part === 'common' || part === 'generator';

const isQuotedByKustomize = ({ part, listedByKustomization }: RuleContext): boolean =>
  listedByKustomization || part === 'patch' || part === 'json-patch';

function levelOf(context: RuleContext): 'error' | 'info' {
  if (isFieldOfKustomize(context)) return 'error';
  return context.part === 'values' || isQuotedByKustomize(context) ? 'info' : 'error';
}

/** Source: kustomize api/types/kustomization.go `CommonAnnotations`, generatoroptions.go `Annotations`. */
function consequence(object: Parameters<typeof labelOf>[0], context: RuleContext): string {
  if (isFieldOfKustomize(context))
    return 'kustomize takes texts alone there and builds nothing, so nothing of the application is synced.';
  if (context.part === 'template') return 'the API server takes texts alone there and refuses the ApplicationSet.';
  if (context.part === 'values')
    return 'a template that writes it as it is, as toYaml does, gives Argo CD none either.';
  if (isQuotedByKustomize(context))
    return 'kustomize may quote it by itself; without it Argo CD cannot read the application.';
  return kindOf(object) === 'CustomResourceDefinition' && groupOf(object) === 'apiextensions.k8s.io'
    ? `every annotation of ${labelOf(object)} is lost.`
    : `Argo CD cannot generate the manifests of the application, so nothing of it is synced.`;
}
