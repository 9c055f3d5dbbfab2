import type { Rule } from '../model.ts';
import { hasGeneratedName } from '../../policies.ts';
import { manifestPlace } from '../field-place.ts';
import { dropHook } from '../fixes-hooks.ts';
import { deletionWords, hookPlace, policiesOf, syncPhasesOf } from '../hook-facts.ts';

/** What an outage of these kinds means, by group and kind. */
const OUTAGE: Readonly<Record<string, string>> = {
  'apps/Deployment': 'its pods are down until then',
  'apps/ReplicaSet': 'its pods are down until then',
  'apps/DaemonSet': 'its pods are down on every node until then',
  '/ReplicationController': 'its pods are down until then',
  'argoproj.io/Rollout': 'its pods are down until then',
  '/Service': 'it is out of reach until then, and gets another address',
  'networking.k8s.io/Ingress': 'it is out of reach until then',
  'autoscaling/HorizontalPodAutoscaler': 'nothing scales until then',
  'batch/CronJob': 'the Jobs that it has started are deleted with it',
};

/** Hooks that are meant to run on. Seen on Argo CD 3.6.1: a running Deployment is deleted and created anew. */
export const longRunningKindIsHook: Rule = {
  id: 'long-running-kind-is-hook',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A Deployment, DaemonSet, Service or another kind that runs on is a hook.',
  docs: `Hooks are made to be deleted: the default policy BeforeHookCreation deletes the running object in every sync,
right before it is created anew, an outage each time. Make it an ordinary resource, and let a wave put it before what
needs it: the next wave waits until it is healthy.`,
  examples: {
    bad: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cache
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
    good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cache
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const outage = OUTAGE[`${facts.group}/${facts.kind}`];
    if (outage === undefined || syncPhasesOf(manifest, facts).length === 0) return [];
    const policies = policiesOf(manifest, facts);
    const deletion = policies ? deletionWords(policies, hasGeneratedName(manifest.object)) : '';
    if (!policies || deletion === '') return [];
    const again = policies.includes('BeforeHookCreation') ? `; ${outage}` : '';
    return [
      {
        level: 'warning',
        span: hookPlace(manifest) ?? manifestPlace(manifest, document),
        message: `${facts.label} is a hook: ${deletion}${again}. Remove the hook annotation, and use a wave instead.`,
        fixes: () => [dropHook({ document, manifest })],
      },
    ];
  },
};
