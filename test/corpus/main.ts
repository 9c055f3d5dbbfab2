/** The program behind `npm run corpus -- FILE…`: replays recorded passes of Argo CD's engine and tells every difference. */
import { readFileSync } from 'node:fs';
import type { Case } from './case.ts';
import { replaySafely } from './replay.ts';

const USAGE = 'usage: npm run corpus -- FILE…   (recorded cases, one JSON object a line)';

/** Wrong usage or unreadable input: one clear line for the person, exit 2. */
class InputError extends Error {}

function readCases(file: string): Case[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const lines = text.split('\n').map((line, i) => ({ line, number: i + 1 }));
  return lines.filter(({ line }) => line.trim() !== '').map(({ line, number }) => parseCase(line, file, number));
}

function parseCase(line: string, file: string, number: number): Case {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new InputError(`${file}:${number} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isCase(value))
    throw new InputError(`${file}:${number} is no recorded case: id, options, targets or passes is missing`);
  return value;
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

function main(files: readonly string[]): number {
  const wrong = files.find((file) => file.startsWith('-'));
  if (files.length === 0 || wrong !== undefined) {
    console.error(wrong === undefined ? USAGE : `unknown option ${wrong}; ${USAGE}`);
    return 2;
  }
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    for (const recorded of readCases(file)) {
      const differences = replaySafely(recorded);
      if (differences.length === 0) passed++;
      else failed++;
      for (const { pass, part, text, way } of differences)
        console.log(`${recorded.id} pass ${pass} [${part}; ${way}] ${text}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
