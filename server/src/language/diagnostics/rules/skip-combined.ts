import { PHASE_NAMES } from '../../../core/annotations/catalogue.ts';
import { HOOK, DELETE_PHASES } from '../../../core/annotations/keys.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import { listed } from '../../naming.ts';
import { removeItem, setAnnotation } from '../fixes.ts';
import { itemsOf } from '../items.ts';
import { judged, type Rule } from '../model.ts';

/** `Skip` beside other phases, where it does nothing. Source: gitops-engine/pkg/sync/hook/hook.go `Skip`. */
export const skipCombined: Rule = {
  id: 'skip-combined',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'Skip stands beside another phase.',
  docs: `\`Skip\` leaves a manifest out of every sync only where it stands alone. Beside another phase Argo CD ignores it, and
the manifest runs as a hook of the others.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: Skip,PreSync
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
  check: (manifest, { document, facts }) => {
    const entry = judged(manifest, HOOK);
    if (!entry) return [];
    const others = parseList(entry.value).filter((item) => item !== 'Skip' && PHASE_NAMES.includes(item));
    const skip = itemsOf(document, entry).find(({ name }) => name === 'Skip');
    if (!skip || others.length === 0) return [];
    return [
      {
        level: 'warning',
        span: skip.span,
        message: messageOf(facts.label, others),
        fixes: () => [
          removeItem({ document, entry, item: 'Skip' }),
          setAnnotation({ document, entry, value: 'Skip', title: 'Keep Skip alone' }),
        ],
      },
    ];
  },
};

/** Hooks of a deletion take part in no sync anyway, so that beside them Skip changes nothing. */
function messageOf(label: string, others: readonly string[]): string {
  const deletion: readonly string[] = DELETE_PHASES;
  return others.every((phase) => deletion.includes(phase))
    ? `Skip works only alone: ${label} still runs as ${listed(others)} when the Application is deleted, and no sync applies it anyway. Remove Skip, or the rest.`
    : `Skip works only alone: ${label} is not left out but runs as ${listed(others)}. Remove Skip, or the rest.`;
}
