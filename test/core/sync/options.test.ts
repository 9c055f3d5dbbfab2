import { describe, expect, it } from 'vitest';
import { syncOptions } from '#core/sync/options';

describe('options of a sync', () => {
  it('are those of a sync that asks for nothing', () => {
    expect(syncOptions({})).toEqual({
      dryRun: false,
      prune: false,
      force: false,
      skipHooks: false,
      validate: true,
      pruneLast: false,
      pruneConfirmed: false,
      defaultPruneOption: null,
      prunePropagationPolicy: 'Foreground',
      replace: false,
      serverSideApply: false,
      serverSideApplyManager: 'argocd-controller',
      clientSideApplyMigration: true,
      clientSideApplyMigrationManager: 'kubectl-client-side-apply',
      applyOutOfSyncOnly: false,
      skipDryRunOnMissingResource: false,
      createNamespace: false,
    });
  });

  it.each([
    ['PruneLast=true', { pruneLast: true }],
    ['Replace=true', { replace: true }],
    ['ServerSideApply=true', { serverSideApply: true }],
    ['Validate=false', { validate: false }],
    ['ClientSideApplyMigration=false', { clientSideApplyMigration: false }],
    ['ApplyOutOfSyncOnly=true', { applyOutOfSyncOnly: true }],
    ['SkipDryRunOnMissingResource=true', { skipDryRunOnMissingResource: true }],
    ['CreateNamespace=true', { createNamespace: true }],
    ['Prune=confirm', { defaultPruneOption: 'confirm' }],
    ['Prune=', { defaultPruneOption: '' }],
    ['PrunePropagationPolicy=orphan', { prunePropagationPolicy: 'Orphan' }],
  ])('%s is one', (option, changed) => {
    expect(syncOptions({ syncOptions: [option] })).toEqual({ ...syncOptions({}), ...changed });
  });

  it.each([
    'Replace=TRUE',
    ' Replace=true',
    'Replace=true,PruneLast=true',
    'Validate=true',
    'Force=true',
    'Typo=true',
    '',
  ])('%j changes nothing: each is compared as a whole', (option) => {
    expect(syncOptions({ syncOptions: [option] })).toEqual(syncOptions({}));
  });

  it('take the first of several Prune options', () => {
    expect(syncOptions({ syncOptions: ['Prune=false', 'Prune=confirm'] }).defaultPruneOption).toBe('false');
  });

  it('skip hooks for the apply strategy and for a selective sync', () => {
    const resources = [{ kind: 'Pod', name: 'p' }];
    expect(syncOptions({ strategy: 'apply' }).skipHooks).toBe(true);
    expect(syncOptions({ strategy: 'hook' }).skipHooks).toBe(false);
    expect(syncOptions({ resources })).toMatchObject({ skipHooks: true, selected: resources });
    expect(syncOptions({ resources: [] })).toEqual(syncOptions({}));
  });
});
