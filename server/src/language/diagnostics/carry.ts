import type { Span } from '../../manifest/model.ts';
import type { SourceFile } from '../../manifest/source-file.ts';
import type { Finding } from './model.ts';
import { commonEnds } from '../../manifest/common-ends.ts';

/** Findings of a file's documents, by the index of the document. */
export type FindingsByDocument = ReadonlyMap<number, readonly Finding[]>;

/**
 * The findings of a file as an earlier state of it had them, for its state now: until the application is judged anew
 * they stay where the text around them stayed, and move with it. In the document that was edited those that the edit
 * touched are gone; where several documents changed at once, all of theirs are.
 */
export function carried(findings: FindingsByDocument, before: SourceFile, now: SourceFile): FindingsByDocument {
  if (before === now || findings.size === 0) return findings;
  const most = Math.min(before.documentCount, now.documentCount);
  let head = 0;
  while (head < most && documentOf(before, head) === documentOf(now, head)) head++;
  let tail = 0;
  while (
    tail < most - head &&
    documentOf(before, before.documentCount - 1 - tail) === documentOf(now, now.documentCount - 1 - tail)
  )
    tail++;
  const shift = now.documentCount - before.documentCount;
  const single = before.documentCount - tail - head === 1 && shift === 0;
  const kept = new Map<number, readonly Finding[]>();
  for (const [index, own] of findings) {
    if (index < head) kept.set(index, own);
    else if (index >= before.documentCount - tail) kept.set(index + shift, own);
    else if (single) {
      const mover = moverOf(documentOf(before, index)?.text ?? '', documentOf(now, index)?.text ?? '');
      const moved = own.flatMap((finding) => mover(finding));
      if (moved.length > 0) kept.set(index, moved);
    }
  }
  return kept;
}

const documentOf = (file: SourceFile, index: number) => file.document(index)?.document;

/** Moves findings along with the text that two states share at their beginning and at their end. */
function moverOf(before: string, now: string): (finding: Finding) => Finding[] {
  const { head, tail } = commonEnds(before, now);
  const shift = now.length - before.length;
  const moved = ({ start, end }: Span): Span | undefined => {
    if (end < head) return { start, end };
    return start > before.length - tail ? { start: start + shift, end: end + shift } : undefined;
  };
  return (finding) => {
    const span = moved(finding.span);
    // Its fixes are for the text as it was.
    return span ? [{ ...finding, span, fixes: () => [] }] : [];
  };
}
