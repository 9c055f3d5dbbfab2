import type { KubeObject } from '../../object.ts';
import { at, listAt, textAt } from '../../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { given } from './script.ts';

/**
 * One that is suspended, or runs, is healthy: what its last run was cannot be known.
 * Source: resource_customizations/batch/CronJob/health.lua.
 */
export function cronJobHealth(object: KubeObject): Health {
  if (at(object, 'spec', 'suspend') === true) return healthy('CronJob is Suspended');
  if (!given(object, 'status')) return progressing('Waiting for CronJob');
  if (!given(object, 'status', 'lastScheduleTime')) return healthy('CronJob has not been scheduled yet');
  if (!given(object, 'status', 'lastSuccessfulTime'))
    return healthy('The CronJob never completed successfully. It may not be healthy');
  if (listAt(object, 'status', 'active').length > 0)
    return healthy('The job is running. Its last execution may not have been successful');
  return textAt(object, 'status', 'lastSuccessfulTime') < textAt(object, 'status', 'lastScheduleTime')
    ? degraded('CronJob has not completed its last execution successfully')
    : healthy('CronJob has completed its last execution successfully');
}
