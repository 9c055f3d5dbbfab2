import { describe, expect, it } from 'vitest';
import { healthOf, type HealthOptions } from '#core/health/health';
import type { HealthResult } from '#core/health/model';
import type { JsonObject, KubeObject } from '#core/object';

/** One object of a kind, and what its health is. */
export interface Row {
  readonly title: string;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly metadata?: JsonObject;
  /** `Status` or `Status: message`. */
  readonly is: string;
}

/** An object of a kind as `group/version Kind`. */
export const objectOf = (kind: string, { spec, status, metadata }: Partial<Row>): KubeObject => {
  const space = kind.lastIndexOf(' ');
  return {
    apiVersion: kind.slice(0, space),
    kind: kind.slice(space + 1),
    metadata: { name: 'x', namespace: 'n', ...metadata },
    ...(spec ? { spec } : {}),
    ...(status ? { status } : {}),
  };
};

/** A health as `Status: message`. */
export function said(health: HealthResult): string {
  if (health === null) return 'no check';
  if ('error' in health) return `error: ${health.error}`;
  return health.message === '' ? health.status : `${health.status}: ${health.message}`;
}

/** Tests the health of objects of a kind. */
export function check(kind: string, rows: readonly Row[], options?: HealthOptions): void {
  describe(kind, () => {
    it.each(rows)('$title', (row) => {
      expect(said(healthOf(objectOf(kind, row), options))).toBe(row.is);
    });
  });
}

export const condition = (type: string, status: string, rest: JsonObject = {}): JsonObject => ({
  type,
  status,
  ...rest,
});
/** A status of conditions. */
export const conditions = (...list: readonly JsonObject[]): JsonObject => ({ conditions: [...list] });
export const generation = { generation: 2 };

/** A condition in one line: `Type=Status` or `Type=Status/Reason`, and its message; absent parts are not there. */
export function says(what: string, message?: string, rest: JsonObject = {}): JsonObject {
  const [, type = '', status = '', reason] = /^([^=]*)=([^/]*)(?:\/(.*))?$/.exec(what) ?? [];
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...rest,
  };
}
/** An object whose status has these conditions. */
export const told = (...list: readonly JsonObject[]): Partial<Row> => ({ status: conditions(...list) });

/** A table of cases of one kind: what is special, the object, and what its health is. */
export function cases(kind: string, rows: Readonly<Record<string, readonly [Partial<Row>, string]>>): void {
  check(
    kind,
    Object.entries(rows).map(([title, [row, is]]) => ({ ...row, title, is })),
  );
}
