import type { JsonObject, KubeObject } from '../../object.ts';
import { at, listAt, numberAt, textAt } from '../../fields.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

/** Source: gitops-engine/pkg/health/health_pod.go. */
export function podHealth(object: KubeObject): Health {
  const policy = textAt(object, 'spec', 'restartPolicy');
  const message = textAt(object, 'status', 'message');
  if (policy === 'Always') {
    const stuck = stuckContainers(object);
    if (stuck.length > 0) return degraded(stuck.map((container) => waitingOf(container, 'message')).join(', '));
  }
  switch (textAt(object, 'status', 'phase')) {
    case 'Pending':
      return progressing(message);
    case 'Succeeded':
      return healthy(message);
    case 'Failed':
      return degraded(message || failureOf(object));
    case 'Running':
      if (policy === 'Always') return runningHealth(object, message);
      // A pod that ends is done when it has succeeded, not while it runs.
      if (policy === 'OnFailure' || policy === 'Never') return progressing(message);
  }
  return { status: 'Unknown', message };
}

const containersOf = (object: KubeObject): JsonObject[] => listAt(object, 'status', 'containerStatuses');
const waitingOf = (container: JsonObject, key: string): string => textAt(container, 'state', 'waiting', key);

function stuckContainers(object: KubeObject): JsonObject[] {
  return containersOf(object).filter((container) => {
    const reason = waitingOf(container, 'reason');
    return reason.startsWith('Err') || reason.endsWith('Error') || reason.endsWith('BackOff');
  });
}

function runningHealth(object: KubeObject, message: string): Health {
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return healthy(message);
  const ended = containersOf(object).some((container) => at(container, 'lastState', 'terminated') !== undefined);
  return ended ? degraded(message) : progressing(message);
}

/** What the first container that says something says of its end. */
function failureOf(object: KubeObject): string {
  for (const container of [...listAt(object, 'status', 'initContainerStatuses'), ...containersOf(object)]) {
    const end = at(container, 'state', 'terminated');
    const message = textAt(end, 'message');
    if (message !== '') return message;
    if (textAt(end, 'reason') === 'OOMKilled') return 'OOMKilled';
    const code = numberAt(end, 'exitCode');
    if (code !== 0) return `container "${textAt(container, 'name')}" failed with exit code ${code}`;
  }
  return '';
}
