import type { Rule } from '../model.ts';
import { hasGeneratedName } from '../../policies.ts';
import { manifestPlace } from '../field-place.ts';
import { dropHook } from '../fixes-hooks.ts';
import { deletionWords, hookPlace, policiesOf, syncPhasesOf } from '../hook-facts.ts';

/** What goes with an object of these kinds, by group and kind. */
const LOST: Readonly<Record<string, string>> = {
  '/PersistentVolumeClaim':
    'the data on it is lost (unless its volume is retained), and while a pod uses it the sync waits for ever',
  '/Namespace': 'everything in it is lost',
  'apiextensions.k8s.io/CustomResourceDefinition': 'every object of its kind is lost',
  'apps/StatefulSet': 'all its pods are down until it has been created anew',
};

/** Whether an object of this kind loses what it holds when a sync makes it anew. */
export const losesData = ({ group, kind }: { readonly group: string; readonly kind: string }): boolean =>
  Object.hasOwn(LOST, `${group}/${kind}`);

/** Hooks whose deletion costs data. Source: gitops-engine/pkg/sync/hook/delete_policy.go `DeletePolicies`. */
export const statefulKindIsHook: Rule = {
  id: 'stateful-kind-is-hook',
  defaultLevel: 'error',
  levels: ['error'],
  title: 'A PersistentVolumeClaim, Namespace, CustomResourceDefinition or StatefulSet is a hook.',
  docs: `Hooks are made to be deleted: with the default policy BeforeHookCreation by every sync, right before it creates
them anew, with HookSucceeded or HookFailed at the end of a sync. A claim goes with its data, a namespace with everything
in it, a definition with every object of its kind. Make it an ordinary resource, and let a wave (\`-1\`) put it before
what needs it: Argo CD moves Namespaces and definitions before their first user by itself.`,
  examples: {
    bad: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
    good: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const lost = LOST[`${facts.group}/${facts.kind}`];
    if (lost === undefined || syncPhasesOf(manifest, facts).length === 0) return [];
    const policies = policiesOf(manifest, facts);
    const deletion = policies ? deletionWords(policies, hasGeneratedName(manifest.object)) : '';
    if (deletion === '') return [];
    return [
      {
        level: 'error',
        span: hookPlace(manifest) ?? manifestPlace(manifest, document),
        message: `${facts.label} is a hook: ${deletion}, and ${lost}. Remove the hook annotation, and use a wave instead.`,
        fixes: () => [dropHook({ document, manifest })],
      },
    ];
  },
};
