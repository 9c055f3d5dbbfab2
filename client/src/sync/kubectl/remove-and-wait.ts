import { nameOf, namespaceOf, uidOf, type KubeObject } from '#core/object';
import type { PropagationPolicy } from '#core/sync/model';
import type { Signal } from '../signal.ts';
import type { Mapping, Requests } from './requests.ts';

/** Milliseconds that a deletion may take which has to be over before the next request, and between two looks at it. */
const GONE_MS = 60_000;
const GONE_EVERY_MS = 100;

/**
 * Deletes the object that was seen, and waits until it does not stand any more.
 * @throws Error when it does not go within a minute; ApiError
 */
export async function removeAndWait(
  requests: Requests,
  mapping: Mapping,
  seen: KubeObject,
  propagation: PropagationPolicy,
  signal: Signal,
): Promise<void> {
  if ((await requests.remove(mapping, seen, propagation, { dryRun: false }, signal)) === undefined) return;
  const end = requests.now() + GONE_MS;
  while (!signal.aborted) {
    const live = await requests.read(mapping, namespaceOf(seen), nameOf(seen), signal);
    if (live === undefined || uidOf(live) !== uidOf(seen)) return;
    if (requests.now() >= end) throw new Error(`${mapping.kind} "${nameOf(seen)}" was deleted but does not go away`);
    await requests.sleep(GONE_EVERY_MS, signal);
  }
}
