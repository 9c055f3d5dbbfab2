import type { KubeObject } from '../../object.ts';
import { at, listAt, textAt } from '../../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

/** Source: resource_customizations/batch/CronJob/health.lua. */
export function cronJobHealth(object: KubeObject): Health {
  if (at(object, 'spec', 'suspend') === true) return healthy('CronJob is suspended');
  if (at(object, 'status') === undefined) return progressing('Waiting for CronJob');
  const scheduled = textAt(object, 'status', 'lastScheduleTime');
  const succeeded = textAt(object, 'status', 'lastSuccessfulTime');
  if (scheduled === '') return healthy('CronJob has not been scheduled yet');
  if (succeeded === '') return healthy('CronJob has never completed successfully; it may not be healthy');
  if (listAt(object, 'status', 'active').length > 0)
    return healthy('CronJob is running; its last execution may not have been successful');
  return succeeded < scheduled
    ? degraded('CronJob has not completed its last execution successfully')
    : healthy('CronJob has completed its last execution successfully');
}
