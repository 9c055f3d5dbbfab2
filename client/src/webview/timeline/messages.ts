import type { ApplicationRef } from '#protocol';
import type { TimelineChange } from '../../timeline/change.ts';
import type { Timeline } from '../../timeline/model.ts';

/** Extension → page. */
export type ToTimeline =
  | { readonly type: 'show'; readonly application: ApplicationRef; readonly timeline: Timeline }
  | { readonly type: 'change'; readonly change: TimelineChange }
  /** All that is known about a task, as Markdown. */
  | { readonly type: 'about'; readonly id: string; readonly text: string }
  /** There is nothing to draw, and why. */
  | { readonly type: 'nothing'; readonly text: string };

/** Page → extension. Ids are those of tasks. */
export type FromTimeline =
  | { readonly type: 'ready' }
  | { readonly type: 'about'; readonly id: string }
  | { readonly type: 'open'; readonly id: string }
  | { readonly type: 'save'; readonly svg: string }
  /** The deletion of the application is to be shown, or its sync. */
  | { readonly type: 'deletion'; readonly on: boolean };

/** What the page keeps while it is hidden and across reloads of the window. */
export interface TimelineKept {
  readonly application: ApplicationRef;
  /** Ids of columns that a person unfolded. */
  readonly unfolded: readonly string[];
  readonly table: boolean;
}
