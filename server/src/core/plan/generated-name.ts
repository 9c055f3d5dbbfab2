import type { SyncPhase } from '../annotations/keys.ts';

const SHORT_REVISION = 7;

/**
 * The name that a hook without one gets for one operation: `generateName`, then in lower case the revision (shortened
 * to 7 where it has 8 or more), the phase, and the start of the operation in Unix seconds.
 * Source: sync_context.go `getSyncTasks`.
 */
export function generatedName(prefix: string, revision: string, phase: SyncPhase, startedAt: number): string {
  const short = revision.length > SHORT_REVISION ? revision.slice(0, SHORT_REVISION) : revision;
  return `${prefix}${`${short}-${phase}-${startedAt}`.toLowerCase()}`;
}
