/** The newest Argo CD whose behavior is known here, and what the engine reproduces. */
export const NEWEST_ARGOCD = '3.6.1';

/**
 * Numbers of a version: `v3.6.1`, `3.6`, `3.6.1+abc` and `3.6.0-rc1` are all read. Undefined for anything else.
 * A release candidate counts as its release: it has the release's features.
 */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  const match = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:[-+].*)?$/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)] : undefined;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`; an unreadable version counts as the newest. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [versionOrNewest(a), versionOrNewest(b)];
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
}

/** Whether an Argo CD of this version has what came with `since`. */
export const isAtLeast = (version: string, since: string): boolean => compareVersions(version, since) >= 0;

const NEWEST = [3, 6, 1] as const;
const versionOrNewest = (text: string): readonly [number, number, number] => parseVersion(text) ?? NEWEST;
