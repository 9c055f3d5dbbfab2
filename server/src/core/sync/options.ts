import type { PropagationPolicy, SelectedResource, SyncOptions } from './model.ts';

/** What a user asks of a sync; the names of an Application's `operation.sync`. */
export interface OperationRequest {
  /** Options as in `operation.sync.syncOptions`: each one whole, as it stands. */
  readonly syncOptions?: readonly string[];
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  /** Absent: `hook`. */
  readonly strategy?: 'apply' | 'hook';
  readonly force?: boolean;
  /** Server-side applies take over fields that others own, as in Argo CD they always do. */
  readonly forceConflicts?: boolean;
  /** Selective sync: these resources alone, and no hooks. */
  readonly resources?: readonly SelectedResource[];
  readonly managedNamespaceMetadata?: NonNullable<SyncOptions['managedNamespaceMetadata']>;
  /** Value of the Application's annotation `client-side-apply-migration-manager`. */
  readonly clientSideApplyMigrationManager?: string;
  /** Pruning of what asks for confirmation has been approved. */
  readonly pruneApproved?: boolean;
}

/** Field manager of server-side applies. Source: common/common.go `ArgoCDSSAManager`. */
export const SERVER_SIDE_MANAGER = 'argocd-controller';
/** Field manager whose fields are moved before a server-side apply. Source: gitops-engine/pkg/sync/common/types.go `DefaultClientSideApplyMigrationManager`. */
export const CLIENT_SIDE_MANAGER = 'kubectl-client-side-apply';

/** Of several the first of these counts. Source: controller/sync.go `SyncAppState`. */
const PROPAGATION: readonly (readonly [string, PropagationPolicy])[] = [
  ['PrunePropagationPolicy=background', 'Background'],
  ['PrunePropagationPolicy=foreground', 'Foreground'],
  ['PrunePropagationPolicy=orphan', 'Orphan'],
];

/**
 * What the engine is called with for a request. Options that Argo CD does not know change nothing.
 * Source: controller/sync.go `SyncAppState`; pkg/apis/application/v1alpha1/types.go `SyncOptions`.
 */
export function syncOptions(request: OperationRequest): SyncOptions {
  const list = request.syncOptions ?? [];
  const has = (option: string): boolean => list.includes(option);
  const selected = request.resources ?? [];
  const managed = request.managedNamespaceMetadata;
  const prune = list.find((option) => option.startsWith('Prune='));
  return {
    dryRun: request.dryRun ?? false,
    prune: request.prune ?? false,
    force: request.force ?? false,
    skipHooks: request.strategy === 'apply' || selected.length > 0,
    validate: !has('Validate=false'),
    pruneLast: has('PruneLast=true'),
    pruneConfirmed: request.pruneApproved ?? false,
    defaultPruneOption: prune?.slice('Prune='.length) ?? null,
    prunePropagationPolicy: PROPAGATION.find(([option]) => has(option))?.[1] ?? 'Foreground',
    replace: has('Replace=true'),
    serverSideApply: has('ServerSideApply=true'),
    serverSideApplyManager: SERVER_SIDE_MANAGER,
    clientSideApplyMigration: !has('ClientSideApplyMigration=false'),
    clientSideApplyMigrationManager: request.clientSideApplyMigrationManager ?? CLIENT_SIDE_MANAGER,
    applyOutOfSyncOnly: has('ApplyOutOfSyncOnly=true'),
    skipDryRunOnMissingResource: has('SkipDryRunOnMissingResource=true'),
    createNamespace: has('CreateNamespace=true'),
    ...(managed ? { managedNamespaceMetadata: managed } : {}),
    ...(selected.length > 0 ? { selected } : {}),
  };
}
