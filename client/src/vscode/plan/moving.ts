import type { PlanPhaseName } from '#core/plan/model';
import { taskName } from '#core/plan/query';
import { counted } from '#core/plan/words';
import type { ApplicationRef, ManifestPlace } from '#protocol';
import { applicationId, type PlanNode } from './node.ts';

/** Manifests of one application that are to go to another wave. */
export interface Moving {
  readonly application: ApplicationRef;
  readonly places: readonly ManifestPlace[];
  readonly phases: ReadonlySet<PlanPhaseName>;
  /** Where they are now, if that is one wave. */
  readonly from: number | undefined;
  /** `Job migrate`, or `3 manifests`. */
  readonly label: string;
}

/** What rows stand for that may be moved. Rejects, in words, where that is nothing, or not of one application. */
export function movingOf(nodes: readonly PlanNode[]): Moving {
  const tasks = nodes.flatMap(({ spot, place, application }) =>
    spot?.task && place ? [{ ...spot, task: spot.task, place, application }] : [],
  );
  const [first] = tasks;
  if (!first) {
    throw new Error(
      nodes.some(({ spot }) => spot?.task !== undefined)
        ? 'No file holds this manifest: a sync makes it, so that it has no annotation to change.'
        : 'Select what is to be moved: the rows of manifests, below a phase.',
    );
  }
  const { application } = first;
  if (tasks.some((task) => applicationId(task.application) !== applicationId(application)))
    throw new Error('These manifests are of several applications. Move those of one application at a time.');
  const waves = new Set(tasks.map(({ wave }) => wave));
  const label = `${first.task.kind} ${taskName(first.task)}`;
  return {
    application,
    places: tasks.map(({ place: { file, line } }) => ({ file, line })),
    phases: new Set(tasks.map(({ phase }) => phase)),
    from: waves.size === 1 ? first.wave : undefined,
    label: tasks.length === 1 ? label : counted(tasks.length, 'manifest'),
  };
}
