import { groupOf, isObject, kindOf, metadataOf, type Json, type KubeObject } from '../../core/object.ts';
import { hasTemplate, templatesIn } from '../../manifest/template.ts';
import type { SourceFile } from '../../manifest/source-file.ts';
import { objectsOfDocument } from '../objects.ts';

/** A manifest of a file that an object may have been rendered from. */
export interface Candidate {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly object: KubeObject;
}

/** The manifests of a file, templates as they are written. */
export const candidatesIn = (path: string, file: SourceFile): Candidate[] =>
  file.documents.flatMap(({ document, line }) =>
    objectsOfDocument(document).map(({ object, line: own }) => ({ file: path, line: line + own + 1, object })),
  );

/** How a written name relates to a rendered one: the more, the better; negative where it cannot be the same. */
export type Fit = (written: string, rendered: string) => number;

/** Manifests among which the one is looked for that an object was rendered from. */
export class Candidates {
  readonly #byKind = new Map<string, Candidate[]>();
  readonly #byName = new Map<string, Candidate[]>();
  /** Their kind is a template itself. */
  readonly #anyKind: Candidate[] = [];

  constructor(candidates: Iterable<Candidate>) {
    for (const candidate of candidates) {
      const { object } = candidate;
      const kind = `${groupOf(object)}/${kindOf(object)}`;
      if (hasTemplate(kind)) {
        this.#anyKind.push(candidate);
        continue;
      }
      add(this.#byKind, kind, candidate);
      add(this.#byName, `${kind}/${nameIn(object)}`, candidate);
    }
  }

  /**
   * The manifest that an object was most likely rendered from: of its kind, with the name that fits best, and of those
   * the one that it has most in common with. Undefined where none fits.
   */
  best(object: KubeObject, fit: Fit): Candidate | undefined {
    const kind = `${groupOf(object)}/${kindOf(object)}`;
    const name = nameIn(object);
    const same = this.#byName.get(`${kind}/${name}`);
    if (same) return mostLike(object, same);
    const fitting = bestFit(name, this.#byKind.get(kind) ?? [], fit);
    return mostLike(object, fitting.length > 0 ? fitting : bestFit(name, this.#anyKind, fit));
  }
}

function add(map: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const others = map.get(key);
  if (others) others.push(candidate);
  else map.set(key, [candidate]);
}

function bestFit(name: string, candidates: readonly Candidate[], fit: Fit): readonly Candidate[] {
  let best = 0;
  let found: Candidate[] = [];
  for (const candidate of candidates) {
    const score = fit(nameIn(candidate.object), name);
    if (score < best) continue;
    if (score > best) found = [];
    best = score;
    found.push(candidate);
  }
  return found;
}

/** Among more than these nobody looks for the likest. */
const MAX_LIKE = 50;

function mostLike(object: KubeObject, candidates: readonly Candidate[]): Candidate | undefined {
  const [first, ...others] = candidates;
  if (!first || others.length === 0 || others.length > MAX_LIKE) return first;
  let best = { candidate: first, score: likeness(first.object, object, 0) };
  for (const candidate of others) {
    const score = likeness(candidate.object, object, 0);
    if (score > best.score) best = { candidate, score };
  }
  return best.candidate;
}

const nameIn = (object: KubeObject): string => {
  const { name, generateName } = metadataOf(object);
  return typeof name === 'string' && name !== '' ? name : typeof generateName === 'string' ? generateName : '';
};

/** How many characters a written name with templates shares with a rendered one; negative: it cannot be the same. */
export function fitsTemplate(written: string, rendered: string): number {
  const templates = templatesIn(written);
  if (templates.length === 0) return written === rendered ? written.length + 1 : -1;
  let at = 0;
  const parts = templates.map(({ start, end }) => {
    const part = written.slice(at, start);
    at = end;
    return part;
  });
  const last = written.slice(at);
  const [first = '', ...between] = parts;
  if (!rendered.startsWith(first) || !rendered.endsWith(last)) return -1;
  let from = first.length;
  for (const part of between) {
    const found = rendered.indexOf(part, from);
    if (found < 0) return -1;
    from = found + part.length;
  }
  if (from > rendered.length - last.length) return -1;
  return [first, ...between, last].reduce((sum, part) => sum + part.length, 0);
}

/** A name that kustomize put something before or behind. */
export function fitsWithin(written: string, rendered: string): number {
  if (written === rendered) return written.length + 1;
  return written !== '' && rendered.includes(written) ? written.length : -1;
}

const MAX_DEPTH = 12;
const MAX_SCORE = 400;

/** How many values two objects have in common, less those in which they differ; templates count for nothing. */
function likeness(written: Json, rendered: Json | undefined, depth: number): number {
  if (depth > MAX_DEPTH || rendered === undefined) return 0;
  if (isObject(written) && isObject(rendered)) {
    let sum = 0;
    for (const [key, value] of Object.entries(written)) sum += likeness(value, rendered[key], depth + 1);
    return Math.max(-MAX_SCORE, Math.min(MAX_SCORE, sum));
  }
  if (Array.isArray(written) && Array.isArray(rendered)) {
    return written.reduce<number>((sum, value, i) => sum + likeness(value, rendered[i], depth + 1), 0);
  }
  if (typeof written === 'object' || typeof rendered === 'object') return 0;
  if (typeof written === 'string' && hasTemplate(written)) return 0;
  return written === rendered ? 1 : -1;
}
