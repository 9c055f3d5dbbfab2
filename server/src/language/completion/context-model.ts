import type { Span } from '../../manifest/model.ts';
import type { MapPlace } from './map-places.ts';
import type { Quote } from './quote.ts';

/** What will be replaced, and what has to be written around the text that is chosen: indentation, quotes, a colon. */
export interface Written {
  readonly replace: Span;
  readonly prefix: string;
  readonly suffix: string;
}

/** A key of `metadata.annotations` is written here. */
export interface KeyContext extends Written, MapPlace {
  readonly kind: 'key';
  /** JSON knows no plain texts. */
  readonly json?: boolean;
  /** It is written as a part of a JSON pointer. */
  readonly pointer?: true;
  /** Keys that are there already. */
  readonly existing: ReadonlySet<string>;
}

/** The value of an annotation is written here. */
export interface ValueContext extends MapPlace {
  readonly kind: 'value';
  readonly replace: Span;
  readonly key: string;
  /** The value as far as it is written, without quotes. */
  readonly text: string;
  /** Where the cursor stands in `text`. */
  readonly cursor: number;
  readonly quote: Quote;
  /** The quote is closed behind the value. */
  readonly closed: boolean;
  /** A space has to come between the colon and the value. */
  readonly needsSpace: boolean;
  /** JSON knows no plain texts. */
  readonly json: boolean;
  /** Content of a block scalar, which is a text whatever it is. */
  readonly block?: boolean;
  /** Values of the annotations of the same map, by key. */
  readonly beside: () => ReadonlyMap<string, string>;
}

/** A key of `metadata` is written here, and there are no annotations yet. */
export interface MetadataContext extends Written, MapPlace {
  readonly kind: 'metadata';
  /** How the map of the annotations is written around its first entry: on lines of its own, or in braces. */
  readonly map: { readonly open: string; readonly close: string };
  /** JSON knows no plain texts. */
  readonly json?: boolean;
}

/** Nothing stands in the document yet: a whole manifest may be written here. */
export interface DocumentContext {
  readonly kind: 'document';
  readonly replace: Span;
  readonly lineEnd: string;
}

/** An item of an Argo CD Application's `spec.syncPolicy.syncOptions` is written here. */
export interface OptionContext extends Written {
  readonly kind: 'option';
  /** Items that are there already. */
  readonly existing: readonly string[];
}

export type CompletionContext = KeyContext | ValueContext | MetadataContext | OptionContext | DocumentContext;

/** A key or a value of annotations, or the annotations themselves. */
export type AnnotationContext = KeyContext | ValueContext | MetadataContext;
