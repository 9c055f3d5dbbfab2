import { isObject, type Json, type JsonObject } from '../core/object.ts';
import { readValue } from '../manifest/read-value.ts';
import { setKey } from '../core/json.ts';
import { fillText, type Parameters, type TemplateMode } from './set-template.ts';

/** An Application after a patch; or why what comes out is not known here, as a clause. */
export type Patched = { readonly value: Json } | { readonly why: string };

/**
 * Applies the `templatePatch` of an ApplicationSet to an Application that comes from its template.
 * Source: applicationset/controllers/template/template.go `renderTemplatePatch`, patch.go `applyTemplatePatch`.
 */
export function applyTemplatePatch(
  application: Json,
  patch: string,
  parameters: Parameters,
  mode: TemplateMode,
): Patched {
  const filled = fillText(patch, parameters, mode);
  if (filled.left.length > 0) return { why: filled.left.slice(0, 2).join(', ') };
  const reading = readValue(filled.value);
  if ('error' in reading) return { why: `what comes out of it is no YAML (${reading.error})` };
  const { value } = reading;
  if (value === null) return { value: application };
  if (!isObject(value) || !isObject(application)) return { why: 'what comes out of it is no mapping' };
  const why = refusal(value, application);
  return why === undefined ? { value: withProjectOf(application, merged(application, value)) } : { why };
}

/** What a strategic merge does not do here, or Kubernetes' own refuses. */
function refusal(patch: JsonObject, target: JsonObject, raw = false): string | undefined {
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) return `it holds ${key}, which is not known here`;
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (raw && isComposed(value) && isComposed(before) && isObject(value) === isObject(before))
      return `both it and the template have ${key} in valuesObject, which Argo CD cannot merge`;
    if (!isObject(value)) continue;
    const found = refusal(value, isObject(before) ? before : {}, key === 'valuesObject');
    if (found !== undefined) return found;
  }
  return undefined;
}

const isComposed = (value: Json | undefined): boolean => typeof value === 'object' && value !== null;

/** No list of an Application is merged item by item: it is replaced. Source: apis/application/v1alpha1/types.go, `patchStrategy`. */
function merged(target: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    if (value === null) delete result[key];
    else setKey(result, key, isObject(value) && isObject(before) ? merged(before, value) : value);
  }
  return result;
}

/** A patch does not move an Application into another project. */
function withProjectOf(before: JsonObject, after: JsonObject): JsonObject {
  const [spec, patched] = [before['spec'], after['spec']];
  if (!isObject(patched)) return after;
  const project = isObject(spec) ? spec['project'] : undefined;
  const own = Object.entries(patched).filter(([key]) => key !== 'project');
  return { ...after, spec: Object.fromEntries(project === undefined ? own : [...own, ['project', project]]) };
}
