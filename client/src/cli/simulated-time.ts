import { setImmediate as turn, setTimeout as after } from 'node:timers/promises';
import { VirtualClock } from '../simulation/clock.ts';

const settled = (): Promise<void> => turn();

/** Time that jumps to whatever happens next. */
export const immediate = (): VirtualClock => new VirtualClock({ start: Date.now(), turn: settled });

/** So many seconds of the simulation in one real second. */
export const paced = (speed: number): VirtualClock =>
  new VirtualClock({
    start: Date.now(),
    turn: settled,
    pace: { speed, now: () => performance.now(), sleep: (ms) => after(ms) },
  });
