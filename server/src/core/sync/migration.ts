import { isObject, metadataOf, resourceVersionOf, type Json, type JsonObject, type KubeObject } from '../object.ts';
import type { Exchange } from './exchange.ts';
import { ATTEMPTS, Failure, getLive, send } from './requests.ts';
import type { PassState } from './state.ts';
import type { SyncTask } from './task.ts';

/** The object's managed fields; what is no entry is left out. */
function managedFieldsOf(object: KubeObject): JsonObject[] {
  const entries = metadataOf(object)['managedFields'];
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

const isUpdateBy = (entry: JsonObject, manager: string): boolean =>
  entry['manager'] === manager && entry['operation'] === 'Update';
const ofWholeObject = (entry: JsonObject): boolean => (entry['subresource'] ?? '') === '';

/** Does a manager of client-side applies still own fields? Source: sync_context.go `needsClientSideApplyMigration`. */
const needsMigration = (object: KubeObject, manager: string): boolean =>
  manager !== '' && managedFieldsOf(object).some((entry) => isUpdateBy(entry, manager));

/**
 * Before a server-side apply, hands the fields that client-side applies own over to the manager of server-side apply,
 * again after a conflict. Gives the message of a failure. Source: sync_context.go `performCSAUpgradeMigration`.
 */
export function* migrate(state: PassState, task: SyncTask): Exchange<string | undefined> {
  const { clientSideApplyMigrationManager: from, serverSideApplyManager: to } = state.options;
  if (!task.live || !needsMigration(task.live.object, from)) return undefined;
  let failure: Failure | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    failure = yield* migrateOnce(state, task, from, to);
    if (!failure?.conflict) break;
  }
  const key = `{${task.group} ${task.kind} ${task.namespace} ${task.name}}`;
  return failure && `Failed to perform client-side apply migration for ${key}: ${failure.error}`;
}

function* migrateOnce(state: PassState, task: SyncTask, from: string, to: string): Exchange<Failure | undefined> {
  const fresh = yield* getLive(state, task);
  if (fresh instanceof Failure) return fresh;
  const fields = managedFieldsOf(fresh);
  const moved = moveOwnership(fields, from, to);
  if (moved === fields) return undefined;
  const patch = [
    { op: 'replace', path: '/metadata/managedFields', value: moved },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersionOf(fresh) },
  ];
  const response = yield* send(state, task, { verb: 'patch-managed-fields', object: fresh, patch });
  return response instanceof Failure ? response : undefined;
}

/**
 * The entries with all that `from` owns by updates given to the apply entry of `to`, which takes the place of the
 * first of `from` where there is none; the same list where nothing moves.
 * Source: k8s.io/client-go/util/csaupgrade `UpgradeManagedFields`.
 */
export function moveOwnership(entries: readonly JsonObject[], from: string, to: string): readonly JsonObject[] {
  const isOld = (entry: JsonObject): boolean => isUpdateBy(entry, from) && ofWholeObject(entry);
  const applied = entries.findIndex(
    (entry) => entry['manager'] === to && entry['operation'] === 'Apply' && ofWholeObject(entry),
  );
  const at = applied >= 0 ? applied : entries.findIndex(isOld);
  const heir = entries[at];
  if (!heir || !entries.some(isOld)) return entries;
  const apiVersion = heir['apiVersion'] ?? '';
  const giver = entries.find((entry) => isOld(entry) && (entry['apiVersion'] ?? '') === apiVersion);
  const fieldsV1 = giver ? union(heir['fieldsV1'] ?? {}, giver['fieldsV1'] ?? {}) : (heir['fieldsV1'] ?? {});
  return entries
    .map((entry, i) => (i === at ? { ...heir, manager: to, operation: 'Apply', fieldsV1 } : entry))
    .filter((entry, i) => i === at || !isOld(entry));
}

const OWN = '.';

/** Union of two field sets; `{}` is a field itself, `.` says so of one that has members too. */
export function union(a: Json, b: Json): Json {
  if (!isObject(a) || !isObject(b)) return isObject(a) ? a : b;
  const result: JsonObject = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const own = Object.hasOwn(result, key) ? result[key] : undefined;
    result[key] = own === undefined ? value : union(asNode(own, value), asNode(value, own));
  }
  return result;
}

const isLeaf = (value: Json): boolean => isObject(value) && Object.keys(value).length === 0;
const asNode = (value: Json, other: Json): Json => (isLeaf(value) && !isLeaf(other) ? { [OWN]: {} } : value);
