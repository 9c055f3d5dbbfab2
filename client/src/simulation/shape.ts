import { at, listAt, objectAt, textAt } from '#core/fields';
import { writeJson } from '#core/json';
import { podSpecOf } from '#core/plan/references';
import { groupOf, isObject, kindOf, type JsonObject, type KubeObject } from '#core/object';
import { numberOf, textOf } from '../sync/json.ts';
import { invalidValue, type Cause } from './causes.ts';

/** Limit of all annotations together, keys and values; a plain apply keeps the whole manifest in one. */
const ANNOTATION_LIMIT = 262_144;

/** Kinds whose selector has to fit the labels of their template. */
const SELECTING = new Set(['apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet', 'apps/DaemonSet']);

/**
 * What every API server refuses of an object whatever is there, in its words: what an order of syncs depends on. The rest
 * of the schema is left to the server.
 */
export function shapeCauses(object: KubeObject): Cause[] {
  const kind = `${groupOf(object)}/${kindOf(object)}`;
  const causes = annotationCauses(object);
  if (SELECTING.has(kind)) causes.push(...selectorCauses(object));
  if (kind === '/Service') causes.push(...portCauses(object));
  causes.push(...podCauses(object, kind));
  return causes;
}

function annotationCauses(object: KubeObject): Cause[] {
  const entries = Object.entries(objectAt(object, 'metadata', 'annotations'));
  const size = entries.reduce((sum, [key, value]) => sum + key.length + textOf(value).length, 0);
  return size > ANNOTATION_LIMIT
    ? [`metadata.annotations: Too long: may not be more than ${ANNOTATION_LIMIT} bytes`]
    : [];
}

function selectorCauses(object: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const labels = at(object, 'spec', 'selector', 'matchLabels');
  const own = at(object, 'spec', 'template', 'metadata', 'labels');
  const given = at(object, 'spec', 'selector') !== undefined;
  if (!given) causes.push('spec.selector: Required value');
  const fits =
    given && (!isObject(labels) || Object.entries(labels).every(([key, value]) => isObject(own) && own[key] === value));
  if (!fits)
    causes.push(invalidValue('spec.template.metadata.labels', own, '`selector` does not match template `labels`'));
  return causes;
}

/** Source: k8s.io/kubernetes/pkg/apis/core/validation `ValidateService`. */
function portCauses(object: KubeObject): Cause[] {
  const ports = listAt(object, 'spec', 'ports');
  const spec = objectAt(object, 'spec');
  if (ports.length === 0 && textAt(spec, 'type') !== 'ExternalName' && spec['clusterIP'] !== 'None')
    return ['spec.ports: Required value'];
  const causes: Cause[] = [];
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const name = textAt(port, 'name');
    const path = `spec.ports[${index}]`;
    if (name === '' && ports.length > 1) causes.push(`${path}.name: Required value`);
    else if (name !== '' && names.has(name)) causes.push(`${path}.name: Duplicate value: ${JSON.stringify(name)}`);
    names.add(name);
    const protocol = textAt(port, 'protocol') || 'TCP';
    const number = `${protocol} ${numberOf(port['port'], 0)}`;
    if (numbers.has(number)) causes.push(`${path}: Duplicate value: ${writeJson(port)}`);
    numbers.add(number);
  }
  return causes;
}

function podCauses(object: KubeObject, kind: string): Cause[] {
  const spec = podSpecOf(object);
  if (!spec) return [];
  const path =
    kind === '/Pod' ? 'spec' : kind === 'batch/CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';
  return [
    ...containerCauses(spec, path),
    ...(kind === 'batch/Job' || kind === 'batch/CronJob' ? policyCauses(spec, path) : []),
  ];
}

const containerCauses = (spec: JsonObject, path: string): Cause[] =>
  Array.isArray(spec['containers']) && spec['containers'].length > 0 ? [] : [`${path}.containers: Required value`];

/** A Job's pods must end. Absent counts as Always, which the server fills in. */
function policyCauses(spec: JsonObject, path: string): Cause[] {
  const policy = spec['restartPolicy'] ?? 'Always';
  if (policy === 'OnFailure' || policy === 'Never') return [];
  const field = `${path}.restartPolicy`;
  if (policy === 'Always') return [`${field}: Required value: valid values: "OnFailure", "Never"`];
  return [`${field}: Unsupported value: ${writeJson(policy)}: supported values: "OnFailure", "Never"`];
}
