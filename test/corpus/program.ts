import { readFileSync } from 'node:fs';
import type { Case } from './case.ts';
import { replaySafely } from './replay.ts';

const USAGE = 'usage: npm run corpus -- FILE…   (recorded cases, one JSON object a line)';

/** Wrong usage or unreadable input: one clear line for the person. */
class InputError extends Error {}

/** Where the program writes its lines. */
export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/**
 * Replays the cases of files, tells every difference with case and pass, and ends with `N passed, N failed`.
 * Gives the exit code: 0 without differences, 1 with any, 2 for wrong usage and files that cannot be read.
 */
export function runCorpus(files: readonly string[], { out, err }: Output): 0 | 1 | 2 {
  const wrong = files.find((file) => file.startsWith('-'));
  if (files.length === 0 || wrong !== undefined) {
    err(wrong === undefined ? USAGE : `unknown option ${wrong}; ${USAGE}`);
    return 2;
  }
  try {
    let passed = 0;
    let failed = 0;
    for (const recorded of files.flatMap(readCases)) {
      const differences = replaySafely(recorded);
      if (differences.length === 0) passed++;
      else failed++;
      for (const { pass, part, text, way } of differences) out(`${recorded.id} pass ${pass} [${part}; ${way}] ${text}`);
    }
    out(`${passed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    err(error.message);
    return 2;
  }
}

const causeOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The cases of a file. */
export function readCases(file: string): Case[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${causeOf(error)}`);
  }
  const lines = text.split('\n').map((line, i) => ({ line, number: i + 1 }));
  return lines.filter(({ line }) => line.trim() !== '').map(({ line, number }) => parseCase(line, file, number));
}

function parseCase(line: string, file: string, number: number): Case {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new InputError(`${file}:${number} is no JSON: ${causeOf(error)}`);
  }
  if (isCase(value)) return value;
  throw new InputError(`${file}:${number} is no recorded case: id, options, targets or passes is missing`);
}

function isCase(value: unknown): value is Case {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Partial<Record<keyof Case, unknown>>;
  return (
    typeof fields.id === 'string' &&
    typeof fields.options === 'object' &&
    Array.isArray(fields.targets) &&
    Array.isArray(fields.passes)
  );
}
