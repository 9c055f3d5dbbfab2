import { deletePolicies, isDeleteHookOnly, isHook } from '#core/annotations/classify';
import { kindOf, metadataOf, nameOf, type KubeObject } from '#core/object';
import { textOf } from './json.ts';
import { kubectlName } from './refusal-advice.ts';
import type { Cause, Reason } from './reasons.ts';

/** What to do about a cause, where that does not depend on the object. */
const ADVICE: Partial<Readonly<Record<Cause, string>>> = {
  unschedulable:
    'No node takes the pod: make room in the cluster, or change what the pod asks for (resources, nodeSelector, affinity, tolerations). It goes on by itself once a node fits.',
  claim:
    'Look at the storage class of the claim: it may not exist, provision nothing, or bind only when a pod uses the claim, which must not come in a later wave than the claim.',
  image:
    'Check name and tag of the image, its registry, and imagePullSecrets. The pod goes on by itself once the image can be pulled.',
  quota: 'Raise the quota of the namespace, or ask for less. It goes on by itself then.',
  refused: 'The API server refuses the pod, as the message says. Once that is repaired it is made by itself.',
  crash: 'Its log says why the container ended.',
  suspended: 'Resume it, or take the suspension out of the manifest.',
  address: 'Is there a controller in this cluster that gives addresses (a load balancer, an Ingress controller)?',
};

/**
 * What a person can do about what is in the way, the likeliest way out first.
 * @param planned where in the application's plan something missing will come; undefined: nowhere
 */
export function adviceOn(
  reasons: readonly Reason[],
  target: KubeObject,
  planned: (kind: string, name: string) => string | undefined,
): string[] {
  const label = `${kindOf(target)} ${nameOf(target)}`;
  const advice = reasons.flatMap((reason): string[] => {
    const { cause, missing } = reason;
    if (missing) return [missingAdvice(missing, label, planned(missing.kind, missing.name))];
    if (cause === 'finalizer')
      return [
        'The controller behind the finalizer has to take it off: see that it runs. Taking it off by hand skips its clean-up.',
      ];
    const text = ADVICE[cause];
    return text === undefined ? [] : [text];
  });
  return [...new Set(advice)];
}

/** The way out where a hook does not come to its end, and what is in the way cannot be repaired. */
export function wayOutOf(reasons: readonly Reason[], target: KubeObject): string[] {
  if (isDeleteHookOnly(target) && reasons.length > 0)
    return [
      `If that cannot be repaired now, terminate the deletion: that deletes ${kindOf(target)} ${nameOf(target)} and nothing more, and the next deletion runs it anew.`,
    ];
  if (!isHook(target) || reasons.length === 0) return [];
  const causes = new Set(reasons.map(({ cause }) => cause));
  return [wayOut(causes.has('deleted') || causes.has('gone'), `${kindOf(target)} ${nameOf(target)}`)];
}

/** What becomes of a hook that has failed, and when it runs again. Source: the policies of `deletePolicies`. */
export function adviceOnFailedHook(hook: KubeObject): string[] {
  const label = `${kindOf(hook)} ${nameOf(hook)}`;
  if (isDeleteHookOnly(hook)) return [`It was deleted. Once it is repaired, the next deletion runs ${label} anew.`];
  const policies = deletePolicies(hook);
  if (policies.length === 0 || !['Job', 'Pod'].includes(kindOf(hook))) return [];
  if (textOf(metadataOf(hook)['generateName']) !== '')
    return ['Once it is repaired, the next sync runs it under a new name.'];
  if (policies.includes('HookFailed') || policies.includes('BeforeHookCreation'))
    return [`Once it is repaired, the next sync runs ${label} anew.`];
  return [
    `${label} stays, and the next sync takes it for failed without running it: delete it before (kubectl delete ${kubectlName(hook)}), and add BeforeHookCreation to its hook-delete-policy.`,
  ];
}

function missingAdvice(
  { kind, name }: { kind: string; name: string },
  label: string,
  place: string | undefined,
): string {
  return place === undefined
    ? `Create ${kind} ${name}: the pod goes on by itself once it is there.`
    : `${kind} ${name} is in this application, but comes only later (${place}), when ${label} is done: move it to an earlier phase or wave. To get this sync going, create it by hand.`;
}

/** Experience with Argo CD: a running hook that is deleted by hand hangs for ever, and terminating is what cleans up. */
const wayOut = (deleted: boolean, label: string): string =>
  deleted
    ? `Terminate the sync: that takes the finalizer off, and the next sync makes ${label} anew.`
    : `If that cannot be repaired now, terminate the sync: that removes ${label} properly. Do not delete it by hand: its finalizer would keep it, and the sync would wait for ever.`;
