import { nameOf, namespaceOf, type JsonObject, type KubeObject } from '#core/object';
import { at, numberOf, objectsOf, textOf } from '../../sync/json.ts';
import { conditionsOf } from '../world.ts';

/** What a Job's `podFailurePolicy` says of a pod that has failed. */
export interface PodVerdict {
  readonly action: 'Count' | 'Ignore' | 'FailJob';
  /** Of a failure of the whole Job. */
  readonly message: string;
}

/**
 * The verdict of the first rule that matches; a pod that none matches counts.
 * Source: k8s.io/kubernetes/pkg/controller/job/pod_failure_policy.go `matchPodFailurePolicy`.
 */
export function podVerdict(job: KubeObject, pod: KubeObject): PodVerdict {
  for (const [index, rule] of objectsOf(at(job['spec'], 'podFailurePolicy', 'rules')).entries()) {
    const matched = matchOf(rule, pod);
    if (matched === undefined) continue;
    const action = textOf(rule['action']);
    // Only an indexed Job knows FailIndex.
    if (action !== 'FailJob' && action !== 'Ignore') return { action: 'Count', message: '' };
    return { action, message: `${matched} matching ${action} rule at index ${index}` };
  }
  return { action: 'Count', message: '' };
}

/** What of the pod a rule matches, as a message begins with it. */
function matchOf(rule: JsonObject, pod: KubeObject): string | undefined {
  const named = `${namespaceOf(pod)}/${nameOf(pod)}`;
  if (rule['onExitCodes'] !== undefined) {
    const status = exited(rule['onExitCodes'], pod);
    return status && `Container ${textOf(status['name'])} for pod ${named} failed with exit code ${exitCode(status)}`;
  }
  const condition = conditionsOf(pod).find((own) =>
    objectsOf(rule['onPodConditions']).some(
      (wanted) => wanted['type'] === own['type'] && (wanted['status'] ?? 'True') === own['status'],
    ),
  );
  return condition && `Pod ${named} has condition ${textOf(condition['type'])}`;
}

const exitCode = (status: JsonObject): number => numberOf(at(status, 'state', 'terminated', 'exitCode'), 0);

function exited(requirement: JsonObject[string], pod: KubeObject): JsonObject | undefined {
  const values = at(requirement, 'values');
  const name = textOf(at(requirement, 'containerName'));
  const isIn = at(requirement, 'operator') !== 'NotIn';
  return ['containerStatuses', 'initContainerStatuses']
    .flatMap((field) => objectsOf(at(pod['status'], field)))
    .find((status) => {
      const code = exitCode(status);
      const listed = Array.isArray(values) && values.some((value) => Number(value) === code);
      return code !== 0 && (name === '' || name === status['name']) && listed === isIn;
    });
}
