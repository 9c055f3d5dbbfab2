import { DiagnosticSeverity, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver-types';
import { rangeOf } from '../../manifest/source-file.ts';
import type { PlacedDocument, YamlDocument } from '../../manifest/model.ts';
import { diagnose, type DiagnoseOptions } from './diagnose.ts';
import type { Finding, Level } from './model.ts';
import { linkOf } from './rules.ts';

const SEVERITY: Readonly<Record<Level, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What the client can show of a diagnostic. */
export interface DiagnosticShape {
  readonly codeDescription: boolean;
  readonly relatedInformation: boolean;
}

/** How a file of findings is named to the client. */
export interface Naming {
  /** URI of the file that is reported on. */
  readonly uri: string;
  /** URI of another file of its workspace folder. */
  readonly uriOf: (file: string) => string;
}

/** A finding as the protocol has it, at the document's place in its file. */
export function diagnosticOf(
  placed: PlacedDocument,
  finding: Finding,
  naming: Naming,
  shape: DiagnosticShape,
): Diagnostic {
  const related = shape.relatedInformation ? relatedOf(placed, finding, naming) : [];
  return {
    range: rangeOf(placed, finding.span),
    severity: SEVERITY[finding.level],
    code: finding.rule,
    ...(shape.codeDescription ? { codeDescription: { href: linkOf(finding.rule) } } : {}),
    source: 'argocd-hooks',
    message: finding.message,
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  };
}

const relatedOf = (own: PlacedDocument, { related = [] }: Finding, naming: Naming): DiagnosticRelatedInformation[] =>
  related.map(({ message, span, place }) => ({
    location: {
      uri: place ? naming.uriOf(place.file) : naming.uri,
      range: rangeOf(place?.placed ?? own, span),
    },
    message,
  }));

interface Kept {
  readonly findings: readonly Finding[];
  /** The diagnostics as they were last placed, and on which line. */
  line: number;
  diagnostics: readonly Diagnostic[];
}

/**
 * Findings and diagnostics of a file's documents, each by itself: a keystroke costs the document that it touches, and
 * the others are taken as they are, moved where lines came or went. One keeper serves one set of options.
 */
export class DiagnosticsKeeper {
  readonly #options: DiagnoseOptions;
  readonly #shape: DiagnosticShape;
  readonly #kept = new WeakMap<YamlDocument, Kept>();

  constructor(options: DiagnoseOptions, shape: DiagnosticShape) {
    this.#options = options;
    this.#shape = shape;
  }

  findings(document: YamlDocument): readonly Finding[] {
    return this.#of(document).findings;
  }

  /** The document-local report of a whole file, in the order of its text. */
  report(documents: Iterable<PlacedDocument>, naming: Naming): Diagnostic[] {
    const report: Diagnostic[] = [];
    for (const placed of documents) {
      const kept = this.#of(placed.document);
      if (kept.findings.length > 0) report.push(...this.#place(kept, placed, naming));
    }
    return report;
  }

  #of(document: YamlDocument): Kept {
    let kept = this.#kept.get(document);
    if (!kept) {
      kept = { findings: diagnose(document, this.#options), line: -1, diagnostics: [] };
      this.#kept.set(document, kept);
    }
    return kept;
  }

  #place(kept: Kept, placed: PlacedDocument, naming: Naming): readonly Diagnostic[] {
    if (kept.line !== placed.line) {
      kept.diagnostics = kept.findings.map((finding) => diagnosticOf(placed, finding, naming, this.#shape));
      kept.line = placed.line;
    }
    return kept.diagnostics;
  }
}
