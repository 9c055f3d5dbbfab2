import { isAtLeast } from '#core/versions';
import { UsageError } from './args.ts';

/** What the Kubernetes client needs. */
const NEEDED = '22.19';

/** Is this Node.js new enough to talk to a cluster? @throws UsageError telling which one is needed */
export function requireNodeForCluster(version: string): void {
  if (isAtLeast(version, NEEDED)) return;
  throw new UsageError(
    `Syncing to a cluster needs Node.js ${NEEDED} or newer, and this is ${version}. lint, plan and simulate work here.`,
  );
}
