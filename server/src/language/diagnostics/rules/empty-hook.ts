import { HOOK } from '../../../core/annotations/keys.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import { removeAnnotation, setAnnotation } from '../fixes.ts';
import { judged, type Rule } from '../model.ts';
import { consequence, levelWithoutPhase } from './unknown-hook-phase.ts';

/** A hook annotation that names no phase. Source: gitops-engine/pkg/sync/hook/hook.go `IsHook`, `Types`. */
export const emptyHook: Rule = {
  id: 'empty-hook',
  defaultLevel: 'error',
  levels: ['error', 'warning'],
  title: 'The hook annotation is there and empty.',
  docs: `An empty hook annotation makes a hook of no phase: Argo CD never applies the manifest, and deletes a live copy of
it when a sync prunes. Remove the annotation, or name a phase. It is a warning where a valid \`helm.sh/hook\` on the same
object still counts.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: ""
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: Sync
`,
  },
  about: ['hook'],
  parts: true,
  check: (manifest, context) => {
    const { document } = context;
    const entry = judged(manifest, HOOK);
    if (!entry || parseList(entry.value).length > 0) return [];
    return [
      {
        level: levelWithoutPhase(manifest),
        span: entry.valueSpan,
        message: `The hook annotation is empty: ${consequence(manifest, [], context)} Remove it, or name a phase.`,
        fixes: () => [
          removeAnnotation({ document, manifest, entry, title: 'Remove the hook annotation' }),
          ...['PreSync', 'Sync', 'PostSync'].map((phase) =>
            setAnnotation({ document, entry, value: phase, title: `Make it a ${phase} hook` }),
          ),
        ],
      },
    ];
  },
};
