import type { OperationChoices } from '../sync/model.ts';
import type { Preflight } from '../sync/events.ts';

/** What the preflight page shows. */
export interface PreflightView {
  readonly preflight: Preflight;
  /** Where it runs, in the button's words: `to kind-dev`, of a deletion `from kind-dev`, or `in the simulation`. */
  readonly place: string;
  /** What a simulation starts from and lets happen, in words; empty where nobody chose. */
  readonly scenario: string;
  /** Whose name must be typed; undefined: a click is enough. */
  readonly typed: 'context' | 'application' | undefined;
}

/** Extension → page. */
export interface ToPage {
  readonly type: 'show';
  readonly view: PreflightView;
}

/** What a person answers: sync from here, let Argo CD do it, or nothing of it. */
export type PageAnswer = 'confirm' | 'argocd' | 'refuse';

/** Can other options be chosen for it? One that was cut off goes on as it was started. */
export const canRevise = ({ choices, resumes }: Preflight): boolean => choices !== undefined && resumes !== true;

/** Which of the preflights of a run it is. */
export const editionOf = ({ edition = 1 }: Preflight): number => edition;

/** Can the sync be left to Argo CD, whose Application is in the cluster? */
export const canHandOver = ({ owner }: Preflight): boolean => owner?.obstacles.length === 0;

/** Page → extension. */
export type FromPage =
  | { readonly type: 'ready' }
  /** To the preflight of this edition, and to no other. */
  | { readonly type: 'answer'; readonly answer: PageAnswer; readonly edition: number }
  /** What would happen with these options? */
  | { readonly type: 'revise'; readonly edition: number; readonly choices: OperationChoices }
  | ShowDiff;

/** The person wants to see a row's difference in an editor. */
export interface ShowDiff {
  readonly type: 'diff';
  /** Index of the row. */
  readonly row: number;
}
