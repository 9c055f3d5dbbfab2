import type { Annotation, KnownValue } from './catalogue-model.ts';
import { HOOK, HOOK_DELETE_POLICY, SYNC_WAVE } from './keys.ts';
import { WAVES_PAGE } from './pages.ts';

/** Phases of the hook annotation, most used first. */
export const PHASE_VALUES: readonly KnownValue[] = [
  {
    name: 'Sync',
    since: '0.8',
    summary: 'runs together with the ordinary resources, in its wave.',
    consequence:
      'The next wave, and PostSync, start only when it has completed. If it fails, nothing after it is applied and SyncFail hooks run.',
  },
  {
    name: 'PreSync',
    since: '0.8',
    summary: 'runs before anything else of this application is applied.',
    consequence:
      'Sync starts only when it has completed; if it fails, nothing else is applied and SyncFail hooks run. ConfigMaps, Secrets and ServiceAccounts of the application do not exist yet at the first sync, and are the old ones at later syncs.',
  },
  {
    name: 'PostSync',
    since: '0.8',
    summary: 'runs when everything of the Sync phase is applied and healthy.',
    consequence:
      'It never runs when the sync fails before, and waits for as long as a resource does not become healthy. If it fails, the sync has failed.',
  },
  {
    name: 'SyncFail',
    since: '1.2',
    summary: 'runs when the sync has failed, in whatever phase.',
    consequence:
      'Its wave does not count: all SyncFail hooks start together. They do not run when the dry run fails, when the sync is terminated, or when it could not begin.',
  },
  {
    name: 'Skip',
    since: '0.8',
    summary: 'leaves the manifest out of every sync.',
    consequence:
      'It is neither applied nor pruned while it stands in Git like this. Once it is removed from Git, a sync that prunes deletes the live object, which never received the annotation. Works only alone.',
  },
  {
    name: 'PreDelete',
    since: '3.3',
    summary: 'runs before the resources are deleted, when the Application is deleted.',
    consequence:
      'The Application cannot be deleted while it fails: Argo CD deletes the failed one and creates it again, without end. Waves do not count.',
  },
  {
    name: 'PostDelete',
    since: '2.10',
    summary: 'runs when the resources are deleted, after the Application was deleted.',
    consequence:
      'Without HookSucceeded it outlives the Application. While it fails, Argo CD deletes it and creates it again, and the Application does not go away. Waves do not count.',
  },
];

/** Delete policies, most used first. */
export const POLICY_VALUES: readonly KnownValue[] = [
  {
    name: 'BeforeHookCreation',
    since: '1.3',
    summary: 'deletes what an earlier sync left of the hook, right before it is created anew. The default.',
    consequence:
      'The finished hook stays to be looked at until the next sync, and runs anew in each. It never finds a hook with generateName, whose name differs in each sync.',
  },
  {
    name: 'HookSucceeded',
    since: '0.8',
    summary: 'deletes the hook when the whole sync has succeeded.',
    consequence:
      'If the sync fails the hook stays, even where it succeeded itself. Alone it takes the default away: a failed Job that stays is not run again, and fails every later sync at once.',
  },
  {
    name: 'HookFailed',
    since: '0.8',
    summary: 'deletes the hook when the whole sync has failed.',
    consequence:
      'What the failure left to look at is deleted with it. Alone it takes the default away: after a success the hook stays and does not run again.',
  },
];

/** The annotations that make a hook and give it its place. */
export const HOOK_ANNOTATIONS: readonly Annotation[] = [
  {
    key: HOOK,
    family: 'argocd',
    kind: 'list',
    places: ['resource'],
    since: '0.8',
    summary: 'Makes the manifest a hook: it runs in the phases named here, and not as an ordinary resource.',
    detail:
      'Several phases are separated by commas. Letters count: `presync` is no phase. A sync of selected resources runs no hooks. A hook is not part of the application’s health or sync status, and a change of a hook alone starts no automated sync.',
    default: 'An ordinary resource of the Sync phase.',
    ifInvalid:
      'Phases that Argo CD does not know are ignored. Where none is left, and `helm.sh/hook` names none either, the manifest is never applied, and a live copy is deleted when a sync prunes.',
    values: PHASE_VALUES,
    offered: true,
    link: WAVES_PAGE,
  },
  {
    key: SYNC_WAVE,
    family: 'argocd',
    kind: 'integer',
    places: ['resource'],
    since: '1.1',
    summary: 'Places the manifest in a wave of its phase: lower waves come first, negative ones too.',
    detail:
      'The next wave starts when every resource of this one is healthy and every hook of it complete. Kinds without a health check are not waited for. The phase always comes before the wave. Quote the number.',
    default: 'Wave 0, or the `helm.sh/hook-weight` where there is one.',
    ifInvalid:
      'Anything that is no integer is ignored: the wave is the `helm.sh/hook-weight` where there is one, else 0.',
    values: [],
    offered: true,
    link: WAVES_PAGE,
  },
  {
    key: HOOK_DELETE_POLICY,
    family: 'argocd',
    kind: 'list',
    places: ['hook'],
    since: '0.8',
    summary: 'Says when Argo CD deletes the hook.',
    detail:
      'Several policies are separated by commas and hold together, also with those of `helm.sh/hook-delete-policy`. HookSucceeded and HookFailed go by the end of the whole sync, not of the hook. The usual safe pair is `BeforeHookCreation,HookSucceeded`.',
    default: 'BeforeHookCreation holds.',
    ifInvalid: 'Policies that Argo CD does not know are ignored. Where none is left, BeforeHookCreation holds.',
    values: POLICY_VALUES,
    offered: true,
    link: WAVES_PAGE,
  },
];
