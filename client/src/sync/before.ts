import type { SkippedManifest } from '#core/plan/model';

/** So many findings of the rules are shown before a sync. */
const NAMED = 12;

/** What a rule has found, at a 1-based line. */
export interface Found {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Findings of the rules as they are told before a sync. @param all where all of them are shown, as a sentence */
export function findingTexts(found: readonly Found[], all: string): string[] {
  const more = found.length > NAMED ? [`${found.length - NAMED} more findings: ${all}`] : [];
  return [...found.slice(0, NAMED).map(({ file, line, message }) => `${file}:${line}: ${message}`), ...more];
}

/** What Argo CD would silently not apply, but for what is left out on purpose. */
export const leftOutTexts = (skipped: readonly SkippedManifest[]): string[] =>
  skipped
    .filter(({ reason }) => reason.code !== 'skip')
    .map(({ file, line, kind, name, reason }) => {
      const place = file === undefined ? '' : `${file}:${line ?? 1}: `;
      return `${place}left out: ${kind}/${name}: ${reason.text}`;
    });
