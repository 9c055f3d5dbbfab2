import type { SyncEnd } from './run.ts';

/** How a program that ran this ends: 0 fine, 1 the operation failed, 2 it could not begin, 3 it may not, or was refused. */
export function exitCodeOf(end: SyncEnd): number {
  switch (end.kind) {
    case 'blocked':
      return end.denied ? 3 : 2;
    case 'refused':
    case 'unfinished':
      return 3;
    case 'not-resumed':
      return 2;
    case 'discarded':
      return 0;
    case 'finished':
      return end.phase === 'Succeeded' ? 0 : 1;
  }
}
