import { describe, expect, it } from 'vitest';
import {
  ANNOTATION_KEYS,
  ANNOTATIONS,
  annotationFor,
  isKnownSyncOption,
  PHASE_NAMES,
  POLICY_NAMES,
  SYNC_OPTION_LIST,
  syncOptionsFor,
} from '#core/annotations/catalogue';
import { DELETE_PHASES, DELETE_POLICIES, SYNC_PHASES } from '#core/annotations/keys';
import { compareVersions, isAtLeast, parseVersion } from '#core/versions';

describe('the catalogue of annotations', () => {
  it('knows the phases and policies that the engine knows, and no others', () => {
    expect([...PHASE_NAMES].sort()).toEqual([...SYNC_PHASES, ...DELETE_PHASES, 'Skip'].sort());
    expect([...POLICY_NAMES].sort()).toEqual([...DELETE_POLICIES].sort());
  });

  it('offers values by how often they are used', () => {
    expect(PHASE_NAMES).toEqual(['Sync', 'PreSync', 'PostSync', 'SyncFail', 'Skip', 'PreDelete', 'PostDelete']);
    expect(POLICY_NAMES).toEqual(['BeforeHookCreation', 'HookSucceeded', 'HookFailed']);
    expect(syncOptionsFor('resource').map((option) => option.name)).toEqual([
      'SkipDryRunOnMissingResource=true',
      'Prune=false',
      'ServerSideApply=true',
      'Replace=true',
      'Force=true',
      'Validate=false',
      'PruneLast=true',
      'Delete=false',
      'Prune=confirm',
      'Delete=confirm',
      'ServerSideApply=false',
    ]);
  });

  it('says of each entry what it is for, since when, what holds without it and after a mistake, with a link', () => {
    for (const annotation of ANNOTATIONS) {
      for (const text of [annotation.summary, annotation.detail, annotation.default, annotation.ifInvalid]) {
        expect(text.trim(), annotation.key).not.toBe('');
      }
      expect(parseVersion(annotation.since), annotation.key).toBeDefined();
      expect(annotation.link).toMatch(
        /^https:\/\/argo-cd\.readthedocs\.io\/en\/stable\/(user-guide|operator-manual)\/[a-z_-]+\/(#[a-z-]+)?$/,
      );
      for (const value of annotation.values) {
        expect(parseVersion(value.since), value.name).toBeDefined();
        expect(value.summary.trim() && value.consequence.trim(), value.name).not.toBe('');
      }
    }
  });

  it('keeps each pair of key and place once', () => {
    const pairs = ANNOTATIONS.flatMap((a) => a.places.map((place) => `${place} ${a.key}`));
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(new Set(ANNOTATION_KEYS).size).toBe(ANNOTATION_KEYS.length);
  });

  it('reads compare-options of an Application as the Application’s', () => {
    const names = (onApplication: boolean) =>
      annotationFor('argocd.argoproj.io/compare-options', onApplication)?.values.map((value) => value.name);
    expect(names(true)).toContain('ServerSideDiff=true');
    expect(names(false)).toEqual(['IgnoreExtraneous']);
  });

  it('knows options in their own case alone, and takes a default written out for no mistake', () => {
    expect(SYNC_OPTION_LIST.every((option) => isKnownSyncOption(option.name))).toBe(true);
    expect(['Prune=true', 'Replace=false', 'Validate=true'].every(isKnownSyncOption)).toBe(true);
    expect(['Prune=False', 'prune=false', 'Replace', 'Replace = true', 'toString=true'].some(isKnownSyncOption)).toBe(
      false,
    );
  });
});

describe('versions of Argo CD', () => {
  it('are compared by number', () => {
    expect(compareVersions('v2.10.0', '2.9')).toBeGreaterThan(0);
    expect(compareVersions('3.6', 'v3.6.0+abc')).toBe(0);
    expect(isAtLeast('2.9.3', '2.10')).toBe(false);
    expect(isAtLeast('3.3.0-rc1', '3.3')).toBe(true);
  });

  it('count as the newest where they cannot be read', () => {
    expect(parseVersion('latest')).toBeUndefined();
    expect(isAtLeast('latest', '3.6')).toBe(true);
  });
});
