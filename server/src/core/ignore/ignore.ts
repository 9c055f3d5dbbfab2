import { listAt, objectAt, textAt } from '../fields.ts';
import { objectIdOf, type KubeObject, type ObjectId } from '../object.ts';
import { jqPaths, type Locate } from './jq.ts';
import { counterpart, managedPaths, pointed, valueAt, withLiveValues, withoutPaths, type Path } from './paths.ts';
import { concerns, type IgnoreRule } from './rules.ts';

/** What counts for nothing where one object is compared with its manifest. */
export interface Ignored {
  /** Which fields a manager owns decides: the live object has to be whole, with all of its managedFields. */
  readonly needsManagers: boolean;
  /** Both objects without what is ignored. */
  without(live: KubeObject, other: KubeObject): readonly [live: KubeObject, other: KubeObject];
  /**
   * The target as RespectIgnoreDifferences=true has it applied: what is ignored is as it is in the live object.
   * Source: controller/sync.go `normalizeTargetResources`.
   */
  keeping(target: KubeObject, live: KubeObject): KubeObject;
}

interface Compiled {
  readonly rule: IgnoreRule;
  readonly locate: readonly Locate[];
}

/** The rules of an Application's `ignoreDifferences`, ready to be asked. */
export class IgnoreDifferences {
  readonly #rules: readonly Compiled[];
  /** Expressions that are not understood here, as they are written: what they ignore is compared. */
  readonly notUnderstood: readonly string[];

  constructor(rules: readonly IgnoreRule[]) {
    const failed = new Set<string>();
    this.#rules = rules.map((rule) => ({
      rule,
      locate: [
        ...rule.jsonPointers.map((pointer): Locate => (object) => {
          const path = pointed(object, pointer);
          return path ? [path] : [];
        }),
        ...rule.jqPathExpressions.flatMap((expression) => {
          const locate = jqPaths(expression);
          if (locate === undefined) failed.add(expression);
          return locate ?? [];
        }),
      ],
    }));
    this.notUnderstood = [...failed];
  }

  /** What is ignored of an object; undefined: nothing. */
  of(id: ObjectId): Ignored | undefined {
    const rules = this.#rules.filter(({ rule }) => concerns(rule, id));
    if (rules.length === 0) return undefined;
    const locates = rules.flatMap(({ locate }) => locate);
    const managers = new Set(rules.flatMap(({ rule }) => rule.managedFieldsManagers));
    const pathsIn = (object: KubeObject, live: KubeObject): Path[] => [
      ...locates.flatMap((locate) => locate(object)),
      ...managedFields(live, managers).flatMap((fields) => managedPaths(fields, object)),
    ];
    return {
      needsManagers: managers.size > 0,
      without: (live, other) => [withoutPaths(live, pathsIn(live, live)), withoutPaths(other, pathsIn(other, live))],
      keeping: (target, live) => {
        const kept = withLiveValues(target, live, pathsIn(live, live).filter(isFree));
        const gone = pathsIn(target, live).filter((path) => isFree(path) && !isIn(live, target, path));
        return withoutPaths(kept, gone);
      },
    };
  }

  /** What is ignored of an object, by its own identity. */
  ofObject(object: KubeObject): Ignored | undefined {
    return this.of(objectIdOf(object));
  }
}

/** Source: util/argo/managedfields/managed_fields.go `Normalize`. */
const managedFields = (live: KubeObject, managers: ReadonlySet<string>) =>
  listAt(live, 'metadata', 'managedFields')
    .filter((entry) => managers.has(textAt(entry, 'manager')))
    .map((entry) => objectAt(entry, 'fieldsV1'));

const OWN_METADATA = new Set(['annotations', 'labels', 'finalizers', 'ownerReferences']);

/** May a target take it from the live object? Never what the object is, what the server writes, or its status. */
function isFree([first, second]: Path): boolean {
  if (first === 'metadata') return typeof second === 'string' && OWN_METADATA.has(second);
  return first !== undefined && first !== 'apiVersion' && first !== 'kind' && first !== 'status';
}

function isIn(live: KubeObject, target: KubeObject, path: Path): boolean {
  const there = counterpart(target, live, path);
  return there !== undefined && valueAt(live, there) !== undefined;
}
