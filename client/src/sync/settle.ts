import { isTerminating } from '#core/object';
import type { Bell } from './bell.ts';
import type { Clock } from './cluster.ts';
import type { Session } from './session.ts';
import { Stop, type Signal } from './signal.ts';

/** Milliseconds that deletions have to come to their end before we say what is left. */
const SETTLING = 10_000;

/** Waits until what is being deleted has gone, so that it is not told as left; not for ever. */
export async function settle(
  session: Session,
  { bell, clock, signal }: { readonly bell: Bell; readonly clock: Clock; readonly signal: Signal },
): Promise<void> {
  const until = clock.now() + SETTLING;
  while ([...session.live().values()].some(isTerminating) && clock.now() < until) {
    bell.reset();
    const enough = new Stop(signal);
    const quiet = clock.quiet?.(enough).then(() => true) ?? new Promise<boolean>(() => undefined);
    const rung = bell.wait().then(() => false);
    const late = clock.sleep(until - clock.now(), enough).then(() => false);
    const silent = await Promise.race([rung, late, quiet]);
    enough.stop();
    if (silent) return;
  }
}
