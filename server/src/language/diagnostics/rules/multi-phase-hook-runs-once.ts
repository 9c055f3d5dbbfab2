import { SYNC_PHASES } from '../../../core/annotations/keys.ts';
import { listed } from '../../naming.ts';
import { endsOnce, hasGeneratedName, isNamedAnew, mayVanish } from '../../policies.ts';
import { manifestPlace } from '../field-place.ts';
import { addPolicy } from '../fixes-hooks.ts';
import { hookPlace, policiesOf, syncPhasesOf } from '../hook-facts.ts';
import type { Rule } from '../model.ts';

/** Hooks of several phases that run in the first of them alone. Seen on Argo CD 3.6.1. */
export const multiPhaseHookRunsOnce: Rule = {
  id: 'multi-phase-hook-runs-once',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A Job or Pod hook of several phases lacks BeforeHookCreation.',
  docs: `A hook of several phases is one object. In the second of its phases Argo CD finds the one of the first, which has
ended, and takes that for the result: it runs once. With BeforeHookCreation it is deleted and runs in each phase.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: smoke-test
  annotations:
    argocd.argoproj.io/hook: PreSync,PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: smoke-test
  annotations:
    argocd.argoproj.io/hook: PreSync,PostSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const { object } = manifest;
    const phases = syncPhasesOf(manifest, facts);
    const policies = policiesOf(manifest, facts);
    if (phases.length < 2 || !policies || policies.includes('BeforeHookCreation') || !endsOnce(object)) return [];
    if (hasGeneratedName(object) || isNamedAnew(object) || mayVanish(object)) return [];
    const ordered = SYNC_PHASES.filter((phase) => phases.includes(phase));
    const [first, ...later] = ordered;
    return [
      {
        level: 'warning',
        span: hookPlace(manifest) ?? manifestPlace(manifest, document),
        message: `${facts.label} runs in ${first ?? ''} only: in ${listed(later)} it is still there, and Argo CD takes its old end for the new one (${policies.join(', ')} without BeforeHookCreation). Add BeforeHookCreation, so that it runs in each phase.`,
        fixes: () => [addPolicy({ document, manifest }, 'BeforeHookCreation')],
      },
    ];
  },
};
