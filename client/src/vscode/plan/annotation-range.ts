const ORDER_KEY =
  /^(\s*)(['"]?)(argocd\.argoproj\.io\/(?:hook|sync-wave|hook-delete-policy)|helm\.sh\/(?:hook|hook-weight))\2\s*:\s*(.*?)\s*$/;

/** A stretch of one line, 0-based. */
export interface LineRange {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Where to put the selection when a manifest is opened: the first annotation about order after its first line, else
 * that line. @param first 0-based line of the manifest.
 */
export function annotationRange(text: string, first: number): LineRange {
  const lines = text.split(/\r?\n/);
  for (let line = Math.max(0, first); line < lines.length; line++) {
    const content = lines[line] ?? '';
    if (line > first && /^(---|\.\.\.)(\s|$)/.test(content)) break;
    const match = ORDER_KEY.exec(content);
    if (match) return { line, start: (match[1] ?? '').length, end: content.trimEnd().length };
  }
  const line = Math.min(Math.max(0, first), lines.length - 1);
  return { line, start: 0, end: (lines[line] ?? '').length };
}
