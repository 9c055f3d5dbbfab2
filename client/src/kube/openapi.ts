import type { PatchField, PatchSchema } from '#core/apply/patch';
import { BUILTIN_KINDS } from '#core/builtin-kinds';
import { objectAt } from '#core/fields';
import { isObject, type Json, type JsonObject } from '#core/object';
import { at, objectsOf, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import { ApiError } from '../sync/api-error.ts';
import type { Mapping, Schemas } from '../sync/kubectl/requests.ts';
import type { ApiClient } from './request.ts';

const STRATEGIC = 'application/strategic-merge-patch+json';
const REFERENCE = '#/components/schemas/';

/** How the kinds of one group and version are merged, by kind; kinds that take no strategic merge patch are absent. */
type Known = ReadonlyMap<string, PatchSchema>;

/**
 * How the API server merges objects: one OpenAPI document for each group and version, fetched when it is first needed and
 * kept as long as the connection, cut down to merge keys and strategies.
 */
export class MergeSchemas implements Schemas {
  readonly #client: ApiClient;
  #index: Promise<JsonObject> | undefined;
  readonly #schemas = new Map<string, Promise<Known>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /**
   * How a kind is merged; undefined where it takes no strategic merge patch, as custom resources.
   * Source: k8s.io/kubectl/pkg/cmd/apply/patcher.go `gvkSupportsPatchOpenAPIV3`, `buildStrategicMergePatchFromOpenAPIV3`.
   * @throws ApiError where the server does not tell it of a kind of its own
   */
  async of(mapping: Mapping, signal: Signal): Promise<PatchSchema | undefined> {
    const { group, version, kind } = mapping;
    const name = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    let why: ApiError | undefined;
    try {
      const schema = (await this.#known(name, mapping, signal)).get(kind);
      if (schema) return schema;
    } catch (error) {
      this.#forget(name);
      if (!(error instanceof ApiError)) throw error;
      why = error;
    }
    if (!isBuiltin(mapping)) return undefined;
    this.#forget(name);
    const detail = why ? `: ${why.message}` : '';
    const message = `the API server does not tell how changes of ${kind} are merged (OpenAPI of ${name}${detail}). Nothing was changed; try again, or have it applied with ServerSideApply=true`;
    throw new ApiError(why?.code ?? 404, { message, ...(why ? { reason: why.reason } : {}) }, false);
  }

  #known(name: string, mapping: Mapping, signal: Signal): Promise<Known> {
    let schemas = this.#schemas.get(name);
    if (schemas === undefined) {
      schemas = this.#fetch(name, mapping, signal);
      this.#schemas.set(name, schemas);
    }
    return schemas;
  }

  async #fetch(name: string, mapping: Mapping, signal: Signal): Promise<Known> {
    this.#index ??= this.#client.request({ method: 'GET', path: '/openapi/v3' }, signal);
    const path = textOf(at(await this.#index, 'paths', name, 'serverRelativeURL'));
    if (path === '') return new Map();
    return schemasIn(await this.#client.request({ method: 'GET', path }, signal), mapping);
  }

  /** What failed is asked for anew the next time. */
  #forget(name: string): void {
    this.#schemas.delete(name);
    this.#index = undefined;
  }
}

const isBuiltin = ({ group, version, kind }: Mapping): boolean =>
  BUILTIN_KINDS.some((known) => known.kind === kind && known.group === group && known.version === version);

/** The kinds of a document's group and version that take strategic merge patches, and how their fields are merged. */
export function schemasIn(document: JsonObject, { group, version }: { group: string; version: string }): Known {
  const isOurs = (gvk: Json | undefined): gvk is JsonObject =>
    isObject(gvk) && textOf(gvk['group']) === group && gvk['version'] === version;
  const patched = new Set<string>();
  for (const item of Object.values(objectAt(document, 'paths'))) {
    const gvk = at(item, 'patch', 'x-kubernetes-group-version-kind');
    if (isOurs(gvk) && at(item, 'patch', 'requestBody', 'content', STRATEGIC) !== undefined)
      patched.add(textOf(gvk['kind']));
  }
  const types = new Map<string, PatchSchema>();
  const schemas = new Map<string, PatchSchema>();
  for (const [name, schema] of Object.entries(objectAt(document, 'components', 'schemas'))) {
    const type = typeOf(name, schema, types);
    types.set(name, type);
    for (const gvk of objectsOf(at(schema, 'x-kubernetes-group-version-kind'))) {
      const kind = textOf(gvk['kind']);
      if (isOurs(gvk) && patched.has(kind)) schemas.set(kind, type);
    }
  }
  return schemas;
}

interface Field {
  readonly mergeKey: string;
  readonly strategies: readonly string[];
  /** Name of the type of the value, or of the items of a list; empty where it has none. */
  readonly type: string;
}

function typeOf(name: string, schema: Json, types: ReadonlyMap<string, PatchSchema>): PatchSchema {
  const fields = new Map<string, Field>();
  for (const [key, property] of Object.entries(objectAt(schema, 'properties'))) {
    const strategy = textOf(at(property, 'x-kubernetes-patch-strategy'));
    fields.set(key, {
      mergeKey: textOf(at(property, 'x-kubernetes-patch-merge-key')),
      strategies: strategy === '' ? [] : strategy.split(','),
      type: referenceIn(at(property, 'items') ?? property),
    });
  }
  return {
    name: name.slice(name.lastIndexOf('.') + 1),
    field: (key): PatchField | undefined => {
      const field = fields.get(key);
      return field && { ...field, schema: types.get(field.type) ?? NO_TYPE };
    },
  };
}

/** The schema that a property refers to: by itself, or as the first part of a sum. */
function referenceIn(property: Json | undefined): string {
  const [part] = objectsOf(at(property, 'allOf'));
  const reference = textOf(at(part ?? property, '$ref'));
  return reference.startsWith(REFERENCE) ? reference.slice(REFERENCE.length) : '';
}

/** A value whose type has no fields that are known: texts by key, quantities, anything. */
const NO_TYPE: PatchSchema = { name: 'map', field: () => undefined };
