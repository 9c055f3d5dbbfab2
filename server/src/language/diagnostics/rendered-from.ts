import type { KubeObject } from '../../core/object.ts';
import type { Manifest, PlacedDocument, Span } from '../../manifest/model.ts';
import type { RenderedSource } from '../../workspace/render/rendered.ts';

/** A place of the source that something of a rendered manifest is led back to. */
export interface SourcePlace {
  readonly file: string;
  /** Index of the document within the file. */
  readonly index: number;
  readonly placed: PlacedDocument;
  readonly span: Span;
  /** How it was rendered from there, in words. */
  readonly origin: string;
  /** A patch wrote it, whatever the manifest says that it changes. */
  readonly patch?: boolean;
  /** The manifest that it was rendered from, and the place there: another one where a values file decides. */
  readonly template?: {
    readonly file: string;
    readonly placed: PlacedDocument;
    readonly manifest?: Manifest;
    readonly span: Span;
  };
}

/** Where an object of a render is led back to. */
export interface RenderedFrom {
  readonly source: RenderedSource;
  readonly object: KubeObject;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly origin: string;
  /** The Application that says what the source is rendered with, and which of its sources it is. */
  readonly declared?: { readonly file: string; readonly line: number; readonly source: number };
}
