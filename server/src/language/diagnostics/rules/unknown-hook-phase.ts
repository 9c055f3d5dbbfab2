import { PHASE_NAMES } from '../../../core/annotations/catalogue.ts';
import { deletePhases, helmHookType, hookTypes } from '../../../core/annotations/classify.ts';
import { HELM_HOOK, HOOK } from '../../../core/annotations/keys.ts';
import { nearest } from '../../../core/annotations/nearest.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import { annotationOf, type KubeObject } from '../../../core/object.ts';
import { listed } from '../../naming.ts';
import { replaceItem } from '../fixes.ts';
import { itemsOf } from '../items.ts';
import type { Manifest } from '../../../manifest/model.ts';
import { entryOf, judged, type Level, type Report, type Rule, type RuleContext } from '../model.ts';

/** Phases that Argo CD does not know. Source: gitops-engine/pkg/sync/hook/hook.go `Types`. */
export const unknownHookPhase: Rule = {
  id: 'unknown-hook-phase',
  defaultLevel: 'error',
  levels: ['error', 'warning'],
  title: 'The hook annotation names a phase that Argo CD does not know.',
  docs: `Argo CD compares phases letter by letter: \`presync\` and \`Pre-Sync\` are none. Phases that it does not know are
ignored without a word. Where none is left, the manifest is never applied, and a live copy of it is deleted when a sync
prunes; only a valid \`helm.sh/hook\` on the same object still counts. It is a warning where a phase is left.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: presync
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
  },
  about: ['hook'],
  parts: true,
  check: (manifest, context) => {
    const { document } = context;
    const entry = judged(manifest, HOOK);
    if (!entry) return [];
    const known = parseList(entry.value).filter((item) => PHASE_NAMES.includes(item));
    return itemsOf(document, entry)
      .filter(({ name }) => !PHASE_NAMES.includes(name))
      .map(({ name, span }): Report => {
        const meant = nearest(name, PHASE_NAMES) ?? helmHookType(name);
        return {
          level: known.length > 0 ? 'warning' : levelWithoutPhase(manifest),
          span,
          message: `"${name}" is no phase of Argo CD: ${consequence(manifest, known, context)}${meant ? ` Did you mean ${meant}?` : ''}`,
          fixes: () => (meant ? [replaceItem({ document, entry, item: name, by: meant })] : []),
        };
      });
  },
};

/** Helm's hook counts where Argo CD's annotation names no phase: then the manifest is applied. */
export const levelWithoutPhase = (manifest: Manifest): Level =>
  helmPhases(manifest.object).length > 0 || isHelmTemplated(manifest) ? 'warning' : 'error';

const helmPhases = (object: KubeObject): readonly string[] => [
  ...new Set<string>([...hookTypes(object), ...deletePhases(object)]),
];

const isHelmTemplated = (manifest: Manifest): boolean => entryOf(manifest, HELM_HOOK)?.templated === true;

/** What Argo CD does with the object when it ignores what it does not know. */
export function consequence(
  manifest: Manifest,
  known: readonly string[],
  { facts: { label }, part }: Pick<RuleContext, 'facts' | 'part'>,
): string {
  const { object } = manifest;
  if (known.length > 0) {
    const phases = known.filter((phase) => phase !== 'Skip');
    return phases.length > 0
      ? `it is ignored, and ${label} runs as ${listed(phases)} only.`
      : `it is ignored, and ${label} is left out of every sync (Skip).`;
  }
  if (isHelmTemplated(manifest)) return `it is ignored, and ${HELM_HOOK} alone decides what ${label} is.`;
  const fallback = helmPhases(object);
  if (fallback.length > 0)
    return `it is ignored, and ${label} runs as ${listed(fallback)} because of ${HELM_HOOK}: ${annotationOf(object, HELM_HOOK) ?? ''}.`;
  const alone = part === undefined ? '' : `without a valid ${HELM_HOOK} beside it, `;
  return `${alone}${label} is never applied, and a live copy of it is deleted when a sync prunes.`;
}
