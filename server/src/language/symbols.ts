import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { declaredWave, deletePhases, isHook, isIgnored, isSkip, syncPhases } from '../core/annotations/classify.ts';
import { generateNameOf, kindOf, nameOf, type KubeObject } from '../core/object.ts';
import { waveText } from '../core/plan/words.ts';
import type { AnnotationEntry, Manifest, PlacedDocument, Span, YamlDocument } from '../manifest/model.ts';
import { rangeOf } from '../manifest/source-file.ts';
import { ORDERING_KEYS } from './here.ts';

/** The outline of a document, and the line at which its ranges were made. */
interface Kept {
  readonly line: number;
  readonly symbols: readonly DocumentSymbol[];
}

/**
 * Outlines, kept by YAML document: after a keystroke only the document that it touches is read again, and the others
 * are placed anew where they moved.
 */
export class SymbolKeeper {
  readonly #kept = new WeakMap<YamlDocument, Kept>();

  /** One symbol a manifest of the document, with its hook, wave and policy annotations below it. */
  symbols(placed: PlacedDocument): readonly DocumentSymbol[] {
    let kept = this.#kept.get(placed.document);
    if (kept?.line !== placed.line) {
      kept = { line: placed.line, symbols: documentSymbols(placed) };
      this.#kept.set(placed.document, kept);
    }
    return kept.symbols;
  }
}

/** One symbol a manifest of a document that names a kind; a document that cannot be read has none. */
export function documentSymbols(placed: PlacedDocument): DocumentSymbol[] {
  if (!placed.document.text.includes('kind')) return [];
  return placed.document.manifests
    .filter((manifest) => kindOf(manifest.object) !== '')
    .map((manifest) => manifestSymbol(placed, manifest));
}

function manifestSymbol(placed: PlacedDocument, manifest: Manifest): DocumentSymbol {
  const { object } = manifest;
  const span = reachOf(placed.document, manifest);
  // An alias may have its name written elsewhere.
  const named = [manifest.nameSpan, manifest.kindSpan].find((at) => at !== undefined && within(at, span));
  const children = manifest.annotations
    .filter((entry) => ORDERING_KEYS.has(entry.key) && entry.merged !== true && within(spanOf(entry), span))
    .map((entry) => annotationSymbol(placed, entry));
  return {
    name: symbolName(object),
    detail: symbolDetail(object),
    kind: isHook(object) ? SymbolKind.Event : SymbolKind.Object,
    range: rangeOf(placed, span),
    selectionRange: rangeOf(placed, named ?? { start: span.start, end: span.start }),
    ...(children.length > 0 ? { children } : {}),
  };
}

function annotationSymbol(placed: PlacedDocument, entry: AnnotationEntry): DocumentSymbol {
  const { value } = entry;
  return {
    name: entry.key,
    ...(typeof value === 'string' && value !== '' ? { detail: value } : {}),
    kind: SymbolKind.Property,
    range: rangeOf(placed, spanOf(entry)),
    selectionRange: rangeOf(placed, entry.keySpan),
  };
}

/** A manifest that is the whole document reaches to its end, also where the rest of it cannot be read. */
const reachOf = ({ text, value }: YamlDocument, { object, span }: Manifest): Span =>
  value === object ? { start: span.start, end: Math.max(span.end, text.trimEnd().length) } : span;

const within = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** From the key to the end of the value, where that stands behind it. */
const spanOf = ({ keySpan, valueSpan }: AnnotationEntry): Span => ({
  start: keySpan.start,
  end: Math.max(keySpan.end, valueSpan.end),
});

function symbolName(object: KubeObject): string {
  const prefix = generateNameOf(object);
  const name = nameOf(object) || (prefix === '' ? '' : `${prefix}…`);
  return name.trim() === '' ? kindOf(object) : name;
}

/**
 * `Job · PreSync · wave 0`: what the manifest declares. A resource without a wave shows its kind alone; waves of
 * deletion hooks and of SyncFail hooks do not count, so they are left out.
 */
function symbolDetail(object: KubeObject): string {
  const kind = kindOf(object);
  if (isSkip(object)) return `${kind} · Skip`;
  const deletion = deletePhases(object);
  if (isIgnored(object) && deletion.length === 0) return `${kind} · left out`;
  const { wave, origin } = declaredWave(object);
  if (!isHook(object)) return origin === 'default' ? kind : `${kind} · ${waveText(wave)}`;
  const phases = syncPhases(object);
  const waved = phases.some((phase) => phase !== 'SyncFail');
  return [kind, [...phases, ...deletion].join(', '), waved ? waveText(wave) : '']
    .filter((part) => part !== '')
    .join(' · ');
}
