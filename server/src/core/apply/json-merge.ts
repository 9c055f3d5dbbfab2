import { equal } from '../json.ts';
import { isObject, type Json, type JsonObject } from '../object.ts';
import { withoutNulls } from './last-applied.ts';
import { own, PatchError, valueKind, type ThreeWays } from './patch.ts';

/**
 * The JSON merge patch by which an apply changes an object whose lists nobody knows how to merge (custom resources):
 * what the manifest says otherwise than the live object, and null for what it said before and says no more.
 * @returns an empty object where there is nothing to do
 * @throws PatchError where the patch would change what the object is
 * Source: k8s.io/apimachinery/pkg/util/jsonmergepatch `CreateThreeWayJSONMergePatch`, k8s.io/kubectl/pkg/cmd/apply/patcher.go
 * `buildMergePatch`.
 */
export function jsonMergePatch({ original, modified, current }: ThreeWays): JsonObject {
  const changes = valuesOf(difference(current, modified));
  const removals = nullsOf(difference(original, modified));
  const patch = joined(removals, changes);
  const { metadata } = patch;
  if ('apiVersion' in patch || 'kind' in patch || (isObject(metadata) && 'name' in metadata))
    throw new PatchError('At least one of apiVersion, kind and name was changed');
  return patch;
}

/** The merge patch that leads from one object to another. Lists are values. */
function difference(from: JsonObject, to: JsonObject): JsonObject {
  const patch: [string, Json][] = [];
  for (const [key, wanted] of Object.entries(to)) {
    const given = own(from, key);
    if (given === undefined || valueKind(given) !== valueKind(wanted)) patch.push([key, wanted]);
    else if (isObject(given) && isObject(wanted)) {
      const inner = difference(given, wanted);
      if (Object.keys(inner).length > 0) patch.push([key, inner]);
    } else if (!equal(given, wanted)) patch.push([key, wanted]);
  }
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch.push([key, null]);
  return Object.fromEntries(patch);
}

/** What a patch sets: all but its nulls, and the maps that hold nothing else. A map that is empty itself is a value. */
function valuesOf(patch: JsonObject): JsonObject {
  const kept: [string, Json][] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) continue;
    if (!isObject(value) || Object.keys(value).length === 0) kept.push([key, value]);
    else {
      const inner = valuesOf(value);
      if (Object.keys(inner).length > 0) kept.push([key, inner]);
    }
  }
  return Object.fromEntries(kept);
}

/** What a patch takes away: its nulls alone. */
function nullsOf(patch: JsonObject): JsonObject {
  const kept: [string, Json][] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) kept.push([key, null]);
    if (!isObject(value)) continue;
    const inner = nullsOf(value);
    if (Object.keys(inner).length > 0) kept.push([key, inner]);
  }
  return Object.fromEntries(kept);
}

function joined(removals: JsonObject, changes: JsonObject): JsonObject {
  const result = new Map(Object.entries(removals));
  for (const [key, value] of Object.entries(changes)) {
    const given = result.get(key);
    result.set(key, isObject(given) && isObject(value) ? joined(given, value) : withoutNulls(value));
  }
  return Object.fromEntries(result);
}
