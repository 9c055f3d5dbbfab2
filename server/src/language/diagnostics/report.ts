import { DiagnosticSeverity, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver-types';
import { rangeOf } from '../../manifest/source-file.ts';
import type { PlacedDocument, YamlDocument } from '../../manifest/model.ts';
import type { FindingsByDocument } from './carry.ts';
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
  /** What the application adds to them. */
  others: readonly Finding[];
  /** The diagnostics of both as they were last placed, and on which line. */
  line: number;
  diagnostics: readonly Diagnostic[];
}

const NONE: readonly Finding[] = [];
const NO_OTHERS: FindingsByDocument = new Map();

/**
 * Findings and diagnostics of a file's documents, each by itself: a keystroke costs the document that it touches, and
 * the others are taken as they are, moved where lines came or went. One keeper serves one set of options.
 */
export class DiagnosticsKeeper {
  readonly #options: DiagnoseOptions;
  readonly #shape: DiagnosticShape;
  readonly #kept = new WeakMap<YamlDocument, Kept>();
  /** Whether the document that was judged last has findings: while somebody types in it, it mostly goes on to have some. */
  #found = false;

  constructor(options: DiagnoseOptions, shape: DiagnosticShape) {
    this.#options = options;
    this.#shape = shape;
  }

  findings(document: YamlDocument): readonly Finding[] {
    return this.#of(document).findings;
  }

  /**
   * The report of a whole file, one list for each document that has something, in the order of the text. The same list
   * is given again for as long as it stays the same.
   */
  report(
    documents: Iterable<PlacedDocument>,
    naming: Naming,
    others: FindingsByDocument = NO_OTHERS,
  ): (readonly Diagnostic[])[] {
    const report: (readonly Diagnostic[])[] = [];
    let index = 0;
    for (const placed of documents) {
      const diagnostics = this.#place(placed, naming, others.get(index++) ?? NONE);
      if (diagnostics.length > 0) report.push(diagnostics);
    }
    return report;
  }

  #of(document: YamlDocument): Kept {
    let kept = this.#kept.get(document);
    if (!kept) {
      const findings = diagnose(document, this.#options, this.#found);
      this.#found = findings.length > 0;
      kept = { findings, others: NONE, line: -1, diagnostics: [] };
      this.#kept.set(document, kept);
    }
    return kept;
  }

  #place(placed: PlacedDocument, naming: Naming, others: readonly Finding[]): readonly Diagnostic[] {
    const kept = this.#of(placed.document);
    if (kept.line === placed.line && kept.others === others) return kept.diagnostics;
    const diagnostics = [...kept.findings, ...others].map((each) => diagnosticOf(placed, each, naming, this.#shape));
    kept.diagnostics = others.length === 0 ? diagnostics : diagnostics.sort(byPlace);
    kept.line = placed.line;
    kept.others = others;
    return kept.diagnostics;
  }
}

const byPlace = (a: Diagnostic, b: Diagnostic): number =>
  a.range.start.line - b.range.start.line ||
  a.range.start.character - b.range.start.character ||
  a.range.end.line - b.range.end.line ||
  a.range.end.character - b.range.end.character;
