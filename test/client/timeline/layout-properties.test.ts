import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { criticalPath } from '../../../client/src/timeline/critical.ts';
import { SIZE, type Picture } from '../../../client/src/timeline/layout.ts';
import { tasksOf, type Timeline, type TimelineTask } from '../../../client/src/timeline/model.ts';
import { columnTimes, type Timed } from '../../../client/src/timeline/times.ts';
import { picture } from './shop.ts';

interface AnyTask {
  readonly ms: number;
  readonly waited: boolean;
  readonly startedAt: number | undefined;
  readonly length: number | undefined;
}

const task = fc.record({
  ms: fc.integer({ min: 0, max: 4_000_000 }),
  waited: fc.boolean(),
  startedAt: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
  length: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: undefined }),
});
const lanes = fc.array(fc.array(fc.array(task, { minLength: 1, maxLength: 28 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
});

/** Any timeline: waves begin one after the other, as they do. */
function anyTimeline(drawnLanes: readonly (readonly (readonly AnyTask[])[])[]): Timeline {
  let begin = 1_000_000;
  return {
    ...{ application: 'any', where: '', deletes: false },
    run: { line: '', stage: 'running', outcome: 'none', startedAt: begin, clock: { now: begin, speed: 1 } },
    lanes: drawnLanes.map((columns, l) => ({
      ...{ phase: `P${l}`, title: `P${l}`, meaning: '', conditional: l === 3 },
      columns: columns.map((tasks, c) => {
        begin += 1_000_000;
        return {
          ...{ id: `P${l} ${c}`, wave: c },
          gate: { waits: true, text: 'waits', mayHang: false, about: [] },
          tasks: tasks.map(({ ms, waited, startedAt, length }, t): TimelineTask => {
            const start = startedAt === undefined ? undefined : begin + startedAt;
            const end = start === undefined || length === undefined ? undefined : start + length;
            return {
              ...{ id: `${l} ${c} ${t}`, name: `task-${t}`, kind: 'Job', hook: false, opens: true },
              until: waited ? 'completes' : null,
              estimate: { ms, from: 'assumed' },
              progress: {
                state: start === undefined ? 'waiting' : end === undefined ? 'running' : 'done',
                message: '',
                ...(start === undefined ? {} : { startedAt: start }),
                ...(end === undefined ? {} : { finishedAt: end }),
              },
            };
          }),
        };
      }),
    })),
  };
}

describe('any timeline, at any width', () => {
  const holds = (check: (timeline: Timeline, shown: Picture) => void): void =>
    fc.assert(
      fc.property(
        lanes,
        fc.integer({ min: 100, max: 3000 }),
        fc.integer({ min: 0, max: 40_000_000 }),
        (any, width, ms) => {
          const timeline = anyTimeline(any);
          check(timeline, picture(timeline, { width, now: 1_000_000 + ms }));
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );

  test('every task stands in one bar, in the order of the plan', () => {
    holds((timeline, { bars }) => {
      const ids = bars.flatMap(({ times }) => times.tasks.map(({ id }) => id));
      expect([...ids].sort()).toEqual(
        tasksOf(timeline)
          .map(({ id }) => id)
          .sort(),
      );
      const order = new Map(tasksOf(timeline).map(({ id }, i) => [id, i]));
      for (const [i, bar] of bars.entries()) {
        const next = bars[i + 1];
        if (!next || bar.column !== next.column || next.times.folded) continue;
        expect(order.get(bar.id) ?? 0).toBeLessThan(order.get(next.id) ?? 0);
      }
    });
  });

  test('no bar lies on another one, and each within its column and its lane', () => {
    holds((_, { bars, columns, lanes: all }) => {
      for (const bar of bars) {
        const column = columns[bar.column];
        const lane = all[bar.lane];
        if (!column || !lane) throw new Error('a bar without its column');
        expect(bar.x).toBeGreaterThanOrEqual(column.x + SIZE.padding - 0.01);
        if (bar.restWidth !== SIZE.leastRest)
          expect(bar.x + bar.width + bar.restWidth).toBeLessThanOrEqual(column.x + column.width - SIZE.padding + 0.01);
        expect(bar.y + (bar.flat ? SIZE.flatRow : SIZE.row)).toBeLessThanOrEqual(lane.y + lane.height);
      }
      for (const [i, bar] of bars.entries()) {
        const next = bars[i + 1];
        if (next && next.column === bar.column) expect(next.y - bar.y).toBe(bar.flat ? SIZE.flatRow : SIZE.row);
      }
    });
  });

  test('columns follow one another without a gap, and lanes one below the other', () => {
    holds((_, { columns, lanes: all }) => {
      const always = columns.filter(({ times }) => !times.lane.conditional);
      for (const [i, column] of always.entries()) {
        const next = always[i + 1];
        if (next) expect(next.x).toBeCloseTo(column.x + column.width, 6);
      }
      for (const [i, lane] of all.entries()) {
        const next = all[i + 1];
        if (next) expect(next.y).toBeCloseTo(lane.y + lane.height, 6);
      }
    });
  });

  test('bars of the same length are as wide everywhere', () => {
    holds((_, { bars }) => {
      const scales = bars.flatMap(({ width, times }) => (times.length > 0 ? [width / times.length] : []));
      for (const scale of scales) expect(scale).toBeCloseTo(scales[0] ?? 0, 9);
    });
  });

  test('the critical path is the slowest task of each wave that is waited for, and as long as all of these', () => {
    holds((timeline, { critical }) => {
      const onPath = new Set(critical.tasks);
      const columns = columnTimes(timeline, timeline.run?.clock?.now);
      const path = criticalPath(timeline, columns);
      const long = ({ length, rest }: Timed): number => length + rest;
      let sum = 0;
      for (const { timed, lane } of columns) {
        // What runs only after a failure is not expected to.
        const counts = ({ task: one }: Timed): boolean =>
          one.until !== null && !(lane.conditional && one.progress.state === 'waiting');
        const own = timed.filter(({ task: { id } }) => path.tasks.includes(id));
        expect(own.length).toBeLessThanOrEqual(1);
        for (const one of own) {
          sum += long(one);
          for (const other of timed.filter(counts)) expect(long(other)).toBeLessThanOrEqual(long(one));
        }
      }
      expect(path.ms).toBeCloseTo(sum, 6);
      for (const one of tasksOf(timeline)) if (onPath.has(one.id)) expect(one.until).not.toBeNull();
    });
  });
});
