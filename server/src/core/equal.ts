/** Tells whether two plain values hold the same. Keys may come in any order. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => isEqual(item, b[i]));
  }
  for (const key in a) if (!Object.hasOwn(b, key) || !isEqual((a as Plain)[key], (b as Plain)[key])) return false;
  for (const key in b) if (!Object.hasOwn(a, key)) return false;
  return true;
}

type Plain = Readonly<Record<string, unknown>>;
