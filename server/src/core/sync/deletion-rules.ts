import { SYNC_OPTIONS } from '../annotations/keys.ts';
import { listOf, optionValue } from '../annotations/parse.ts';
import { isDefinition } from '../plan/order.ts';
import type { KubeObject } from '../object.ts';

const RESOURCE_POLICY = 'helm.sh/resource-policy';

/** The `Delete` option that holds for an object: its own, else the application's. */
const deleteOption = (object: KubeObject, byDefault: string | null): string | null =>
  optionValue(listOf(object, SYNC_OPTIONS), 'Delete') ?? byDefault;

/**
 * Why the deletion of an application leaves an object alone; undefined: it is deleted.
 * Source: controller/appcontroller.go `shouldBeDeleted`.
 */
export function whyKept(object: KubeObject, byDefault: string | null): string | undefined {
  if (isDefinition(object)) return 'kept (definitions of kinds are never deleted with an application)';
  if (deleteOption(object, byDefault) === 'false') return 'kept (Delete=false)';
  if (listOf(object, RESOURCE_POLICY).includes('keep')) return 'kept (helm.sh/resource-policy: keep)';
  return undefined;
}

/** Its deletion waits until a person has agreed to it. */
export const wantsConfirmation = (object: KubeObject, byDefault: string | null): boolean =>
  deleteOption(object, byDefault) === 'confirm';
