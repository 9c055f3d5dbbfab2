import { phaseValue } from '../../../core/annotations/catalogue.ts';
import { DELETE_PHASES, HOOK, SYNC_PHASES } from '../../../core/annotations/keys.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import { isAtLeast } from '../../../core/versions.ts';
import { listed } from '../../naming.ts';
import { setAnnotation } from '../fixes.ts';
import { itemsOf } from '../items.ts';
import { judged, type Report, type Rule } from '../model.ts';

/** The first Argo CD that runs the hooks of a phase. */
const sinceOf = (phase: string): string => phaseValue(phase)?.since ?? '';
/** The first one that reads phases of a deletion in a comma list, and beside phases of a sync. */
const LISTS = '3.4';
const MIXED = '3.5';

/** Hooks of a deletion that the Argo CD in use does not run. */
export const hookNeedsNewerArgocd: Rule = {
  id: 'hook-needs-newer-argocd',
  defaultLevel: 'error',
  levels: ['error'],
  title: 'The hook needs a newer Argo CD than the one in use.',
  docs: `PostDelete came with Argo CD 2.10, PreDelete with 3.3. A comma list with one of them is read since 3.4, and phases of a
sync beside them since 3.5. An older one does not report it: the hook is never run, or in a part of its phases alone.
Which Argo CD is in use says the setting \`argocdHooks.argocdVersion\`.`,
  examples: {
    argocdVersion: '3.2.0',
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: backup
  annotations:
    argocd.argoproj.io/hook: PreDelete
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: backup
  annotations:
    argocd.argoproj.io/hook: PostDelete
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
  },
  about: ['hook'],
  parts: true,
  check: (manifest, { document, facts, argocdVersion }) => {
    const entry = judged(manifest, HOOK);
    if (!entry) return [];
    const items = parseList(entry.value);
    const deletion = DELETE_PHASES.filter((phase) => items.includes(phase));
    if (deletion.length === 0) return [];
    const sync = SYNC_PHASES.filter((phase) => items.includes(phase));
    const says = (level: string, message: string, span = entry.valueSpan): Report => ({
      level: 'error',
      span,
      message: `${message} Argo CD ${level} is needed, and ${argocdVersion} is in use (argocdHooks.argocdVersion).`,
      fixes: () =>
        sync.length === 0
          ? []
          : [setAnnotation({ document, entry, value: sync.join(','), title: `Keep ${listed(sync)} alone` })],
    });
    const unknown = deletion.filter((phase) => !isAtLeast(argocdVersion, sinceOf(phase)));
    if (unknown.length > 0) {
      return unknown.map((phase) =>
        says(
          sinceOf(phase),
          sync.length > 0
            ? `${facts.label} runs as ${listed(sync)} only: this Argo CD knows no ${phase}.`
            : `${facts.label} is never applied, and a live copy is deleted when a sync prunes: this Argo CD knows no ${phase}.`,
          itemsOf(document, entry).find(({ name }) => name === phase)?.span,
        ),
      );
    }
    if (items.length > 1 && !isAtLeast(argocdVersion, LISTS)) {
      return [
        says(
          sync.length > 0 ? MIXED : LISTS,
          sync.length > 0
            ? `${facts.label} runs as ${listed(sync)} only: this Argo CD does not see ${listed(deletion)} in a list.`
            : `${facts.label} is never run: this Argo CD does not see ${listed(deletion)} in a list.`,
        ),
      ];
    }
    if (sync.length === 0 || isAtLeast(argocdVersion, MIXED)) return [];
    return [
      says(
        MIXED,
        `${facts.label} runs as ${listed(deletion)} only, and is left out of every sync: this Argo CD does not combine phases of a deletion with ${listed(sync)}.`,
      ),
    ];
  },
};
