import { listAt, objectAt, textAt, textsAt } from '../core/fields.ts';
import { apiVersionOf, nameOf, type KubeObject } from '../core/object.ts';
import type { SourceFile } from '../manifest/source-file.ts';
import type { YamlDocument } from '../manifest/model.ts';
import { type DeclaredSet, declaredApplication, type DeclaredApplication } from './declared.ts';
import { isEqual } from '../core/equal.ts';
import { objectsOfDocument } from './objects.ts';
import { baseName } from './paths.ts';
import { readValue } from '../manifest/read-value.ts';
import { referencesIn } from './render/kustomization.ts';

export interface Kustomization {
  readonly namespace: string;
  /** Files, folders and addresses that it builds on. */
  readonly resources: readonly string[];
  /** Everything that may name a file that it is made from, those above among it. */
  readonly mentions: readonly string[];
  /** It takes manifests from charts. */
  readonly inflates: boolean;
}

/** What a file contributes to the question which files form which application. */
export interface FileFacts {
  readonly path: string;
  /** `setup`: nothing but Argo CD's own kinds, in no order; such files set applications up. */
  readonly holds: 'nothing' | 'setup' | 'manifests';
  readonly declared: readonly DeclaredApplication[];
  /** ApplicationSets, whose Applications depend on the other files too. */
  readonly sets: readonly DeclaredSet[];
  readonly kustomization?: Kustomization;
}

const KUSTOMIZATION = /^kustomization\.ya?ml$/;

/** What one document says; kept with the document. Lines are 0-based, within the document. */
interface DocumentFacts {
  readonly holds: FileFacts['holds'];
  /** Carries the marker that makes Argo CD pass over its file. */
  readonly skipped: boolean;
  readonly declared: readonly Omit<DeclaredApplication, 'file'>[];
  readonly sets: readonly Omit<DeclaredSet, 'file'>[];
}

const known = new WeakMap<YamlDocument, DocumentFacts>();

function factsOfDocument(document: YamlDocument): DocumentFacts {
  let facts = known.get(document);
  if (!facts) {
    const manifest = holdsManifest(document);
    facts = {
      holds: !manifest ? 'nothing' : isSetup(document) ? 'setup' : 'manifests',
      skipped: document.text.includes(SKIP_MARKER),
      declared: manifest ? declaredIn(document) : [],
      sets: manifest ? setsIn(document) : [],
    };
    known.set(document, facts);
  }
  return facts;
}

/** Argo CD leaves a file with this marker alone. Source: reposerver/repository/repository.go `skipFileRenderingMarker`. */
const SKIP_MARKER = '+argocd:skip-file-rendering';

export const isSkippedFile = (file: SourceFile): boolean =>
  file.documents.some(({ document }) => factsOfDocument(document).skipped);

const NOTHING = { holds: 'nothing', declared: [], sets: [] } as const;

/** What a file says about applications. Parses nothing but Applications and kustomizations. */
export function factsOf(path: string, file: SourceFile): FileFacts {
  if (KUSTOMIZATION.test(baseName(path))) {
    return { path, holds: 'nothing', declared: [], sets: [], kustomization: kustomizationOf(file) };
  }
  const parts = file.documents.map(({ document, line }) => ({ line, facts: factsOfDocument(document) }));
  const holding = parts.filter(({ facts }) => facts.holds !== 'nothing');
  if (holding.length === 0 || parts.some(({ facts }) => facts.skipped)) return { path, ...NOTHING };
  return {
    path,
    holds: holding.every(({ facts }) => facts.holds === 'setup') ? 'setup' : 'manifests',
    declared: holding.flatMap(({ line, facts }) =>
      facts.declared.map((declared) => ({ ...declared, file: path, line: line + declared.line + 1 })),
    ),
    sets: holding.flatMap(({ line, facts }) =>
      facts.sets.map((set) => ({ ...set, file: path, line: line + set.line + 1 })),
    ),
  };
}

/** Tells whether facts lead to the same applications, but for the lines of their declarations. */
export const leadToSame = (a: FileFacts, b: FileFacts): boolean => isEqual(withoutLines(a), withoutLines(b));

const withoutLines = (facts: FileFacts): FileFacts =>
  facts.declared.length + facts.sets.length === 0
    ? facts
    : { ...facts, declared: facts.declared.map(withoutLine), sets: facts.sets.map(withoutLine) };

const withoutLine = <T extends { readonly line: number }>(declared: T): T => ({ ...declared, line: 0 });

const ROOT_KEYS = ['kind', 'apiVersion'].map((key) => ({
  word: key,
  block: new RegExp(`^\\ufeff?(?:---[ ]+)?["']?${key}["']?[ \\t]*:`, 'm'),
  flow: new RegExp(`[{,\\s]["']?${key}["']?[ \\t]*:`),
}));

const FLOW_ROOT = /^\ufeff?\s*(?:---\s*)?\{(?!\{)/;
/** Keys in a form of their own: explicit ones, anchors, aliases, tags, merges, and quotes with an escape within. */
const OTHER_KEY = /^(?:[?&*!<]|"[^"\n]*\\)/m;

/** A kind and an apiVersion at the root. A look at the text shows it, or that there is none; else it is parsed. */
function holdsManifest(document: YamlDocument): boolean {
  const { text } = document;
  if (FLOW_ROOT.test(text)) return ROOT_KEYS.every(({ flow }) => flow.test(text));
  if (ROOT_KEYS.every(({ block }) => block.test(text))) return true;
  if (isPlainRoot(text) || !ROOT_KEYS.every(({ word }) => text.includes(word))) return false;
  return objectsOfDocument(document).some(({ object }) => apiVersionOf(object) !== '');
}

/** The first content begins at the first column, so that every root key does, and none is written in another form. */
const isPlainRoot = (text: string): boolean =>
  /^\ufeff?(?:(?:---)?[ \t]*(?:#.*)?\r?\n)*["'A-Za-z]/.test(text) && !OTHER_KEY.test(text);

const SETUP_KINDS = ['Application', 'ApplicationSet', 'AppProject'];
const ORDERING = /argocd\.argoproj\.io\/(?:sync-wave|hook)\b|helm\.sh\/hook/;

function isSetup(document: YamlDocument): boolean {
  if (!document.text.includes('argoproj.io/') || ORDERING.test(document.text)) return false;
  if (isOfAnotherKind(document.text)) return false;
  const objects = objectsOfDocument(document);
  return objects.length > 0 && objects.every(({ object }) => SETUP_KINDS.some((kind) => isArgo(object, kind)));
}

const ROOT_KIND = /^\ufeff?(?:---[ ]+)?["']?kind["']?[ \t]*:(.*)$/gm;
const PLAIN_KIND = /^[ \t]*["']?([A-Za-z]+)["']?[ \t]*(?:#.*)?\r?$/;

/** The kind at the root is written in plain letters, and is neither one of Argo CD's nor a list. Parses nothing. */
function isOfAnotherKind(text: string): boolean {
  if (!isPlainRoot(text)) return false;
  const kinds = [...text.matchAll(ROOT_KIND)].map(([, rest = '']) => PLAIN_KIND.exec(rest)?.[1]);
  return (
    kinds.length > 0 && kinds.every((kind) => kind !== undefined && !SETUP_KINDS.includes(kind) && !/List$/.test(kind))
  );
}

/** How many objects a document holds. Those of other kinds than Argo CD's are mostly counted by a look at the text. */
export function countManifests(document: YamlDocument): number {
  const { text } = document;
  if (isOfAnotherKind(text) && ROOT_KEYS.every(({ block }) => block.test(text))) return 1;
  return objectsOfDocument(document).filter(({ object }) => apiVersionOf(object) !== '').length;
}

const isArgo = (object: KubeObject, kind: string): boolean =>
  object['kind'] === kind &&
  typeof object['apiVersion'] === 'string' &&
  object['apiVersion'].startsWith('argoproj.io/');

function declaredIn(document: YamlDocument): Omit<DeclaredApplication, 'file'>[] {
  if (!document.text.includes('Application')) return [];
  return objectsOfDocument(document)
    .filter(({ object }) => isArgo(object, 'Application'))
    .map(({ object, line }) => ({ ...declaredApplication(object), line }));
}

function setsIn(document: YamlDocument): Omit<DeclaredSet, 'file'>[] {
  if (!document.text.includes('ApplicationSet')) return [];
  return objectsOfDocument(document)
    .filter(({ object }) => isArgo(object, 'ApplicationSet'))
    .map(({ object, line }) => ({ name: nameOf(object), line, spec: objectAt(object, 'spec') }));
}

const INFLATING = ['helmCharts', 'helmChartInflationGenerator'];

function kustomizationOf(file: SourceFile): Kustomization {
  const [first] = file.documents;
  const reading = first ? readValue(first.document.text) : undefined;
  const value = reading && 'value' in reading ? reading.value : undefined;
  const resources = ['resources', 'bases', 'components'].flatMap((key) => textsAt(value, key));
  const mentions = referencesIn(value ?? null).flatMap(({ text }) => {
    // A generator's file may have a key of its own before it.
    const equals = text.indexOf('=');
    return equals < 0 ? [text] : [text, text.slice(equals + 1)];
  });
  const inflates = INFLATING.some((key) => listAt(value, key).length > 0);
  return { namespace: textAt(value, 'namespace'), resources, mentions, inflates };
}
