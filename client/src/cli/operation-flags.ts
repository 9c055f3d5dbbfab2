import type { SelectedResource } from '#core/sync/model';
import type { OperationRequest } from '#core/sync/options';
import { parseDuration } from '#core/duration';
import type { Backoff } from '../sync/model.ts';
import { BACKOFF } from '../sync/retry.ts';
import { UsageError, type Flags } from './args.ts';

/** What the flags say about the operation, on top of the options of the application itself. */
export function operationOf(flags: Flags, own: readonly string[]): OperationRequest {
  const added = [
    ...(flags.has('prune-last') ? ['PruneLast=true'] : []),
    ...(flags.has('replace') ? ['Replace=true'] : []),
    ...(flags.has('server-side') ? ['ServerSideApply=true'] : []),
    ...(flags.has('apply-out-of-sync-only') ? ['ApplyOutOfSyncOnly=true'] : []),
    ...(flags.has('create-namespace') ? ['CreateNamespace=true'] : []),
  ];
  return {
    syncOptions: [...new Set([...own, ...added])],
    prune: flags.has('prune'),
    dryRun: flags.has('dry-run'),
    force: flags.has('force'),
    forceConflicts: flags.has('force-conflicts'),
    resources: flags.all('resource').map(readResource),
  };
}

/** Reads `GROUP:KIND:[NAMESPACE/]NAME`; the core group is empty. @throws UsageError */
export function readResource(text: string): SelectedResource {
  const [group, kind, ...rest] = text.split(':');
  const place = rest.join(':');
  if (group === undefined || kind === undefined || kind === '' || place === '')
    throw new UsageError(`--resource is GROUP:KIND:[NAMESPACE/]NAME, as apps:Deployment:web, not ${text}`);
  const slash = place.indexOf('/');
  return slash < 0
    ? { group, kind, name: place }
    : { group, kind, namespace: place.slice(0, slash), name: place.slice(slash + 1) };
}

/** How a further attempt is waited for; undefined where no flag says. @throws UsageError */
export function backoffOf(flags: Flags): Backoff | undefined {
  const given = {
    duration: duration(flags, 'retry-backoff-duration'),
    factor: positive(flags, 'retry-backoff-factor'),
    maxDuration: duration(flags, 'retry-backoff-max-duration'),
  };
  const { duration: first, factor, maxDuration } = given;
  if (first === undefined && factor === undefined && maxDuration === undefined) return undefined;
  return {
    duration: first ?? BACKOFF.duration,
    factor: factor ?? BACKOFF.factor,
    maxDuration: maxDuration ?? BACKOFF.maxDuration,
  };
}

/** A whole number; undefined where the flag is not given. @throws UsageError */
export function wholeNumber(flags: Flags, name: string): number | undefined {
  const text = flags.get(name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,9}$/.test(text)) throw new UsageError(`--${name} is a whole number, not ${text}`);
  return Number(text);
}

/** A number that is not negative. @throws UsageError */
export function positive(flags: Flags, name: string): number | undefined {
  const text = flags.get(name);
  if (text === undefined) return undefined;
  if (/^-\d/.test(text)) throw new UsageError(`--${name} must not be negative: ${text}`);
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw new UsageError(`--${name} is a number, not ${text}`);
  return value;
}

/** Milliseconds. @throws UsageError */
export function duration(flags: Flags, name: string): number | undefined {
  const text = flags.get(name);
  return text === undefined ? undefined : readDuration(`--${name}`, text);
}

/** Milliseconds of a text. @throws UsageError */
export function readDuration(what: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new UsageError(`${what} is a duration, as 500ms, 90s, 10m or 1m30s, not ${text}`);
  return ms;
}
