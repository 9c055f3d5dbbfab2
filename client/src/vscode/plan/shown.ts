/** The plans of an application, one switch each. */
export const PLAN_PARTS = ['sync', 'syncFail', 'delete'] as const;
export type PlanPart = (typeof PLAN_PARTS)[number];

/** What the view shows of what there is. */
export interface Shown {
  readonly parts: readonly PlanPart[];
  /** Only applications that use hooks or waves. */
  readonly onlyOrdered: boolean;
  /** Words that a row has to hold; empty: every row is shown. */
  readonly filter: string;
}

export const EVERYTHING: Shown = { parts: PLAN_PARTS, onlyOrdered: false, filter: '' };

const PART_LABELS: Readonly<Record<PlanPart, string>> = { sync: 'Sync', syncFail: 'If it fails', delete: 'Delete' };

/** `Sync · If it fails · with ordering only`: what is shown, where it is not everything. */
export function shownText({ parts, onlyOrdered }: Shown): string {
  const some = parts.length === PLAN_PARTS.length ? [] : PLAN_PARTS.filter((part) => parts.includes(part));
  return [...some.map((part) => PART_LABELS[part]), ...(onlyOrdered ? ['with ordering only'] : [])].join(' · ');
}

/** Switches one plan on or off. The last one stays on: a view of nothing helps nobody. */
export function withPart(shown: Shown, part: PlanPart, on: boolean): Shown {
  const parts = PLAN_PARTS.filter((one) => (one === part ? on : shown.parts.includes(one)));
  return parts.length === 0 ? shown : { ...shown, parts };
}

/** What was kept of an earlier window, as far as it still means something. */
export function shownFrom(kept: unknown): Shown {
  if (typeof kept !== 'object' || kept === null) return EVERYTHING;
  const { parts, onlyOrdered, filter } = kept as Readonly<Record<string, unknown>>;
  const known = PLAN_PARTS.filter((part) => Array.isArray(parts) && parts.includes(part));
  return {
    parts: known.length === 0 ? PLAN_PARTS : known,
    onlyOrdered: onlyOrdered === true,
    filter: typeof filter === 'string' ? filter : '',
  };
}
