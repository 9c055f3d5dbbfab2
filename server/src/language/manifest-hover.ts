import { isHook } from '../core/annotations/classify.ts';
import { podReferences } from '../core/plan/references.ts';
import type { Manifest, Span, YamlDocument } from '../manifest/model.ts';
import { hereText, ORDERING_KEYS, type PlaceFacts } from './here.ts';
import type { HoverText } from './hover-text.ts';
import { labelOf } from './naming.ts';
import { escaped } from './option-hover.ts';

/**
 * What Argo CD does with a manifest, on its name or kind. Undefined for an ordinary resource of an application that
 * uses neither hooks nor waves: of it there is nothing to say.
 */
export function manifestHover(
  document: YamlDocument,
  manifest: Manifest,
  span: Span,
  place: PlaceFacts | undefined,
): HoverText | undefined {
  const { object } = manifest;
  if (object['apiVersion'] === undefined) return undefined;
  const declares = manifest.annotations.some(({ key }) => ORDERING_KEYS.has(key));
  if (!declares && place?.view.ordered !== true) return undefined;
  const what = `a ${isHook(object) ? 'hook' : 'resource'} of ${place ? 'the application' : 'its application'}`;
  const parts = [
    `**${escaped(labelOf(object))}** — ${what}${place ? ` ${escaped(place.view.plan.name)}` : ''}.`,
    '---',
    hereText(document, manifest, place),
    needsText(manifest),
  ];
  return { span, markdown: parts.filter((part) => part !== '').join('\n\n') };
}

/** What its pods cannot start without. */
function needsText({ object }: Manifest): string {
  const needs = podReferences(object).map(({ kind, name, use }) => `${kind} ${escaped(name)} (${use})`);
  return needs.length === 0 ? '' : `Its pods do not start without: ${needs.join(', ')}.`;
}
