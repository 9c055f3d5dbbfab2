/** The annotation keys, finalizer and values that decide about order. Documentation of each: `catalogue.ts`. */
export const HOOK = 'argocd.argoproj.io/hook';
export const HOOK_DELETE_POLICY = 'argocd.argoproj.io/hook-delete-policy';
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
export const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
export const COMPARE_OPTIONS = 'argocd.argoproj.io/compare-options';
export const TRACKING_ID = 'argocd.argoproj.io/tracking-id';
export const HELM_HOOK = 'helm.sh/hook';
export const HELM_HOOK_WEIGHT = 'helm.sh/hook-weight';
export const HELM_HOOK_DELETE_POLICY = 'helm.sh/hook-delete-policy';
export const HELM_RESOURCE_POLICY = 'helm.sh/resource-policy';

/** Added to every hook before it is applied (gitops-engine/pkg/sync/hook/hook.go `HookFinalizer`). */
export const HOOK_FINALIZER = 'argocd.argoproj.io/hook-finalizer';

/** Phases of a sync, in their order. */
export const SYNC_PHASES = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;
export type SyncPhase = (typeof SYNC_PHASES)[number];

/** Phases of an application's deletion; the controller runs them, not the sync engine. */
export const DELETE_PHASES = ['PreDelete', 'PostDelete'] as const;
export type DeletePhase = (typeof DELETE_PHASES)[number];

/** Every value of the hook annotation that the engine knows. */
export type HookType = SyncPhase | 'Skip';

export const DELETE_POLICIES = ['BeforeHookCreation', 'HookSucceeded', 'HookFailed'] as const;
export type DeletePolicy = (typeof DELETE_POLICIES)[number];
