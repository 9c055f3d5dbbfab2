import { removeAnnotation } from '../fixes.ts';
import { syncPhasesOf, waveEntry } from '../hook-facts.ts';
import type { Rule } from '../model.ts';

/** Waves that the failure of a sync does not know. Source: gitops-engine/pkg/sync/sync_context.go `runSyncFailTasks`. */
export const syncfailWaveIgnored: Rule = {
  id: 'syncfail-wave-ignored',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'A SyncFail hook has a wave.',
  docs: `When a sync fails Argo CD starts all SyncFail hooks in one group and ignores their waves: none waits for another.
If one has to come after another put both steps into one Job, or let the second wait for the first.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: report-failure
  annotations:
    argocd.argoproj.io/hook: SyncFail
    argocd.argoproj.io/sync-wave: "5"
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: report-failure
  annotations:
    argocd.argoproj.io/hook: SyncFail
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const phases = syncPhasesOf(manifest, facts);
    if (phases.length === 0 || phases.some((phase) => phase !== 'SyncFail') || facts.wave.wave === 0) return [];
    const entry = waveEntry(manifest, facts);
    if (!entry) return [];
    return [
      {
        level: 'info',
        span: entry.valueSpan,
        message: `Argo CD ignores the wave of ${facts.label}: all SyncFail hooks start together. Remove it; if this one has to come later, let it wait for the other itself.`,
        fixes: () => [removeAnnotation({ document, manifest, entry, title: `Remove ${entry.key}` })],
      },
    ];
  },
};
