import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextStart, parseSchedule } from '#core/project/cron';

const at = (text: string): number => Date.parse(`${text}:00Z`);
const next = (schedule: string, after: string): string | undefined => {
  const parsed = parseSchedule(schedule);
  const found = parsed && nextStart(parsed, at(after));
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16);
};

describe('the next start', () => {
  test.each([
    ['0 22 * * *', '2026-11-26T21:59', '2026-11-26T22:00'],
    ['0 22 * * *', '2026-11-26T22:00', '2026-11-27T22:00'],
    ['*/15 * * * *', '2026-11-26T10:07', '2026-11-26T10:15'],
    ['30 8-17/3 * * mon-fri', '2026-11-27T17:31', '2026-11-30T08:30'],
    ['0 0 1 jan ?', '2026-11-26T00:00', '2027-01-01T00:00'],
    ['5/20 3 * * *', '2026-11-26T03:06', '2026-11-26T03:25'],
    // The days of the month and of the week: one is enough, unless one of them is open.
    ['0 0 13 * 5', '2026-11-26T00:00', '2026-11-27T00:00'],
    ['0 0 13 * *', '2026-11-26T00:00', '2026-12-13T00:00'],
    ['0 0 */2 * 0', '2026-11-26T00:00', '2026-11-27T00:00'],
    ['0 0 29 2 *', '2026-11-26T00:00', '2028-02-29T00:00'],
    ['0 0 30 2 *', '2026-11-26T00:00', undefined],
  ])('of %s after %s is %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  test('is the first minute that fits', () => {
    const field = (from: number, to: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: from, max: to }).map(String),
        fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to })).map((pair) => {
          const [low, high] = pair.sort((a, b) => a - b);
          return `${low}-${high}`;
        }),
      );
    const schedules = fc.tuple(field(0, 59), field(0, 23), field(1, 28), fc.constant('*'), field(0, 6));
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 50_000 }), (fields, minutes) => {
        const schedule = parseSchedule(fields.join(' '));
        expect(schedule).toBeDefined();
        if (!schedule) return;
        const after = at('2026-11-26T00:00') + minutes * 60_000;
        const found = nextStart(schedule, after);
        let tried = after + 60_000;
        while (!fits(schedule, new Date(tried))) tried += 60_000;
        expect(found).toBe(tried);
      }),
      { numRuns: 60 },
    );
  });
});

/** Looks at one minute, in the plainest way. */
function fits(schedule: NonNullable<ReturnType<typeof parseSchedule>>, date: Date): boolean {
  const [day, weekday] = [schedule.days.has(date.getUTCDate()), schedule.weekdays.has(date.getUTCDay())];
  const isDay = schedule.bothDays ? day && weekday : day || weekday;
  return isDay && schedule.hours.has(date.getUTCHours()) && schedule.minutes.has(date.getUTCMinutes());
}

test.each(['', '* * * *', '60 * * * *', '* * * * 7', '* * 0 * *', '5-3 * * * *', '*/0 * * * *', 'x * * * *', '@daily'])(
  '“%s” is no schedule',
  (text) => {
    expect(parseSchedule(text)).toBeUndefined();
  },
);
