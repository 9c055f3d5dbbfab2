import type { Diagnostic } from 'vscode-languageserver-types';
import type { SourceFile } from '../../manifest/source-file.ts';
import type { FindingsByDocument } from './carry.ts';
import { diagnosticOf, type DiagnosticShape, type Naming } from './report.ts';

/** Findings of the application tier for one file. */
export interface ApplicationPart {
  readonly file: SourceFile;
  readonly findings: FindingsByDocument;
  readonly naming: Naming;
  readonly shape: DiagnosticShape;
}

/** The report of the document tier with what the application adds, in the order of the text. */
export function mergedReport(report: Diagnostic[], part: ApplicationPart): Diagnostic[] {
  if (part.findings.size === 0) return report;
  const others = [...part.findings].flatMap(([index, findings]) => {
    const placed = part.file.document(index);
    return placed ? findings.map((finding) => diagnosticOf(placed, finding, part.naming, part.shape)) : [];
  });
  return [...report, ...others].sort(byPlace);
}

const byPlace = (a: Diagnostic, b: Diagnostic): number =>
  a.range.start.line - b.range.start.line ||
  a.range.start.character - b.range.start.character ||
  a.range.end.line - b.range.end.line ||
  a.range.end.character - b.range.end.character;
