import { HOOK } from '../../../core/annotations/keys.ts';
import { kindOf, groupOf, type Json } from '../../../core/object.ts';
import { labelOf } from '../../naming.ts';
import { quoteValue } from '../fixes.ts';
import type { Report, Rule } from '../model.ts';

export const unquotedAnnotationValue: Rule = {
  id: 'unquoted-annotation-value',
  defaultLevel: 'error',
  levels: ['error', 'info'],
  title: 'An annotation value without quotes is no text to YAML but a number, a boolean or null.',
  docs: `Values of annotations are texts. \`5\`, \`true\`, \`yes\` and an empty value are a number, booleans and null to YAML 1.1:
Argo CD then cannot generate the manifests of the whole application (on a CRD, or with label tracking, every annotation
of the object is lost instead). Put the value in quotes. Where a kustomization lists the file this is only an
information: kustomize was seen to quote such values itself.`,
  check: (manifest, { document, listedByKustomization }) =>
    manifest.annotations.flatMap((entry): Report[] => {
      if (entry.templated || entry.merged === true || (entry.style !== 'plain' && entry.style !== 'none')) return [];
      const what = kindOfValue(entry.value);
      if (what === undefined) return [];
      const written = document.text.slice(entry.valueSpan.start, entry.valueSpan.end);
      const shown =
        written === '' ? `The value of ${entry.key} is empty, which is null` : `${entry.key}: ${written} is ${what}`;
      return [
        {
          level: listedByKustomization ? 'info' : 'error',
          span: written === '' ? entry.keySpan : entry.valueSpan,
          message: `${shown} to YAML, no text: ${consequence(manifest.object, listedByKustomization)} Put it in quotes.`,
          // An empty hook annotation is a mistake of its own.
          fixes: () => [quoteValue({ document, entry, written, safe: entry.key !== HOOK || entry.value !== null })],
        },
      ];
    }),
};

function kindOfValue(value: Json): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'a boolean';
  return typeof value === 'number' || typeof value === 'bigint' ? 'a number' : undefined;
}

function consequence(object: Parameters<typeof labelOf>[0], listedByKustomization: boolean): string {
  if (listedByKustomization) return 'kustomize may quote it by itself; without it Argo CD cannot read the application.';
  return kindOf(object) === 'CustomResourceDefinition' && groupOf(object) === 'apiextensions.k8s.io'
    ? `every annotation of ${labelOf(object)} is lost.`
    : `Argo CD cannot generate the manifests of the application, so nothing of it is synced.`;
}
