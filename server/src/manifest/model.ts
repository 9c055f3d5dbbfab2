import type { Json, KubeObject } from '../core/object.ts';

/** A stretch of text, in UTF-16 units from the start of its YAML document, so that an unchanged document can move. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block' | 'none';

/** One entry of `metadata.annotations`, as written. */
export interface AnnotationEntry {
  readonly key: string;
  readonly keySpan: Span;
  /** What the value means to Argo CD: a text, or (a mistake) a number, boolean, null, list or map. */
  readonly value: Json;
  /** The value with its quotes; empty at the place where it would stand when nothing is written. */
  readonly valueSpan: Span;
  readonly style: ScalarStyle;
  /** Holds a template (`{{ … }}`, `${…}` and the like): never judged. */
  readonly templated: boolean;
  /** Brought in by a merge key (`<<`); its spans are where the map that the key names is written. */
  readonly merged?: boolean;
  /** The key is written as a part of a JSON pointer, with `~1` for `/`: in the `path` of a JSON patch. */
  readonly pointer?: boolean;
}

/** One item of a list, as written. */
export interface ListEntry {
  readonly value: Json;
  /** The item with its quotes. */
  readonly span: Span;
  readonly style: ScalarStyle;
  readonly templated: boolean;
}

/** One Kubernetes object as written. An item of a `kind: List` is a manifest of its own. */
export interface Manifest {
  /** The value; masked templates stand in it as text. */
  readonly object: KubeObject;
  readonly span: Span;
  /** Of the values of `kind` and `metadata.name` (or `generateName`), where they are written. */
  readonly kindSpan?: Span;
  readonly nameSpan?: Span;
  /** Of `metadata` (its block of entries) and of `metadata.annotations`, where they are written. */
  readonly metadataSpan?: Span;
  readonly annotationsSpan?: Span;
  /** Of the keys `metadata` and `annotations`, where they are written. */
  readonly metadataKeySpan?: Span;
  readonly annotationsKeySpan?: Span;
  readonly annotations: readonly AnnotationEntry[];
  /** Items of `spec.syncPolicy.syncOptions` of an Argo CD Application, as written; absent on every other kind. */
  readonly syncOptions?: readonly ListEntry[];
  /** Holds a template somewhere. */
  readonly templated: boolean;
}

/**
 * What annotations are part of that stand apart from their object: a strategic patch within a text, a JSON patch, the
 * common annotations of a kustomization, the options of its generators, values of a chart, or the template of an
 * ApplicationSet.
 */
export type PartKind = 'patch' | 'json-patch' | 'common' | 'generator' | 'values' | 'template';

/** Annotations that stand apart from the objects that get them, so that nobody can tell what these say beside them. */
export interface AnnotationsPart {
  readonly kind: PartKind;
  /** Whom they are for, as far as it is written: a patch's target, or what a generator makes. Empty texts where not. */
  readonly target: { readonly kind: string; readonly name: string };
  /** The annotations as those of a manifest, with their places; `object` says what is known of what gets them. */
  readonly manifest: Manifest;
}

export interface ManifestProblem {
  readonly span: Span;
  readonly message: string;
}

/** `# argocd-hooks: ignore <rule>`: silences a rule on the next line, or in the whole document at its top. */
export interface Silence {
  readonly rule: string;
  /** The line that is silenced: 0-based, within the document; undefined: the whole document. */
  readonly line?: number;
}

/** One YAML document of a file, parsed on its own. Equal texts give equal documents; the start is kept beside it. */
export interface YamlDocument {
  readonly text: string;
  /** Comes from an edit, so that more edits of it are to be expected. */
  readonly edited: boolean;
  readonly manifests: readonly Manifest[];
  /** Annotations in it that stand apart from their objects. */
  readonly parts: readonly AnnotationsPart[];
  /** Why the document, or a part of it, could not be read. Not shown as diagnostics: the YAML extension does that. */
  readonly problems: readonly ManifestProblem[];
  readonly silences: readonly Silence[];
  /** Offsets at which the lines of the document begin. */
  readonly lineStarts: readonly number[];
  /** The value of the document's root, whatever it is; null for an empty document. Masked templates stand in it as text. */
  readonly value: Json;
  /** Where templates stand that had to be masked before the document could be read; empty where it was read as it is. */
  readonly masked: readonly Span[];
}

export interface PlacedDocument {
  /** Offset of the document in the file, in UTF-16 units, and its 0-based first line. */
  readonly start: number;
  readonly line: number;
  readonly document: YamlDocument;
}
