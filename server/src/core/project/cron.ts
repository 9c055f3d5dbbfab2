/** When something starts, in a clock's own minutes: the five fields of cron. */
export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** A day has to be in both lists; false: in one of them. */
  readonly bothDays: boolean;
}

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12, names: MONTHS },
  { from: 0, to: 6, names: DAYS },
];

/**
 * Reads the five fields of a schedule; undefined where they cannot be read.
 * Source: github.com/robfig/cron/v3 parser.go, with the options of argo-cd's types.go `SyncWindows.Active`.
 */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return undefined;
  const sets: ReadonlySet<number>[] = [];
  for (const [i, field] of FIELDS.entries()) {
    const set = valuesOf(fields[i] ?? '', field);
    if (!set) return undefined;
    sets.push(set);
  }
  const [minutes, hours, days, months, weekdays] = sets;
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const isOpen = (field = ''): boolean =>
    field.split(',').some((part) => /^[*?]/.test(part) && !/\/[^1]|\/1\d/.test(part));
  return { minutes, hours, days, months, weekdays, bothDays: isOpen(fields[2]) || isOpen(fields[4]) };
}

function valuesOf(text: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step = '1', ...more] = part.split('/');
    const every = /^\d+$/.test(step) ? Number(step) : 0;
    const bounds = boundsOf(range, part.includes('/'), field);
    if (more.length > 0 || every === 0 || !bounds) return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += every) values.add(value);
  }
  return values;
}

/** First and last value of `*`, `3`, `mon-fri`; a single value with a step goes on to the end. */
function boundsOf(range: string, hasStep: boolean, field: Field): readonly [number, number] | undefined {
  if (range === '*' || range === '?') return [field.from, field.to];
  const [low = '', high, ...more] = range.split('-');
  const from = valueOf(low, field);
  const to = high === undefined ? (hasStep ? field.to : from) : valueOf(high, field);
  if (more.length > 0 || from === undefined || to === undefined) return undefined;
  return from < field.from || to > field.to || from > to ? undefined : [from, to];
}

function valueOf(text: string, { names, from }: Field): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const at = names?.indexOf(text.toLowerCase()) ?? -1;
  return at < 0 ? undefined : at + from;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Beyond so many days a schedule never starts (the 30th of February). */
const FARTHEST = 5 * 366;

/**
 * The first start after a moment; undefined where there is none in the next five years.
 * @param after milliseconds since 1970 of a clock without time zone
 */
export function nextStart(schedule: Schedule, after: number): number | undefined {
  const first = Math.floor(after / MINUTE) * MINUTE + MINUTE;
  const today = Math.floor(first / DAY) * DAY;
  for (let i = 0; i <= FARTHEST; i++) {
    const day = today + i * DAY;
    if (!isDay(schedule, new Date(day))) continue;
    for (const hour of sorted(schedule.hours)) {
      for (const minute of sorted(schedule.minutes)) {
        const start = day + (hour * 60 + minute) * MINUTE;
        if (start >= first) return start;
      }
    }
  }
  return undefined;
}

function isDay({ days, months, weekdays, bothDays }: Schedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [day, weekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return bothDays ? day && weekday : day || weekday;
}

const sorted = (values: ReadonlySet<number>): number[] => [...values].sort((a, b) => a - b);
