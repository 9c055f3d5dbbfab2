import { PHASE_NAMES } from '../../../core/annotations/catalogue.ts';
import { deletePhases, hookTypes } from '../../../core/annotations/classify.ts';
import { HELM_HOOK, HOOK } from '../../../core/annotations/keys.ts';
import { nearest } from '../../../core/annotations/nearest.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import { isObject, metadataOf, type KubeObject } from '../../../core/object.ts';
import { labelOf, listed } from '../../naming.ts';
import { replaceItem } from '../fixes.ts';
import { itemsOf } from '../items.ts';
import { judged, type Report, type Rule } from '../model.ts';

export const unknownHookPhase: Rule = {
  id: 'unknown-hook-phase',
  defaultLevel: 'error',
  levels: ['error', 'warning'],
  title: 'The hook annotation names a phase that Argo CD does not know.',
  docs: `Argo CD compares phases letter by letter: \`presync\` and \`Pre-Sync\` are none. Phases that it does not know are
ignored without a word. Where none is left, the manifest is never applied, and a live copy of it is deleted when a sync
prunes; only a valid \`helm.sh/hook\` on the same object still counts.`,
  check: (manifest, { document }) => {
    const entry = judged(manifest, HOOK);
    if (!entry) return [];
    const known = parseList(entry.value).filter((item) => PHASE_NAMES.includes(item));
    return itemsOf(document, entry)
      .filter(({ name }) => !PHASE_NAMES.includes(name))
      .map(({ name, span }): Report => {
        const meant = nearest(name, PHASE_NAMES);
        return {
          level: known.length > 0 ? 'warning' : 'error',
          span,
          message: `"${name}" is no phase of Argo CD: ${consequence(manifest.object, known)}${meant ? ` Did you mean ${meant}?` : ''}`,
          fixes: () => (meant ? [replaceItem({ document, entry, item: name, by: meant })] : []),
        };
      });
  },
};

/** What Argo CD does with the object when it ignores what it does not know. */
export function consequence(object: KubeObject, known: readonly string[]): string {
  const label = labelOf(object);
  if (known.length > 0) return `it is ignored, and ${label} runs as ${listed(known)} only.`;
  const fallback = [...new Set<string>([...hookTypes(object), ...deletePhases(object)])];
  if (fallback.length > 0)
    return `it is ignored, and ${label} runs as ${listed(fallback)} because of ${HELM_HOOK}: ${helmHook(object)}.`;
  return `${label} is never applied, and a live copy of it is deleted when a sync prunes.`;
}

function helmHook(object: KubeObject): string {
  const annotations = metadataOf(object)['annotations'];
  const value = isObject(annotations) ? annotations[HELM_HOOK] : '';
  return typeof value === 'string' ? value : '';
}
