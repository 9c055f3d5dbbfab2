import type { ApplicationPlan, PlanPhaseName, PlanTask } from '#core/plan/model';
import type { ApplicationRef, ApplicationSummary, PlanResult } from '#protocol';
import type { RunState } from '../sync/run-state.ts';
import type { LiveStatus } from './live-marks.ts';
import type { ManifestProblems, RowProblem } from './problems.ts';
import type { Icon } from './run-marks.ts';
import type { Shown } from './shown.ts';

/** Where a manifest stands: path within the workspace folder, 1-based line. */
export interface NodePlace {
  readonly folder: string;
  readonly file: string;
  readonly line: number;
}

export type NodeKind =
  | 'application'
  | 'phase'
  | 'wave'
  | 'task'
  | 'left-out'
  | 'skipped'
  | 'problem'
  | 'left'
  | 'object'
  | 'change'
  | 'gone';

/** Which place of the plan a row stands for: a phase, a wave of it, or a task of that wave. */
export interface NodeSpot {
  readonly phase: PlanPhaseName;
  readonly wave?: number;
  readonly task?: PlanTask;
}

export interface NodeFields {
  /** The same in every plan of the same application, so that the view keeps what a person folded. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly description: string;
  /** Markdown; made when somebody hovers. */
  readonly tooltip: () => string;
  /** Grows out of what the tooltip is made of: a row whose detail stays needs no new tooltip. */
  readonly detail?: string;
  readonly icon?: Icon;
  readonly fold: 'open' | 'closed' | 'none';
  readonly place?: NodePlace;
  readonly spot?: NodeSpot;
  readonly application: ApplicationRef;
  /** Its sync was cut off: its menu offers what to do. */
  readonly trait?: 'interrupted' | 'differs';
  /** Pods of the hook have said something in the run that is shown. */
  readonly hasLogs?: boolean;
  /** What the filter looks at beside label and description. */
  readonly words?: string;
  /** Of the row and of all below it; made when somebody asks. */
  readonly problems?: () => readonly RowProblem[];
  /** Made when the row is opened. Undefined: not read yet (the plan of an application that was not opened). */
  readonly children: (() => readonly PlanNode[]) | undefined;
}

/** One row of the plan view, without anything of VS Code. Its parts are made when they are first asked for. */
export class PlanNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly description: string;
  readonly icon: Icon | undefined;
  readonly fold: NodeFields['fold'];
  readonly place: NodePlace | undefined;
  readonly spot: NodeSpot | undefined;
  readonly application: ApplicationRef;
  readonly trait: NodeFields['trait'];
  readonly hasLogs: boolean;
  readonly #fields: NodeFields;
  #children: readonly PlanNode[] | undefined;
  #problems: readonly RowProblem[] | undefined;
  #face: string | undefined;

  constructor(fields: NodeFields) {
    this.id = fields.id;
    this.kind = fields.kind;
    this.label = fields.label;
    this.description = fields.description;
    this.icon = fields.icon;
    this.fold = fields.fold;
    this.place = fields.place;
    this.spot = fields.spot;
    this.application = fields.application;
    this.trait = fields.trait;
    this.hasLogs = fields.hasLogs === true;
    this.#fields = fields;
  }

  /** Markdown. */
  get tooltip(): string {
    return this.#fields.tooltip();
  }

  /** Undefined: not read yet. */
  get children(): readonly PlanNode[] | undefined {
    return (this.#children ??= this.#fields.children?.());
  }

  get problems(): readonly RowProblem[] {
    return (this.#problems ??= this.#fields.problems?.() ?? []);
  }

  /** What the filter looks at, in lower case. */
  get words(): string {
    const problems = this.problems.map(({ message }) => message).join(' ');
    return `${this.label} ${this.description} ${this.#fields.words ?? ''} ${problems}`.toLowerCase();
  }

  /** Two rows with equal faces look the same. */
  get face(): string {
    return (this.#face ??= this.#looks());
  }

  #looks(): string {
    const { label, description, icon, fold, kind } = this;
    // A row with others below it shows only how many there are.
    const problems =
      fold === 'none'
        ? this.problems.map(({ severity, message }) => `${severity} ${message}`)
        : [String(this.problems.length)];
    const parts = [
      kind,
      this.trait,
      label,
      description,
      icon?.id,
      icon?.color,
      fold,
      this.place !== undefined,
      this.hasLogs,
      this.#fields.detail,
    ];
    return [...parts, ...problems].join('\n');
  }

  /** The same row with only these rows below it, opened. */
  with(children: readonly PlanNode[]): PlanNode {
    return new PlanNode({ ...this.#fields, fold: children.length > 0 ? 'open' : this.fold, children: () => children });
  }
}

/** What the tree is made of for one application. */
export interface ApplicationView {
  readonly summary: ApplicationSummary;
  /** Absent until the plan was asked for. */
  readonly result?: PlanResult;
  readonly run?: RunState;
  /** How it stood in a cluster when somebody asked. */
  readonly live?: LiveStatus;
}

export const applicationId = ({ folder, path, name }: ApplicationRef): string => JSON.stringify([folder, path, name]);

/** May a file belong to an application, by where it lies? */
export const mayHold = (application: ApplicationRef, folder: string, file: string): boolean =>
  application.folder === folder && (application.path === '.' || file.startsWith(`${application.path}/`));

/**
 * Where an application lies, for a person: its folder, or the chart of a registry that it takes.
 * @param root name of its workspace folder; empty where there is no other
 */
export const whereText = ({ path, chart }: ApplicationRef & { readonly chart?: string }, root = ''): string =>
  [root, chart ?? (path === '.' ? '' : path)].filter((part) => part !== '').join(' • ');

export const WARNING: Icon = { id: 'warning', color: 'list.warningForeground' };

/** What every row of one application needs to know. */
export interface Context {
  readonly application: ApplicationRef;
  readonly id: string;
  readonly plan: ApplicationPlan;
  readonly run: RunState | undefined;
  readonly live: LiveStatus | undefined;
  readonly here: number;
  readonly shown: Shown;
  /** The application has more resources than anybody reads. */
  readonly large: boolean;
  readonly problems: ManifestProblems;
}

export const placeOf = (
  context: Context,
  at: { readonly file?: string; readonly line?: number },
): { place?: NodePlace } =>
  at.file === undefined ? {} : { place: { folder: context.application.folder, file: at.file, line: at.line ?? 1 } };
