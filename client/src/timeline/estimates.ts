import { DEFAULT_SCENARIO } from '../simulation/scenario.ts';
import type { Estimate } from './model.ts';

/** How long tasks took the last time that they succeeded, by their id. */
export type Durations = Readonly<Record<string, { readonly ms: number; readonly from: 'sync' | 'simulation' }>>;

const RUNS: ReadonlySet<string> = new Set(['batch/Job', '/Pod']);
const GETS_READY: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
]);

/** Milliseconds that a simulation takes for an object of a kind, where nobody chose anything else. */
export function assumed(group: string, kind: string): number {
  const name = `${group}/${kind}`;
  if (RUNS.has(name)) return DEFAULT_SCENARIO.run;
  if (GETS_READY.has(name)) return DEFAULT_SCENARIO.ready;
  if (name === 'networking.k8s.io/Ingress') return DEFAULT_SCENARIO.ingress ?? 0;
  return group.includes('.') && !group.endsWith('.k8s.io') ? (DEFAULT_SCENARIO.custom ?? 0) : 0;
}

/**
 * How long a task is expected to take: as long as the last time, else as a simulation assumes. A deadline of a Job is
 * no estimate: it bounds how long the Job may take, and most end long before.
 */
export function estimateOf(
  { id, group, kind, waited }: { id: string; group: string; kind: string; waited: boolean },
  known: Durations,
): Estimate {
  const last = known[id];
  if (last) return last;
  if (!waited) return { ms: 0, from: 'instant' };
  return { ms: assumed(group, kind), from: 'assumed' };
}

/** So many durations are kept of an application; the longest ones matter. */
const MOST = 1000;

/**
 * What is known after one more run: its own durations in place of older ones, but a simulation's never in place of a
 * real sync's. Tasks that are not in the plan any more are forgotten.
 */
export function learned(known: Durations, run: Durations, ids: ReadonlySet<string>): Durations {
  const all = Object.entries({ ...known, ...run }).map(([id, now]): [string, Durations[string]] => {
    const before = known[id];
    return [id, before?.from === 'sync' && now.from === 'simulation' ? before : now];
  });
  const kept = all.filter(([id]) => ids.has(id)).sort(([, a], [, b]) => b.ms - a.ms);
  return Object.fromEntries(kept.slice(0, MOST));
}

/** The durations as they were kept; what is none is left out. */
export function readDurations(kept: unknown): Durations {
  if (typeof kept !== 'object' || kept === null) return {};
  const entries = Object.entries(kept as Record<string, unknown>).flatMap(
    ([id, value]): [string, Durations[string]][] => {
      if (typeof value !== 'object' || value === null) return [];
      const { ms, from } = value as { ms?: unknown; from?: unknown };
      if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) return [];
      return from === 'sync' || from === 'simulation' ? [[id, { ms, from }]] : [];
    },
  );
  return Object.fromEntries(entries);
}
