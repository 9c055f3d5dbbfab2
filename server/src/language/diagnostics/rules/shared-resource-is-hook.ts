import { podReferences, pullSecrets } from '../../../core/plan/references.ts';
import { boundAccounts, roleOf } from '../../../core/plan/bindings.ts';
import { HELM_HOOK_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../../core/annotations/keys.ts';
import { annotationOf, nameOf, namespaceOf } from '../../../core/object.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { hasGeneratedName } from '../../policies.ts';
import { dropHook } from '../fixes-hooks.ts';
import { deletionWords, hookPlace } from '../hook-facts.ts';
import type { ApplicationContext, ApplicationManifest, ApplicationReport, Rule } from '../model.ts';

/** Hooks that others rely on. Source: gitops-engine/pkg/sync/hook/delete_policy.go `DeletePolicies`. */
export const sharedResourceIsHook: Rule = {
  id: 'shared-resource-is-hook',
  defaultLevel: 'hint',
  levels: ['hint', 'error'],
  title: 'A ConfigMap, Secret, ServiceAccount or RBAC object is a hook.',
  docs: `A hook is deleted and created anew in every sync (or deleted at its end, as its policies say). That is right for
what only hooks use, and this is a mere hint there. Where a workload that is no hook uses the object too it is an error:
pods that start while it is gone fail, and tokens of a ServiceAccount become invalid. Give the hooks an object of their
own, or make this one an ordinary resource, and the hooks that need it Sync hooks of a later wave.`,
  examples: {
    bad: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: shop
  annotations:
    argocd.argoproj.io/hook: PreSync
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      serviceAccountName: shop
      containers:
        - name: shop
          image: example.com/shop/shop:1.4
`,
    good: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: shop
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      serviceAccountName: shop
      containers:
        - name: shop
          image: example.com/shop/shop:1.4
`,
  },
  // That it is deleted holds, whatever else there is; that somebody uses it has to be certain.
  partial: true,
  checkApplication: (context) => {
    const hooks = context.manifests.filter(isShared);
    if (hooks.length === 0) return [];
    const users = usersOf(context);
    return hooks.map((hook): ApplicationReport => {
      const deletion = deletionWords(hook.facts.deletePolicies, false);
      const user = users(hook);
      const { label } = hook.facts;
      return {
        on: hook,
        where: hookPlace,
        level: user && context.complete ? 'error' : 'hint',
        message: user
          ? `${label} is a hook: ${deletion}, while ${user.by.facts.label}, which is no hook, ${user.use} it. What starts while it is gone fails. Give the hooks one of their own, or make this an ordinary resource with a wave.`
          : `${label} is a hook: ${deletion}. That is right as long as hooks alone use it.`,
        ...(user ? { related: [{ on: user.by, message: `${user.by.facts.label} ${user.use} it` }] } : {}),
        fixes: (manifest, document) => (user ? [{ ...dropHook({ document, manifest }), preferred: false }] : []),
      };
    });
  },
};

const RBAC = 'rbac.authorization.k8s.io';
const SHARED: ReadonlySet<string> = new Set([
  ...['ConfigMap', 'Secret', 'ServiceAccount'].map((kind) => `/${kind}`),
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => `${RBAC}/${kind}`),
]);

/** A hook of a sync, of one of these kinds, that is deleted and can be used by name. */
function isShared({ object, facts }: ApplicationManifest): boolean {
  if (!SHARED.has(`${facts.group}/${facts.kind}`) || !facts.isHook) return false;
  if (facts.hookTypes.every((type) => type === 'Skip') || hasGeneratedName(object)) return false;
  const policies = [HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY].map((key) => annotationOf(object, key) ?? '');
  return ![nameOf(object), ...policies].some(hasTemplate);
}

interface User {
  readonly by: ApplicationManifest;
  /** `runs as`, `mounts`. */
  readonly use: string;
}

/** The first workload without a hook that uses an object, directly or by what is bound to its service account. */
function usersOf({ manifests, application }: ApplicationContext): (hook: ApplicationManifest) => User | undefined {
  const home = (manifest: ApplicationManifest): string => namespaceOf(manifest.object) || application.namespace;
  const direct = new Map<string, User>();
  for (const by of manifests) {
    if (by.facts.isHook || by.facts.isSkip) continue;
    for (const { kind, name, use } of [...podReferences(by.object), ...pullSecrets(by.object)]) {
      const key = `${kind}/${home(by)}/${name}`;
      if (!direct.has(key)) direct.set(key, { by, use });
    }
  }
  const bindings = manifests.flatMap((binding) => {
    const role = roleOf(binding.object);
    return role ? [{ binding, role }] : [];
  });
  const viaAccounts = (binding: ApplicationManifest): User | undefined => {
    for (const { namespace, name } of boundAccounts(binding.object)) {
      const user = direct.get(`ServiceAccount/${namespace || home(binding)}/${name}`);
      if (user) return { by: user.by, use: 'needs' };
    }
    return undefined;
  };
  return (hook) => {
    const { kind } = hook.facts;
    if (kind.endsWith('Binding')) return viaAccounts(hook);
    if (!kind.endsWith('Role')) return direct.get(`${kind}/${home(hook)}/${nameOf(hook.object)}`);
    for (const { binding, role } of bindings) {
      if (role.kind !== kind || role.name !== nameOf(hook.object)) continue;
      if (kind === 'Role' && home(binding) !== home(hook)) continue;
      const user = viaAccounts(binding);
      if (user) return user;
    }
    return undefined;
  };
}
