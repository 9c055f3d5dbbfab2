import type { Span } from '../manifest/model.ts';

/** What a hover says. */
export interface HoverText {
  /** What the hover is about. */
  readonly span: Span;
  readonly markdown: string;
}
