import type { PlanView } from '../language/place.ts';

/** The plan that an open document is part of. */
export interface DocumentPlan {
  readonly view: PlanView;
  /** Path under which the plan keeps the file. */
  readonly file: string;
}
