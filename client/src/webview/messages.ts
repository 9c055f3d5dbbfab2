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

/** Page → extension. */
export type FromPage = { readonly type: 'ready' } | { readonly type: 'confirm' } | { readonly type: 'cancel' };
