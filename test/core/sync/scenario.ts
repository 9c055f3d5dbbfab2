import { expect, it } from 'vitest';
import type { HealthStatus } from '#core/health/model';
import { World, type WorldOptions } from './world.ts';

/** One pass of a scenario. */
export interface PassRow {
  /** Health of objects from this pass on: `{ 'Job pre': 'Healthy' }`, or with a message. */
  readonly given?: Readonly<Record<string, HealthStatus | readonly [HealthStatus, string]>>;
  /** Anything else that happens before the pass. */
  readonly before?: (world: World) => void;
  readonly action?: 'sync' | 'terminate';
  /** `Phase: message` of the operation afterwards. */
  readonly expect: string;
  /** Everything that the pass writes, in order, as `verb Kind/name`. */
  readonly writes?: readonly string[];
}

export interface Scenario extends WorldOptions {
  /** Number of the row in the specification's table of scenarios, and what it is about. */
  readonly title: string;
  readonly prepare?: (world: World) => void;
  readonly passes: readonly PassRow[];
  /** Results at the end, as `Kind/name@Phase: status hookPhase message`. */
  readonly results?: readonly string[];
  /** Objects that stand at the end, or not, as `Kind name`. */
  readonly stands?: readonly string[];
  readonly gone?: readonly string[];
}

export function scenarios(rows: readonly Scenario[]): void {
  it.each(rows)('$title', (row) => {
    const world = new World(row);
    row.prepare?.(world);
    const got = row.passes.map((pass) => {
      for (const [label, health] of Object.entries(pass.given ?? {})) {
        const [status, message] = typeof health === 'string' ? [health, ''] : health;
        world.set(label, status, message);
      }
      pass.before?.(world);
      const operation = world.pass(pass.action);
      return { expect: operation, ...(pass.writes ? { writes: world.writes } : {}) };
    });
    expect(got).toEqual(
      row.passes.map(({ expect: message, writes }) => ({ expect: message, ...(writes ? { writes } : {}) })),
    );
    if (row.results) expect(world.rows()).toEqual(row.results);
    expect((row.stands ?? []).filter((label) => !world.has(label))).toEqual([]);
    expect((row.gone ?? []).filter((label) => world.has(label))).toEqual([]);
  });
}
