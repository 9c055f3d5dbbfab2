import type { Json } from '../core/object.ts';
import type { AnnotationsPart, Manifest, ManifestProblem, Silence, Span } from './model.ts';

/** What a document's text was found to say. */
export interface Parsed {
  readonly manifests: readonly Manifest[];
  readonly parts: readonly AnnotationsPart[];
  readonly problems: readonly ManifestProblem[];
  readonly silences: readonly Silence[];
  /** The value of the document's root, whatever it is; null for an empty one. */
  readonly value: Json;
  /** Where the templates stand, when the document could be read only with its templates masked. */
  readonly masked: readonly Span[];
  /** Of the root's entries; undefined for an empty document. */
  readonly rootSpan?: Span | undefined;
}
