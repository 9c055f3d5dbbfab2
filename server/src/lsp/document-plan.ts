import type { PlanView } from '../language/place.ts';
import type { Application } from '../workspace/model.ts';
import type { Folder } from './folder.ts';

/** The plan that an open document is part of. */
export interface DocumentPlan {
  readonly view: PlanView;
  /** Path under which the plan keeps the file. */
  readonly file: string;
  readonly folder: Folder;
  readonly application: Application;
}
