import { parseDuration } from '#core/duration';
import { at, maybeNumberAt, textAt, textsAt } from '#core/fields';
import { isObject, type Json } from '#core/object';
import type { Cluster, ClusterIdentity } from '../cluster.ts';
import { durationText } from '../duration.ts';
import type { SyncRequest } from '../request.ts';
import type { Backoff } from '../model.ts';
import { BACKOFF, waitBefore } from '../retry.ts';
import type { Signal } from '../signal.ts';
import { deploysTo, liveApplication } from './live-application.ts';
import { findApplication } from './owner.ts';

/** `spec.syncPolicy.retry` as it is written. */
export interface WrittenRetry {
  /** So many further attempts; negative: without end. */
  readonly limit: number;
  /** Durations as Go writes them; a number alone is seconds. Empty: Argo CD's default. */
  readonly duration: string;
  readonly factor: number | undefined;
  readonly maxDuration: string;
}

/** How a failed sync is tried again. */
export interface Retry {
  readonly retry: number;
  readonly backoff?: Backoff;
}

/**
 * What Argo CD makes of a written retry, where whoever asks for a sync says nothing of it; a duration that it would not
 * understand counts as not written.
 * Source: server/application/application.go `Sync`; types.go `RetryStrategy.NextRetryAt`, `parseStringToDuration`.
 */
export function retryOf({ limit, duration, factor, maxDuration }: WrittenRetry): Retry {
  const ms = (text: string): number | undefined => parseDuration(/\d$/.test(text) ? `${text}s` : text);
  const backoff = {
    duration: ms(duration) ?? BACKOFF.duration,
    factor: factor ?? BACKOFF.factor,
    maxDuration: ms(maxDuration) ?? BACKOFF.maxDuration,
  };
  return { retry: limit, backoff };
}

/** `Retry: at most 5 further attempts, 10 s after the first failure, at most 3 min apart`; empty where there is none. */
export function retryWords({ retry, backoff = BACKOFF }: Pick<SyncRequest, 'retry' | 'backoff'>): string[] {
  if (retry === 0) return [];
  const count =
    retry < 0 ? 'until it succeeds' : retry === 1 ? '1 further attempt' : `at most ${retry} further attempts`;
  const most = backoff.maxDuration > 0 && retry !== 1 ? `, at most ${durationText(backoff.maxDuration)} apart` : '';
  return [`Retry: ${count}, ${durationText(waitBefore(1, backoff))} after the first failure${most}`];
}

interface Around {
  readonly cluster: Cluster;
  readonly identity: ClusterIdentity;
  readonly signal: Signal;
}

/**
 * The request with the sync options and the retry of the Application in the cluster, as Argo CD takes them for a sync
 * that is asked for, where no manifest of the workspace says them. What cannot be read is told by the preflight.
 * Source: server/application/application.go `Sync`.
 */
export async function withLivePolicy(
  request: SyncRequest,
  { cluster, identity, signal }: Around,
): Promise<SyncRequest> {
  if (!request.adopts || request.deletion || identity.kind !== 'kubernetes') return request;
  const object = await findApplication(cluster, request, signal).catch(() => undefined);
  if (!object || !deploysTo(liveApplication(object), identity, request.namespace)) return request;
  const options = textsAt(object, 'spec', 'syncPolicy', 'syncOptions');
  const written = request.retryIsChosen === true ? undefined : writtenRetry(at(object, 'spec', 'syncPolicy', 'retry'));
  const { syncOptions = [] } = request.operation;
  const taken = [...options, ...(written && written.limit !== 0 ? ['its retry'] : [])];
  if (taken.length === 0) return request;
  const { namespace, name } = liveApplication(object);
  return {
    ...request,
    operation: { ...request.operation, syncOptions: [...new Set([...options, ...syncOptions])] },
    ...(written ? retryOf(written) : {}),
    warnings: [
      ...request.warnings,
      `Taken over from the Application ${namespace}/${name} in the cluster, as Argo CD does: ${taken.join(', ')}.`,
    ],
  };
}

function writtenRetry(retry: Json | undefined): WrittenRetry | undefined {
  if (!isObject(retry)) return undefined;
  return {
    limit: maybeNumberAt(retry, 'limit') ?? 0,
    duration: textAt(retry, 'backoff', 'duration'),
    factor: maybeNumberAt(retry, 'backoff', 'factor'),
    maxDuration: textAt(retry, 'backoff', 'maxDuration'),
  };
}
