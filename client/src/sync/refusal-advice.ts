import { groupOf, kindOf, nameOf, namespaceOf, type KubeObject } from '#core/object';

/** An object as a sentence names it, and as kubectl does. */
interface Named {
  readonly label: string;
  /** `job.batch/seed -n shop`. */
  readonly argument: string;
}

interface Refusal {
  readonly when: RegExp;
  readonly advice: (found: RegExpExecArray, named: Named) => string;
}

/** What API servers refuse, by their words, and what helps. The first that fits counts. */
const REFUSALS: readonly Refusal[] = [
  {
    when: /metadata\.annotations: Too long/,
    advice: () =>
      'A plain apply keeps the whole manifest in an annotation, and this one is too large for it: add the sync option ServerSideApply=true to it.',
  },
  {
    when: /field is immutable|cannot change roleRef|updates to statefulset spec for fields other than|is immutable after creation|may not change once set|is immutable when/,
    advice: (_, { label, argument }) =>
      `What changed cannot be changed in place. Delete the live object (kubectl delete ${argument}) and sync again, or let the sync do so: Force=true,Replace=true in the sync options of ${label}. Both delete what it holds or runs.`,
  },
  {
    when: /conflicts? with "([^"]+)"/,
    advice: ([, owner = '']) =>
      `${owner} owns these fields. Take them out of the manifest, or have ${owner} give them up; only then apply them from here.`,
  },
  {
    when: /namespaces "([^"]+)" not found/,
    advice: ([, namespace = '']) =>
      `Namespace ${namespace} does not exist: create it (kubectl create namespace ${namespace}), put it among the manifests, or use the sync option CreateNamespace=true where it is the destination.`,
  },
  {
    when: /being terminated/,
    advice: () => 'The namespace is being deleted: wait until it is gone, and sync again.',
  },
  { when: /exceeded quota/, advice: () => 'Raise the quota of the namespace, or ask for less.' },
  {
    when: /failed calling webhook "([^"]+)"/,
    advice: ([, webhook = '']) =>
      `The admission webhook ${webhook} does not answer: see that what serves it runs. If this application brings it, it has to come in an earlier wave.`,
  },
  {
    when: /admission webhook "([^"]+)" denied the request|ValidatingAdmissionPolicy '([^']+)'/,
    advice: ([, webhook, policy = '']) =>
      `A policy of this cluster (${webhook ?? policy}) does not allow it: change the manifest as the message says, or have the policy changed.`,
  },
  {
    when: /User "([^"]+)" cannot (\w+) resource "([^"]+)" in API group "([^"]*)"/,
    advice: ([, user = '', verb = '', resource = '', group = '']) =>
      `Give ${user} a role with the rule {apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${verb}"]}, or sync as somebody who has it.`,
  },
  {
    when: /no matches for kind|could not find (?:the requested resource|version)|failed to discover server resources|Kubernetes API could not find/,
    advice: (_, { label }) =>
      `This cluster does not know the kind of ${label}: install its CustomResourceDefinition first, or correct apiVersion and kind. If something in this application installs it, add the sync option SkipDryRunOnMissingResource=true.`,
  },
  {
    when: /cannot use generate name with apply/,
    advice: (_, { label }) => `${label} has generateName and is no hook: give it a name, or make it a hook.`,
  },
  {
    when: /unknown field "([^"]+)"|\.([\w.[\]]+): field not declared in schema/,
    advice: ([, field, path = '']) => `The kind has no field ${field ?? path}: correct it, or take it out.`,
  },
  {
    when: /might have been deleted/,
    advice: (_, { label }) =>
      `Somebody else deleted ${label} while the sync ran: find out who, and sync again, which creates it anew.`,
  },
  {
    when: /already exists/,
    advice: (_, { label, argument }) =>
      `Another object has this name already. Where two hooks of one phase share a generateName give ${label} another one; else look at who made it (kubectl get ${argument} -o yaml).`,
  },
];

/** What can be done about an object that an API server has refused; empty where its words tell nothing of it. */
export function adviceOnRefusal(message: string, object: KubeObject): string[] {
  for (const { when, advice } of REFUSALS) {
    const found = when.exec(message);
    if (found) return [advice(found, named(object))];
  }
  return [];
}

/** An object as it is handed to kubectl: `job.batch/seed -n shop`. */
export function kubectlName(object: KubeObject): string {
  const group = groupOf(object);
  const namespace = namespaceOf(object);
  const kind = `${kindOf(object).toLowerCase()}${group === '' ? '' : `.${group}`}`;
  return `${kind}/${nameOf(object)}${namespace === '' ? '' : ` -n ${namespace}`}`;
}

const named = (object: KubeObject): Named => ({
  label: `${kindOf(object)} ${nameOf(object)}`,
  argument: kubectlName(object),
});
