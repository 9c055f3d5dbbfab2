import { isHook } from '#core/annotations/classify';
import { HOOK_FINALIZER } from '#core/annotations/keys';
import { finalizersOf, groupOf, isTerminating, kindOf, nameOf, type JsonObject, type KubeObject } from '#core/object';
import { adviceOn, wayOutOf } from './advice.ts';
import { containerStatuses } from './containers.ts';
import { at, numberOf, objectsOf, textOf } from './json.ts';
import type { Cause, Circumstances, Reason, Why } from './reasons.ts';

/** More would not be read. */
const MOST = 6;
/** Between a container's start and its readiness these are no reasons. */
const USUAL = new Set(['ContainerCreating', 'PodInitializing']);
const IMAGE = /^(?:ErrImage|ImagePull|InvalidImageName|RegistryUnavailable)/;

/**
 * Why an object is not healthy or complete yet: it is on its way out, its pods cannot be made, placed or started, its
 * claims are not bound. Empty where nothing is known.
 * @param planned where in the application's plan something missing will come: `Sync, wave 0`; undefined: nowhere
 */
export function whyNot(
  circumstances: Circumstances,
  target: KubeObject,
  planned: (kind: string, name: string) => string | undefined = () => undefined,
): Why {
  const found = reasonsOf(circumstances, target);
  return {
    reasons: found.map(({ text }) => text),
    advice: [...adviceOn(found, target, planned), ...wayOutOf(found, target)],
  };
}

/** What is in an object's way, each thing once. */
export function reasonsOf(circumstances: Circumstances, target: KubeObject): Reason[] {
  const found = reasonsIn(circumstances, target);
  return [...new Map(found.map((reason) => [reason.text, reason])).values()].slice(0, MOST);
}

function reasonsIn({ object, pods, claims, makers, events }: Circumstances, target: KubeObject): Reason[] {
  const label = `${kindOf(target)} ${nameOf(target)}`;
  if (!object) return [{ cause: 'gone', text: `${label} is not there any more: it was deleted by somebody else` }];
  const going = isTerminating(object) ? terminating(object, label) : [];
  const states = [...pods.flatMap(reasonsOfPod), ...claims.flatMap(reasonsOfClaim)];
  const said = [...states, ...makers.flatMap(reasonsOfMaker)].map(({ text }) => text);
  const told = events
    .filter((event) => !said.some((text) => text.includes(oneLine(textOf(event['message'])))))
    .map(reasonOfEvent);
  return [...going, ...ofItself(object, label), ...states, ...makers.flatMap(reasonsOfMaker), ...told];
}

function terminating(object: KubeObject, label: string): Reason[] {
  const finalizers = finalizersOf(object);
  if (isHook(object) && finalizers.includes(HOOK_FINALIZER))
    return [
      {
        cause: 'deleted',
        text: `${label} was deleted by somebody else while it ran: its pods are gone, its finalizer keeps it, and it can never complete`,
      },
    ];
  const by = finalizers.length > 0 ? finalizers.join(', ') : 'what it owns';
  return [{ cause: 'finalizer', text: `${label} is being deleted, and ${by} keeps it` }];
}

/** What the object says itself: that it is told to wait, or that it waits for an address. */
function ofItself(object: KubeObject, label: string): Reason[] {
  const spec = object['spec'];
  switch (`${groupOf(object)}/${kindOf(object)}`) {
    case 'batch/Job':
      return at(spec, 'suspend') === true
        ? [{ cause: 'suspended', text: `${label} is suspended: nothing runs until somebody resumes it` }]
        : [];
    case 'apps/Deployment':
      return at(spec, 'paused') === true
        ? [{ cause: 'suspended', text: `${label} is paused: nothing is rolled out until somebody resumes it` }]
        : [];
    case '/Service':
    case 'networking.k8s.io/Ingress': {
      const waits = kindOf(object) === 'Ingress' || at(spec, 'type') === 'LoadBalancer';
      return waits && objectsOf(at(object['status'], 'loadBalancer', 'ingress')).length === 0
        ? [{ cause: 'address', text: `${label} has no address yet` }]
        : [];
    }
    case '/PersistentVolumeClaim':
      return reasonsOfClaim(object);
    default:
      return [];
  }
}

function reasonsOfClaim(claim: KubeObject): Reason[] {
  const phase = textOf(at(claim['status'], 'phase')) || 'Pending';
  if (phase === 'Bound') return [];
  const storageClass = textOf(at(claim['spec'], 'storageClassName'));
  const of = storageClass === '' ? '' : ` (storage class ${storageClass})`;
  return [{ cause: 'claim', text: `PersistentVolumeClaim ${nameOf(claim)} is ${phase}, not bound${of}` }];
}

/** A replica set, or any other maker of pods, that may not make them. */
function reasonsOfMaker(maker: KubeObject): Reason[] {
  return objectsOf(at(maker['status'], 'conditions'))
    .filter((condition) => condition['type'] === 'ReplicaFailure' && condition['status'] === 'True')
    .map((condition) => reasonOfMessage(`${kindOf(maker) || 'ReplicaSet'} ${nameOf(maker)}`, condition));
}

function reasonsOfPod(pod: KubeObject): Reason[] {
  const name = `Pod ${nameOf(pod)}`;
  const unscheduled = objectsOf(at(pod['status'], 'conditions')).find(
    (condition) => condition['type'] === 'PodScheduled' && condition['status'] === 'False',
  );
  const message = oneLine(textOf(unscheduled?.['message']));
  const found: Reason[] = unscheduled
    ? [{ ...missingIn(message, 'unschedulable'), text: `${name}: not scheduled: ${message}` }]
    : [];
  for (const status of containerStatuses(pod)) found.push(...reasonsOfContainer(`${name}: container`, status));
  return found;
}

function reasonsOfContainer(prefix: string, status: JsonObject): Reason[] {
  const container = `${prefix} ${textOf(status['name'])}`;
  const found: Reason[] = [];
  const reason = textOf(at(status, 'state', 'waiting', 'reason'));
  if (reason !== '' && !USUAL.has(reason)) {
    const message = oneLine(textOf(at(status, 'state', 'waiting', 'message')));
    const cause: Cause = IMAGE.test(reason) ? 'image' : reason === 'CrashLoopBackOff' ? 'crash' : 'other';
    found.push({
      ...missingIn(message, cause),
      text: `${container} waits: ${reason}${message === '' ? '' : `: ${message}`}`,
    });
  }
  const ended = at(status, 'state', 'terminated') ?? at(status, 'lastState', 'terminated');
  const code = numberOf(at(ended, 'exitCode'), 0);
  if (code !== 0)
    found.push({ cause: 'crash', text: `${container} ended with exit code ${code} (${textOf(at(ended, 'reason'))})` });
  return found;
}

function reasonOfEvent(event: JsonObject): Reason {
  const kind = textOf(at(event, 'involvedObject', 'kind'));
  const name = textOf(at(event, 'involvedObject', 'name'));
  return reasonOfMessage(`${kind} ${name}`, event);
}

/** An event or a condition: `Job nobody: FailedCreate: Error creating: …`. */
function reasonOfMessage(label: string, said: JsonObject): Reason {
  const reason = textOf(said['reason']);
  const message = oneLine(textOf(said['message']));
  const text = [label, reason, message].filter((part) => part !== '').join(': ');
  return { ...missingIn(message, causeOf(reason, message)), text };
}

function causeOf(reason: string, message: string): Cause {
  if (/exceeded quota/.test(message)) return 'quota';
  if (reason === 'FailedCreate') return 'refused';
  if (reason === 'FailedScheduling') return 'unschedulable';
  if (/^(?:WaitFor|Provisioning|FailedBinding|ExternalProvisioning)/.test(reason)) return 'claim';
  if (reason === 'BackOff' && !/pulling image/.test(message)) return 'crash';
  return /pull(?:ing)? image/.test(message) ? 'image' : 'other';
}

const MISSING_KINDS: Readonly<Record<string, string>> = {
  configmap: 'ConfigMap',
  secret: 'Secret',
  serviceaccount: 'ServiceAccount',
  persistentvolumeclaim: 'PersistentVolumeClaim',
};

/** What a message of the kubelet, the scheduler or a controller says is not there. */
function missingIn(message: string, otherwise: Cause): Pick<Reason, 'cause' | 'missing'> {
  const match = /\b(configmap|secret|serviceaccount|persistentvolumeclaim) "([^"]+)" (?:is )?not found/.exec(message);
  if (match) return { cause: 'missing', missing: { kind: MISSING_KINDS[match[1] ?? ''] ?? '', name: match[2] ?? '' } };
  return { cause: otherwise };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
