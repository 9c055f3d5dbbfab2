/** Spelling without case and without the separators that people mix up: `pre_sync`, `Pre-Sync` and `PreSync` are one. */
const fold = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

/** Words longer than this are not compared: nothing known is that long, and the comparison is quadratic. */
const MAX_LENGTH = 100;

/**
 * The known word that was probably meant, or undefined where none is near: equal but for case and separators, else the
 * one with the fewest letters inserted, dropped, replaced or swapped (at most a third of the letters).
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const folded = fold(word);
  if (folded === '') return undefined;
  const same = known.find((candidate) => fold(candidate) === folded);
  if (same !== undefined) return same;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(folded.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(folded, fold(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Damerau–Levenshtein distance (optimal string alignment): a swap of neighbors is one step. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0;
