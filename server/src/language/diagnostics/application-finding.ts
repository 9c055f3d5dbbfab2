import type { PlacedDocument } from '../../manifest/model.ts';
import type { Finding, Levels } from './model.ts';

/** A finding of the application tier: in which document of which file it is. */
export interface ApplicationFinding extends Finding {
  readonly file: string;
  /** Index of the document within the file. */
  readonly index: number;
  readonly placed: PlacedDocument;
  /** It is about a manifest that was rendered from there. */
  readonly rendered?: true;
}

export interface ApplicationOptions {
  readonly argocdVersion: string;
  readonly levels: Levels;
}
