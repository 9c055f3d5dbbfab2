import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
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
}

/** A finding as the protocol has it, at the document's place in its file. */
export function diagnosticOf(placed: PlacedDocument, finding: Finding, shape: DiagnosticShape): Diagnostic {
  return {
    range: rangeOf(placed, finding.span),
    severity: SEVERITY[finding.level],
    code: finding.rule,
    ...(shape.codeDescription ? { codeDescription: { href: linkOf(finding.rule) } } : {}),
    source: 'argocd-hooks',
    message: finding.message,
  };
}

interface Kept {
  readonly findings: readonly Finding[];
  /** The diagnostics as they were last placed, and on which line. */
  line: number;
  diagnostics: readonly Diagnostic[];
}

/**
 * Findings and diagnostics of a file, kept by YAML document: a keystroke costs the document that it touches, and the
 * others are taken as they are, moved where lines came or went. One keeper serves one set of options.
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

  /** The report of a whole file, in the order of its text. */
  report(documents: Iterable<PlacedDocument>): Diagnostic[] {
    const report: Diagnostic[] = [];
    for (const placed of documents) {
      const kept = this.#of(placed.document);
      if (kept.findings.length > 0) report.push(...this.#place(kept, placed));
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

  #place(kept: Kept, placed: PlacedDocument): readonly Diagnostic[] {
    if (kept.line !== placed.line) {
      kept.diagnostics = kept.findings.map((finding) => diagnosticOf(placed, finding, this.#shape));
      kept.line = placed.line;
    }
    return kept.diagnostics;
  }
}
