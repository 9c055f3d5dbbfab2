import { at } from '../../../core/fields.ts';
import { isObject, nameOf, namespaceOf } from '../../../core/object.ts';
import { metadataInjection, namespaceInjection, OPT_OUT, podWish, type Injection } from '../../../core/plan/meshes.ts';
import { endsOnce } from '../../policies.ts';
import { fieldPlace } from '../field-place.ts';
import { annotatePods, setFieldOf } from '../fixes-fields.ts';
import { syncPhasesOf } from '../hook-facts.ts';
import type { ApplicationContext, ApplicationManifest, ApplicationReport, Rule } from '../model.ts';

/** Hooks whose pods a mesh keeps running. */
export const hookSidecarInjection: Rule = {
  id: 'hook-sidecar-injection',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A mesh puts a sidecar into the pod of a Job or Pod hook.',
  docs: `The proxy that Istio or Linkerd puts into a pod runs on when the containers of the hook have ended, so the Job never
completes, and the sync waits for it for ever. Add the annotation \`sidecar.istio.io/inject: "false"\` or
\`linkerd.io/inject: disabled\` to its pod template. Nothing is said where the proxy is injected as a native sidecar by
annotation, or where the command ends it (\`/quitquitquit\`). If the mesh injects native sidecars everywhere switch this rule
off.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  activeDeadlineSeconds: 600
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: "true"
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: example.com/shop/migrate:1.4
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  activeDeadlineSeconds: 600
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: "false"
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: example.com/shop/migrate:1.4
`,
    files: {
      'namespace.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
`,
    },
  },
  about: ['hook'],
  /** Pods that ask for the proxy themselves. */
  check: (manifest, { document, facts }) => {
    const { object } = manifest;
    if (!endsOnce(object) || syncPhasesOf(manifest, facts).length === 0) return [];
    const wish = podWish(object);
    if (wish?.kind !== 'asks') return [];
    const { injection, place, key } = wish;
    const { value } = OPT_OUT[injection.mesh];
    const path = facts.kind === 'Pod' ? ['metadata', place, key] : ['spec', 'template', 'metadata', place, key];
    return [
      {
        level: 'warning',
        span: fieldPlace(manifest, document, key),
        message: message(facts.label, `its pod asks ${injection.mesh} for a sidecar (${injection.because})`, injection),
        fixes: () => [setFieldOf({ document, manifest }, path, value, `Set ${key}: "${value}"`)],
      },
    ];
  },
  // What the namespace says holds, whatever else there is.
  partial: true,
  /** Pods in a namespace of the application that has proxies put into all of them. */
  checkApplication: (context) => {
    const injections = injectionsOf(context);
    if (injections.size === 0) return [];
    return context.manifests.flatMap((hook): ApplicationReport[] => {
      const { object, facts } = hook;
      if (!facts.isHook || !endsOnce(object) || facts.hookTypes.every((type) => type === 'Skip')) return [];
      const name = namespaceOf(object) || context.application.namespace;
      const found = injections.get(name);
      if (!found || podWish(object) !== undefined) return [];
      const { injection, by } = found;
      const { key, value } = OPT_OUT[injection.mesh];
      const why = `namespace ${name} has ${injection.mesh} put a sidecar into it (${injection.because})`;
      return [
        {
          on: hook,
          level: 'warning',
          message: message(facts.label, why, injection),
          related: [{ on: by, message: `${by.facts.label}: ${injection.because}` }],
          fixes: (manifest, document) => [annotatePods({ document, manifest }, key, value)],
        },
      ];
    });
  },
};

const message = (label: string, why: string, { mesh }: Injection): string =>
  `${label} never completes, and the sync waits for it for ever: ${why}, and the sidecar runs on when the containers have ended. Add the annotation ${OPT_OUT[mesh].key}: "${OPT_OUT[mesh].value}" to its pod.`;

interface Found {
  readonly injection: Injection;
  readonly by: ApplicationManifest;
}

/** Namespaces with injection, by name: manifests, and the one that the Application has Argo CD make. */
function injectionsOf({ manifests, application, declaration }: ApplicationContext): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const own = declaration && at(declaration.object, 'spec', 'syncPolicy', 'managedNamespaceMetadata');
  const managed = isObject(own) ? metadataInjection(own) : undefined;
  if (managed && declaration && application.namespace !== '')
    found.set(application.namespace, { injection: managed, by: declaration });
  for (const by of manifests) {
    if (by.facts.kind !== 'Namespace' || by.facts.group !== '' || nameOf(by.object) === '') continue;
    const injection = namespaceInjection(by.object);
    if (injection) found.set(nameOf(by.object), { injection, by });
  }
  return found;
}
