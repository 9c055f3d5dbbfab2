import type { Preflight } from '../sync/events.ts';

/** What the preflight page shows. */
export interface PreflightView {
  readonly preflight: Preflight;
  /** Where it runs, in the button's words: `to kind-dev`, or `in the simulation`. */
  readonly place: string;
  /** What a simulation starts from and lets happen, in words; empty where nobody chose. */
  readonly scenario: string;
  /** The context's name must be typed. */
  readonly typeName: boolean;
}

/** Extension → page. */
export interface ToPage {
  readonly type: 'show';
  readonly view: PreflightView;
}

/**
 * What a person answers: sync from here, let Argo CD do it, look again with the destination namespace to be created, or
 * nothing of it.
 */
export type PageAnswer = 'confirm' | 'argocd' | 'create-namespace' | 'refuse';

/** Can the sync be left to Argo CD, whose Application is in the cluster? */
export const canHandOver = ({ owner }: Preflight): boolean => owner?.obstacles.length === 0;

/** Page → extension. */
export type FromPage = { readonly type: 'ready' } | { readonly type: 'answer'; readonly answer: PageAnswer } | ShowDiff;

/** The person wants to see a row's difference in an editor. */
export interface ShowDiff {
  readonly type: 'diff';
  /** Index of the row. */
  readonly row: number;
}
