import type { ApplicationPlan } from '#core/plan/model';
import type { ApplicationRef, ApplicationSummary, PlanResult } from '#protocol';
import type { RunState } from '../sync/run-state.ts';
import type { Icon } from './run-marks.ts';

/** Where a manifest stands: path within the workspace folder, 1-based line. */
export interface NodePlace {
  readonly folder: string;
  readonly file: string;
  readonly line: number;
}

/** One row of the plan view, without anything of VS Code. */
export interface PlanNode {
  /** The same in every plan of the same application, so that the view keeps what a person folded. */
  readonly id: string;
  readonly kind: 'application' | 'phase' | 'wave' | 'task' | 'left-out' | 'skipped' | 'problem' | 'left' | 'object';
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly icon?: Icon;
  readonly fold: 'open' | 'closed' | 'none';
  readonly place?: NodePlace;
  readonly application: ApplicationRef;
  /** Undefined: not read yet (the plan of an application that was not opened). */
  readonly children: readonly PlanNode[] | undefined;
}

/** What the tree is made of for one application. */
export interface ApplicationView {
  readonly summary: ApplicationSummary;
  /** Absent until the plan was asked for. */
  readonly result?: PlanResult;
  readonly run?: RunState;
}

export const applicationId = ({ folder, path, name }: ApplicationRef): string => JSON.stringify([folder, path, name]);

/** May a file belong to an application, by where it lies? */
export const mayHold = (application: ApplicationRef, folder: string, file: string): boolean =>
  application.folder === folder && (application.path === '.' || file.startsWith(`${application.path}/`));

export const joined = (...parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(' · ');

export const WARNING: Icon = { id: 'warning', color: 'list.warningForeground' };

/** What every row of one application needs to know. */
export interface Context {
  readonly application: ApplicationRef;
  readonly id: string;
  readonly plan: ApplicationPlan;
  readonly run: RunState | undefined;
  readonly here: number;
}

export const placeOf = (
  context: Context,
  at: { readonly file?: string; readonly line?: number },
): { place?: NodePlace } =>
  at.file === undefined ? {} : { place: { folder: context.application.folder, file: at.file, line: at.line ?? 1 } };
