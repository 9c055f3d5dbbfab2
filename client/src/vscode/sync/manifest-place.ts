import type { ApplicationPlan } from '#core/plan/model';
import { tasksOf } from '#core/plan/query';
import type { NodePlace } from '../plan/node.ts';
import { findRun } from '../plan/run-marks.ts';
import type { TaskRun } from './run-state.ts';

/**
 * Where the manifest of a task of a run stands, as the plan knows it now; undefined where no manifest has it any more.
 * @param folder URI of the workspace folder of the application
 */
export function manifestPlace(plan: ApplicationPlan, folder: string, ran: TaskRun): NodePlace | undefined {
  const run = { tasks: new Map([['', ran]]) };
  const { sync, syncFail, delete: deletion } = plan.plans;
  for (const { phase, waves } of [...sync.phases, ...syncFail.phases, ...deletion.phases])
    for (const task of waves.flatMap(tasksOf))
      if (task.file !== undefined && findRun(run, phase, task, plan.namespace))
        return { folder, file: task.file, line: task.line ?? 1 };
  return undefined;
}
