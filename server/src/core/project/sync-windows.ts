import { parseDuration } from '../duration.ts';
import { flagAt, listAt, textAt, textsAt } from '../fields.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import { nextStart, parseSchedule } from './cron.ts';
import { projectGlob } from './glob.ts';

/** What a sync window goes by. */
export interface WindowSubject {
  readonly application: string;
  readonly namespace: string;
  /** Names and addresses of the destination's cluster, as far as they are known. */
  readonly clusters: readonly string[];
}

/** Why Argo CD would not sync now. */
export interface WindowClosed {
  /** `deny`: such a window is open; `allow`: none of these is. */
  readonly kind: 'deny' | 'allow';
  readonly windows: readonly SyncWindow[];
  /** Milliseconds since 1970 at which that changes at the earliest; undefined: not in the next years. */
  readonly until: number | undefined;
}

/** A window of a project. Source: pkg/apis/application/v1alpha1/types.go `SyncWindow`. */
export interface SyncWindow {
  readonly kind: string;
  readonly schedule: string;
  readonly duration: string;
  readonly timeZone: string;
  readonly manualSync: boolean;
  readonly description: string;
}

/**
 * Would Argo CD refuse a sync that somebody asks for now, because of its project's sync windows? Undefined: it would not,
 * or a window cannot be read.
 * @param now milliseconds since 1970
 * Source: pkg/apis/application/v1alpha1/types.go `SyncWindows.Matches`, `SyncWindows.CanSync`.
 */
export function closedWindow(project: KubeObject, subject: WindowSubject, now: number): WindowClosed | undefined {
  const windows = listAt(project, 'spec', 'syncWindows')
    .filter((window) => matches(window, subject))
    .map(windowOf);
  const timed = windows.map((window) => ({ window, times: timesOf(window, now) }));
  const denying = timed.filter(({ window, times }) => window.kind === 'deny' && times?.isOpen === true);
  if (denying.length > 0) {
    if (denying.every(({ window }) => window.manualSync)) return undefined;
    const ends = denying.map(({ times }) => times?.ends ?? now);
    return { kind: 'deny', windows: denying.map(({ window }) => window), until: Math.max(...ends) };
  }
  const allowing = timed.filter(({ window }) => window.kind === 'allow');
  if (allowing.length === 0 || allowing.some(({ times }) => times === undefined || times.isOpen)) return undefined;
  if (allowing.every(({ window }) => window.manualSync)) return undefined;
  const starts = allowing.flatMap(({ times }) => (times?.starts === undefined ? [] : [times.starts]));
  return {
    kind: 'allow',
    windows: allowing.map(({ window }) => window),
    until: starts.length === 0 ? undefined : Math.min(...starts),
  };
}

const windowOf = (window: JsonObject): SyncWindow => ({
  kind: textAt(window, 'kind'),
  schedule: textAt(window, 'schedule'),
  duration: textAt(window, 'duration'),
  timeZone: textAt(window, 'timeZone'),
  manualSync: flagAt(window, 'manualSync'),
  description: textAt(window, 'description'),
});

/** A window names applications, clusters and namespaces: one has to fit, or with `andOperator` all that are named. */
function matches(window: JsonObject, { application, namespace, clusters }: WindowSubject): boolean {
  const fits = (key: string, texts: readonly string[]): boolean | undefined => {
    const patterns = textsAt(window, key);
    if (patterns.length === 0) return undefined;
    return patterns.some((pattern) => texts.some((text) => projectGlob(pattern, text)));
  };
  const named = [fits('applications', [application]), fits('clusters', clusters), fits('namespaces', [namespace])];
  const given = named.filter((fit) => fit !== undefined);
  return flagAt(window, 'andOperator') ? given.length > 0 && given.every(Boolean) : given.some(Boolean);
}

interface Times {
  readonly isOpen: boolean;
  /** When it ends, where it is open. */
  readonly ends?: number;
  /** When it starts next. */
  readonly starts?: number;
}

/** Undefined where the window cannot be read. The offset of the time zone is that of now, as in Argo CD. */
function timesOf({ schedule: text, duration: length, timeZone }: SyncWindow, now: number): Times | undefined {
  const schedule = parseSchedule(text);
  const duration = parseDuration(length);
  if (!schedule || duration === undefined) return undefined;
  const offset = offsetOf(timeZone, now);
  const start = nextStart(schedule, now + offset - duration);
  const isOpen = start !== undefined && start < now + offset;
  const next = nextStart(schedule, now + offset);
  return {
    isOpen,
    ...(isOpen ? { ends: start + duration - offset } : {}),
    ...(next === undefined ? {} : { starts: next - offset }),
  };
}

/** Milliseconds by which a time zone is before UTC; an unknown one counts as UTC. */
function offsetOf(timeZone: string, now: number): number {
  if (timeZone === '') return 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '', hours = '0', minutes = '0'] = /GMT([+-])(\d+):?(\d+)?/.exec(name) ?? [];
    const offset = Number(hours) * 3_600_000 + Number(minutes) * 60_000;
    return sign === '-' ? -offset : offset;
  } catch {
    return 0;
  }
}
