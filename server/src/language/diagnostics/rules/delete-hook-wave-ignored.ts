import { SYNC_WAVE } from '../../../core/annotations/keys.ts';
import { listed } from '../../naming.ts';
import { removeAnnotation } from '../fixes.ts';
import { deletePhasesOf, syncPhasesOf, waveEntry } from '../hook-facts.ts';
import type { Rule } from '../model.ts';

/** Waves that a deletion does not know. Source: controller/hook.go `executeHooks`. */
export const deleteHookWaveIgnored: Rule = {
  id: 'delete-hook-wave-ignored',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'A PreDelete or PostDelete hook has a wave.',
  docs: `The hooks of a deletion are created all at once: Argo CD reads neither their waves nor Helm's weights. If one has
to come after another put both steps into one Job, or let the second wait for the first.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: clean-buckets
  annotations:
    argocd.argoproj.io/hook: PostDelete
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
    argocd.argoproj.io/sync-wave: "5"
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: clean-buckets
  annotations:
    argocd.argoproj.io/hook: PostDelete
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const phases = deletePhasesOf(manifest, facts);
    if (phases.length === 0 || syncPhasesOf(manifest, facts).length > 0 || facts.wave.wave === 0) return [];
    const entry = waveEntry(manifest, facts);
    if (!entry) return [];
    const { key } = entry;
    return [
      {
        level: 'info',
        span: entry.valueSpan,
        message: `Argo CD ignores the ${key === SYNC_WAVE ? 'wave' : 'weight'} of ${facts.label}: all ${listed(phases)} hooks start together. Remove it; if this one has to come later, let it wait for the other itself.`,
        fixes: () => [removeAnnotation({ document, manifest, entry, title: `Remove ${key}` })],
      },
    ];
  },
};
