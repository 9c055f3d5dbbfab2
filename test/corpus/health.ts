import { healthOf, type HealthOverride } from '#core/health/health';
import type { HealthResult } from '#core/health/model';
import { groupOf, isObject, type Json, type KubeObject } from '#core/object';

const field = (object: Json | undefined, key: string): string => {
  const value = isObject(object) ? object[key] : undefined;
  return typeof value === 'string' ? value : '';
};

/** The override of the recording, which stands for the Lua checks: objects of `health.example.com` tell their health. */
export const recordedOverride: HealthOverride = (object) => {
  if (groupOf(object) !== 'health.example.com') return undefined;
  const status = object['status'];
  const health = field(status, 'health');
  const message = field(status, 'message');
  if (health === '') return undefined;
  if (health === 'Error') return { error: message };
  if (health === 'Empty') return { status: '', message: '', deletionMessage: '' };
  return { status: health, message, deletionMessage: field(status, 'deletionMessage') };
};

/** Health as it was recorded: the Go checks, none of the built-in Lua checks, and the override. */
export const recordedHealth = (object: KubeObject): HealthResult =>
  healthOf(object, { lua: false, override: recordedOverride });
