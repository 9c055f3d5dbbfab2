// The structure of the code that neither the compiler nor a lint rule holds: no files import each other in a circle.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const MAPPED: Readonly<Record<string, string>> = { '#core/': 'server/src/core/' };

function sourcesIn(folder: string): string[] {
  return fs.globSync('**/*.ts', { cwd: path.join(ROOT, folder) }).map((file) => path.posix.join(folder, file));
}

/** The file of this tree that an import names; undefined where it is none. */
function fileOf(importer: string, name: string): string | undefined {
  if (name.startsWith('.')) return path.posix.join(path.posix.dirname(importer), name);
  const prefix = Object.keys(MAPPED).find((known) => name.startsWith(known));
  return prefix === undefined ? undefined : `${MAPPED[prefix]}${name.slice(prefix.length)}.ts`;
}

function importsOf(file: string): string[] {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const names = [...text.matchAll(/^(?:import|export)\b[^;']*\bfrom '([^']+)';/gm)].map(([, name = '']) => name);
  return names.flatMap((name) => fileOf(file, name) ?? []);
}

/** Files that import each other in a circle, types included, as `a → b → a`. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) circles.push([...trail.slice(start), file].join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return circles;
}

test('a circle is found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['b']],
    ['d', []],
  ]);
  expect(circlesIn(graph)).toEqual(['b → c → b']);
});

test('no files import each other in a circle', () => {
  const files = ['client/src', 'server/src'].flatMap(sourcesIn);
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  expect(files.length).toBeGreaterThan(500);
  expect([...graph.values()].flat().filter((file) => !graph.has(file) && !file.endsWith('.css'))).toEqual([]);
  expect(circlesIn(graph)).toEqual([]);
});
