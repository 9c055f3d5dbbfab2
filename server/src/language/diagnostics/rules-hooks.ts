import type { Rule } from './model.ts';
import { deleteHookNotCleaned } from './rules/delete-hook-not-cleaned.ts';
import { deleteHookWaveIgnored } from './rules/delete-hook-wave-ignored.ts';
import { forceOnCrd } from './rules/force-on-crd.ts';
import { generateNameAccumulates } from './rules/generate-name-accumulates.ts';
import { generateNameCollision } from './rules/generate-name-collision.ts';
import { generateNameTooLong } from './rules/generate-name-too-long.ts';
import { generateNameWithoutHook } from './rules/generate-name-without-hook.ts';
import { hookLogsLost } from './rules/hook-logs-lost.ts';
import { hookMayNeverFinish } from './rules/hook-may-never-finish.ts';
import { hookSidecarInjection } from './rules/hook-sidecar-injection.ts';
import { hookTtlRace } from './rules/hook-ttl-race.ts';
import { kustomizeGenerateName } from './rules/kustomize-generate-name.ts';
import { longRunningKindIsHook } from './rules/long-running-kind-is-hook.ts';
import { multiPhaseHookRunsOnce } from './rules/multi-phase-hook-runs-once.ts';
import { nameAndGenerateName } from './rules/name-and-generate-name.ts';
import { plainJobImmutable } from './rules/plain-job-immutable.ts';
import { postsyncCleanupMisread } from './rules/postsync-cleanup-misread.ts';
import { predeleteMayBlock } from './rules/predelete-may-block.ts';
import { replaceBreaksHooks } from './rules/replace-breaks-hooks.ts';
import { replaceWithoutForce } from './rules/replace-without-force.ts';
import { sharedResourceIsHook } from './rules/shared-resource-is-hook.ts';
import { staleHookReused } from './rules/stale-hook-reused.ts';
import { statefulKindIsHook } from './rules/stateful-kind-is-hook.ts';
import { suspendedHook } from './rules/suspended-hook.ts';
import { syncfailWaveIgnored } from './rules/syncfail-wave-ignored.ts';

/** The rules about a hook as an object: its name, how long it takes, what becomes of it, what kind it is. */
export const HOOK_RULES: readonly Rule[] = [
  generateNameWithoutHook,
  generateNameCollision,
  generateNameTooLong,
  generateNameAccumulates,
  nameAndGenerateName,
  kustomizeGenerateName,
  hookMayNeverFinish,
  hookTtlRace,
  hookLogsLost,
  staleHookReused,
  multiPhaseHookRunsOnce,
  statefulKindIsHook,
  sharedResourceIsHook,
  longRunningKindIsHook,
  suspendedHook,
  hookSidecarInjection,
  replaceBreaksHooks,
  forceOnCrd,
  plainJobImmutable,
  replaceWithoutForce,
  deleteHookWaveIgnored,
  deleteHookNotCleaned,
  predeleteMayBlock,
  syncfailWaveIgnored,
  postsyncCleanupMisread,
];
