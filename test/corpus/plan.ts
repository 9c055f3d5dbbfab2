import { generateNameOf, nameOf } from '#core/object';
import { planApplication } from '#core/plan/plan';
import type { Case } from './case.ts';

/**
 * Tasks of the plan that we draw without a cluster beside those that Argo CD recorded in the first pass, prunes and the
 * created namespace left out, as `Phase wave group/Kind/name` in their order. Undefined where a plan cannot know: hooks
 * that are named when a sync starts, and operations that leave manifests out, also because of whose live object it is.
 */
export function planBesideRecording(recorded: Case): { plan: string[]; recording: string[] } | undefined {
  const { options, passes, targets, namespace, id } = recorded;
  const first = passes[0];
  const nameless = targets.some((target) => nameOf(target) === '' || generateNameOf(target) !== '');
  if (
    !first ||
    nameless ||
    options.skipHooks ||
    options.selected ||
    options.createNamespace ||
    options.notSelfReferenced
  )
    return undefined;
  const plan = planApplication({
    name: id,
    source: { kind: 'directory', path: '.', reason: '' },
    namespace,
    objects: (first.targets ?? targets).map((object) => ({ object })),
  });
  const phases = [...plan.plans.sync.phases, ...plan.plans.syncFail.phases];
  return {
    plan: phases.flatMap(({ phase, waves }) =>
      waves.flatMap(({ wave, batches }) =>
        batches.flatMap(({ tasks }) =>
          tasks.map(({ group, kind, name }) => `${phase} ${wave} ${group}/${kind}/${name}`),
        ),
      ),
    ),
    recording: (first.tasks ?? [])
      .filter(({ target }) => target)
      .map(({ phase, wave, group = '', kind = '', name = '' }) => `${phase} ${wave} ${group}/${kind}/${name}`),
  };
}
