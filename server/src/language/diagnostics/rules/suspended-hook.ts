import { suspendingSteps, suspensionOf } from '../../../core/plan/suspended.ts';
import { fieldPlace } from '../field-place.ts';
import { removeFieldOf } from '../fixes-fields.ts';
import { deletePhasesOf, syncPhasesOf } from '../hook-facts.ts';
import type { Rule } from '../model.ts';

/** Hooks that do not start. Source: sync_task.go `operationState` from health Suspended; controller/hook.go `executeHooks`. */
export const suspendedHook: Rule = {
  id: 'suspended-hook',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A hook is suspended or paused.',
  docs: `A suspended Job or Workflow, and a paused Rollout or Deployment, does not go on by itself, and Argo CD waits for it
until somebody resumes it or terminates the sync. So does a Workflow with a template that suspends it without a
duration. (A hook of a deletion that is suspended counts as done: it never
runs.) Remove the field. A Job of a queue (label \`kueue.x-k8s.io/queue-name\`) is left alone: the queue resumes it.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  suspend: true
  parallelism: 1
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  parallelism: 1
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const suspension = suspensionOf(manifest.object);
    const inSync = syncPhasesOf(manifest, facts).length > 0;
    if (!suspension) {
      const [step] = inSync ? suspendingSteps(manifest.object) : [];
      if (step === undefined) return [];
      return [
        {
          level: 'warning',
          span: fieldPlace(manifest, document, 'suspend'),
          message: `${facts.label} stops at its template ${step}, which suspends it without a duration: the sync waits until somebody resumes it or terminates the sync. Give suspend a duration, or take the step out.`,
        },
      ];
    }
    if (!inSync && deletePhasesOf(manifest, facts).length === 0) return [];
    const { state, field } = suspension;
    const consequence = inSync
      ? 'the sync waits for it until somebody resumes it or terminates the sync'
      : 'the deletion takes it for done, and it never runs';
    return [
      {
        level: 'warning',
        span: fieldPlace(manifest, document, field),
        message: `${facts.label} is ${state}: ${consequence}. Remove spec.${field}.`,
        fixes: () => [removeFieldOf({ document, manifest }, ['spec', field], `Remove ${field}`)],
      },
    ];
  },
};
