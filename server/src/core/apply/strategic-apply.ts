import { equal, setKey } from '../json.ts';
import { isObject, type Json, type JsonObject } from '../object.ts';
import {
  DIRECTIVE,
  ORDER,
  own,
  PatchError,
  REMOVED_VALUES,
  RETAIN_KEYS,
  strategyOf,
  unknownField,
  valueKind,
  type PatchField,
  type PatchSchema,
} from './patch.ts';
import { keyOfItem } from './strategic-lists.ts';

/**
 * What the API server makes of an object that a strategic merge patch changes: the counterpart of `strategicMergePatch`.
 * @throws PatchError where the patch does not have the shape that the type asks for
 * Source: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go `StrategicMergeMapPatchUsingLookupPatchMeta`, `mergeMap`.
 */
export function applyStrategicPatch(object: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  const directive = own(patch, DIRECTIVE);
  if (directive === 'replace') return plainMembers(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge')
    throw new PatchError(`unknown patch type found: ${JSON.stringify(directive)}`);
  const retained = own(patch, RETAIN_KEYS);
  const result = new Map(Object.entries(object).filter(([key]) => !Array.isArray(retained) || retained.includes(key)));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(REMOVED_VALUES)) removeValues(result, key.slice(REMOVED_VALUES.length), value);
    else if (!key.startsWith('$')) setMember(result, key, value, patch, schema);
  }
  for (const [key, order] of Object.entries(patch))
    if (key.startsWith(ORDER)) sortMember(result, key.slice(ORDER.length), order, object, schema);
  return fromEntries(result);
}

const fromEntries = (entries: Iterable<readonly [string, Json]>): JsonObject => {
  const object: JsonObject = {};
  for (const [key, value] of entries) setKey(object, key, value);
  return object;
};

/** What a patch says that is taken as it is: no directive is left in it, and no null. */
function plainValue(value: Json): Json {
  if (Array.isArray(value)) return withoutDirectives(value);
  return isObject(value) ? plainMembers(value) : value;
}

const plainMembers = (patch: JsonObject): JsonObject =>
  fromEntries(
    Object.entries(patch)
      .filter(([key, value]) => !key.startsWith('$') && value !== null)
      .map(([key, value]) => [key, plainValue(value)] as const),
  );

const withoutDirectives = (items: readonly Json[]): Json[] =>
  items.filter((item) => !isObject(item) || !Object.hasOwn(item, DIRECTIVE)).map(plainValue);

function removeValues(result: Map<string, Json>, key: string, gone: Json): void {
  const given = result.get(key);
  if (!Array.isArray(given) || !Array.isArray(gone)) return;
  result.set(
    key,
    given.filter((item) => !gone.some((other) => equal(item, other))),
  );
}

function setMember(result: Map<string, Json>, key: string, value: Json, patch: JsonObject, schema: PatchSchema): void {
  const given = result.get(key);
  if (value === null) result.delete(key);
  else if (given === undefined || valueKind(given) !== valueKind(value)) {
    result.set(key, plainValue(value));
  } else if (isObject(given) && isObject(value)) {
    const field = fieldOf(schema, key);
    const replaced = strategyOf(field).strategy === 'replace';
    result.set(key, replaced ? plainMembers(value) : applyStrategicPatch(given, value, field.schema));
  } else if (Array.isArray(given) && Array.isArray(value)) {
    const field = fieldOf(schema, key);
    const merged = strategyOf(field).strategy === 'merge' ? mergeLists(given, value, field) : withoutDirectives(value);
    // Where the patch says an order, that one counts.
    const sorted = strategyOf(field).strategy === 'merge' && own(patch, ORDER + key) === undefined;
    result.set(key, sorted ? inPlace(merged, value, given, field.mergeKey) : merged);
  } else result.set(key, value);
}

function fieldOf(schema: PatchSchema, key: string): PatchField {
  const field = schema.field(key);
  if (!field) throw unknownField(schema, key);
  return field;
}

/** Source: patch.go `mergeSlice`, without the order of what comes out. */
function mergeLists(given: readonly Json[], patch: readonly Json[], { mergeKey, schema }: PatchField): Json[] {
  if (mergeKey === '') return [...given, ...patch.filter((item) => !given.some((other) => equal(item, other)))];
  const changes = patch.filter(isObject);
  if (changes.some((item) => item[DIRECTIVE] === 'replace')) return withoutDirectives(patch);
  const gone = changes.filter((item) => item[DIRECTIVE] === 'delete').map((item) => keyOfItem(item, mergeKey));
  const items = given.filter(isObject).filter((item) => !gone.includes(keyOfItem(item, mergeKey)));
  for (const change of changes) {
    if (Object.hasOwn(change, DIRECTIVE)) continue;
    const key = keyOfItem(change, mergeKey);
    const index = items.findIndex((item) => keyOfItem(item, mergeKey) === key);
    const item = items[index];
    if (item) items[index] = applyStrategicPatch(item, change, schema);
    else items.push(plainMembers(change));
  }
  return items;
}

function sortMember(
  result: Map<string, Json>,
  key: string,
  order: Json,
  object: JsonObject,
  schema: PatchSchema,
): void {
  const merged = result.get(key);
  const before = own(object, key);
  if (!Array.isArray(merged) || !Array.isArray(order)) return;
  result.set(key, inPlace(merged, order, Array.isArray(before) ? before : [], fieldOf(schema, key).mergeKey));
}

/**
 * The items in the order that is said; those that nobody says stand where they stood before, as far as that can be.
 * Source: patch.go `normalizeElementOrder`, `mergeSortedSlice`.
 */
function inPlace(items: readonly Json[], order: readonly Json[], before: readonly Json[], mergeKey: string): Json[] {
  const keyOf = (item: Json): Json => (mergeKey !== '' && isObject(item) ? (own(item, mergeKey) ?? null) : item);
  const places = (list: readonly Json[]): Map<Json, number> => {
    const found = new Map<Json, number>();
    for (const [place, item] of list.entries()) if (!found.has(keyOf(item))) found.set(keyOf(item), place);
    return found;
  };
  const [said, stood] = [places(order), places(before)];
  const sorted = (list: Json[], by: ReadonlyMap<Json, number>): Json[] =>
    list.sort((a, b) => (by.get(keyOf(a)) ?? Infinity) - (by.get(keyOf(b)) ?? Infinity) || 0);
  const ours = sorted(
    items.filter((item) => said.has(keyOf(item))),
    said,
  );
  const others = sorted(
    items.filter((item) => !said.has(keyOf(item))),
    stood,
  );
  const result: Json[] = [];
  for (let i = 0, j = 0; i < others.length || j < ours.length;) {
    const [other, our] = [others[i], ours[j]];
    const [left, right] = [
      other === undefined ? undefined : stood.get(keyOf(other)),
      our === undefined ? undefined : stood.get(keyOf(our)),
    ];
    const first =
      our === undefined || (other !== undefined && left !== undefined && right !== undefined && left < right);
    const next = first ? other : our;
    if (next !== undefined) result.push(next);
    if (first) i++;
    else j++;
  }
  return result;
}
