import { isAtLeast } from '../versions.ts';
import { PHASE_VALUES } from './catalogue-hooks.ts';
import type { Annotation, KnownValue } from './catalogue-model.ts';
import { HELM_HOOK, HELM_HOOK_DELETE_POLICY, HELM_HOOK_WEIGHT, HELM_RESOURCE_POLICY } from './keys.ts';
import { HELM_PAGE } from './pages.ts';

const HOOKS_PAGE = `${HELM_PAGE}#helm-hooks`;

/** The first Argo CD that maps Helm's hooks. */
const MAPPED_SINCE = '1.3';

/** Since Argo CD maps Helm's hooks, or since it has the phase, whichever came later. */
function mappedSince(phase: string): string {
  const since = PHASE_VALUES.find(({ name }) => name === phase)?.since ?? MAPPED_SINCE;
  return isAtLeast(since, MAPPED_SINCE) ? since : MAPPED_SINCE;
}

const mapped = (name: string, phase: string, note: string): KnownValue => ({
  name,
  since: mappedSince(phase),
  summary: `runs as a ${phase} hook.`,
  consequence: note,
});

const EVERY_SYNC = 'To Argo CD, install and upgrade are both a sync: the hook runs in every one.';
const NEVER = 'Argo CD has no such phase: where it names nothing else the manifest is never applied.';
const unmapped = (name: string, moment: string): KnownValue => ({
  name,
  since: '1.3',
  summary: `runs ${moment} with Helm, and never with Argo CD.`,
  consequence: NEVER,
});

const HELM_HOOKS: readonly KnownValue[] = [
  mapped('pre-install', 'PreSync', EVERY_SYNC),
  mapped('pre-upgrade', 'PreSync', EVERY_SYNC),
  mapped('post-install', 'PostSync', EVERY_SYNC),
  mapped('post-upgrade', 'PostSync', EVERY_SYNC),
  mapped(
    'pre-delete',
    'PreDelete',
    'It runs when the Application is deleted, which waits while it fails. Weights do not count.',
  ),
  mapped(
    'post-delete',
    'PostDelete',
    'It runs when the Application is deleted. Without hook-succeeded it outlives the Application. Weights do not count.',
  ),
  unmapped('test', 'on `helm test`'),
  unmapped('pre-rollback', 'before a rollback'),
  unmapped('post-rollback', 'after a rollback'),
  {
    name: 'crd-install',
    since: '1.3',
    summary: 'marks a CRD of a chart for Helm 2. Alone it makes no hook.',
    consequence: 'Argo CD applies the manifest as an ordinary resource.',
  },
];

/** Hooks that Helm knows under further names; to Argo CD they are as good as `test`. */
export const HELM_ONLY_HOOKS: readonly string[] = ['test-success', 'test-failure'];

const policy = (name: string, argocd: string, summary: string): KnownValue => ({
  name,
  since: '1.3',
  summary,
  consequence: `The same as ${argocd}.`,
});

/** Helm's annotations that Argo CD reads. */
export const HELM_ANNOTATIONS: readonly Annotation[] = [
  {
    key: HELM_HOOK,
    family: 'helm',
    kind: 'list',
    places: ['resource'],
    since: '1.3',
    summary: 'Helm’s hook annotation: Argo CD maps it to its own phases.',
    detail:
      'It counts only where `argocd.argoproj.io/hook` names no phase of a sync on the same object. Several hooks are separated by commas.',
    default: 'An ordinary resource.',
    ifInvalid: 'A hook of which nothing maps to a phase of Argo CD (such as `test`) is never applied.',
    values: HELM_HOOKS,
    offered: true,
    link: HOOKS_PAGE,
  },
  {
    key: HELM_HOOK_WEIGHT,
    family: 'helm',
    kind: 'integer',
    places: ['resource'],
    since: '1.3',
    summary: 'Helm’s order among hooks: Argo CD takes it for the wave.',
    detail: 'It counts on every resource, not on hooks alone, where `argocd.argoproj.io/sync-wave` holds no integer.',
    default: 'Wave 0.',
    ifInvalid: 'Anything that is no integer counts as 0.',
    values: [],
    offered: true,
    link: HOOKS_PAGE,
  },
  {
    key: HELM_HOOK_DELETE_POLICY,
    family: 'helm',
    kind: 'list',
    places: ['hook'],
    since: '1.3',
    summary: 'Helm’s delete policy of a hook: Argo CD maps it to its own.',
    detail: 'It is added to the policies of `argocd.argoproj.io/hook-delete-policy`.',
    default: 'BeforeHookCreation holds, unless `argocd.argoproj.io/hook-delete-policy` names another.',
    ifInvalid: 'Policies that Argo CD does not know are ignored. Where none is left, BeforeHookCreation holds.',
    values: [
      policy(
        'before-hook-creation',
        'BeforeHookCreation',
        'deletes what an earlier sync left, before the hook is created.',
      ),
      policy('hook-succeeded', 'HookSucceeded', 'deletes the hook when the whole sync has succeeded.'),
      policy('hook-failed', 'HookFailed', 'deletes the hook when the whole sync has failed.'),
    ],
    offered: true,
    link: HOOKS_PAGE,
  },
  {
    key: HELM_RESOURCE_POLICY,
    family: 'helm',
    kind: 'list',
    places: ['resource'],
    since: '2.8',
    summary: 'Keeps the object when its Application is deleted.',
    detail: 'It does not stop a sync from pruning the object: that takes the sync option `Prune=false`.',
    default: 'The object is deleted together with its Application.',
    ifInvalid: 'Anything but `keep` is ignored.',
    values: [
      {
        name: 'keep',
        since: '2.8',
        summary: 'keeps the object when its Application is deleted.',
        consequence: 'A sync that prunes still deletes it once it is gone from Git.',
      },
    ],
    offered: true,
    link: 'https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/',
  },
];
