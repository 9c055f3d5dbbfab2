import type { Position } from '../../manifest/lines.ts';
import type { PlacedDocument } from '../../manifest/model.ts';
import { rangeOf } from '../../manifest/source-file.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import type { LintFinding, LintRepair } from '../../workspace/model.ts';
import { basisOf } from './application.ts';
import { byPlace, diagnose, type DiagnoseOptions } from './diagnose.ts';
import { fixedText } from './fix-all.ts';
import { distinct, findingsOfApplication } from './diagnose-application.ts';
import type { ApplicationFinding } from './application-finding.ts';
import type { Finding, Fix, Levels } from './model.ts';

export interface LintOptions {
  readonly argocdVersion: string;
  readonly levels: Levels;
}

/** A finding with the document that it is in. */
export interface PlacedFinding {
  readonly placed: PlacedDocument;
  readonly finding: Finding;
}

/** What the rules find in the files of an index, document by document and application by application. */
export class Linter {
  readonly #index: WorkspaceIndex;
  readonly #options: LintOptions;
  #byFile: ReadonlyMap<string, readonly ApplicationFinding[]> | undefined;
  readonly #found = new Map<string, readonly PlacedFinding[]>();

  constructor(index: WorkspaceIndex, options: LintOptions) {
    this.#index = index;
    this.#options = options;
  }

  /** The findings of a file, in the order of its text. Worked out once, and so are their fixes. */
  findings(path: string): readonly PlacedFinding[] {
    let found = this.#found.get(path);
    if (!found) this.#found.set(path, (found = this.#look(path)));
    return found;
  }

  #look(path: string): PlacedFinding[] {
    const options = this.#optionsOf(path);
    const others = this.#ofApplications().get(path) ?? [];
    return (this.#index.file(path)?.documents ?? []).flatMap((placed, i) => {
      const own: Finding[] = [...diagnose(placed.document, options), ...others.filter(({ index }) => index === i)];
      return own.sort(byPlace).map((finding) => ({ placed, finding: withFixesOnce(finding) }));
    });
  }

  /** The text of a file after everything in it is repaired that is beyond doubt; undefined where nothing is. */
  fixed(path: string): string | undefined {
    const byDocument = new Map<PlacedDocument, Finding[]>();
    for (const { placed, finding } of this.findings(path)) {
      const own = byDocument.get(placed);
      if (own) own.push(finding);
      else byDocument.set(placed, [finding]);
    }
    if (byDocument.size === 0) return undefined;
    const judged = (this.#index.file(path)?.documents ?? []).map((placed) => ({
      placed,
      findings: byDocument.get(placed) ?? [],
    }));
    return fixedText(judged, this.#optionsOf(path));
  }

  #optionsOf(path: string): DiagnoseOptions {
    return {
      ...this.#options,
      listedByKustomization: this.#index.isKustomized(path),
      patch: this.#index.isPatch(path),
    };
  }

  /** Of all applications, by file. Those that say the same of a file that they share are one. */
  #ofApplications(): ReadonlyMap<string, readonly ApplicationFinding[]> {
    if (this.#byFile) return this.#byFile;
    const found = new Map<string, ApplicationFinding[]>();
    for (const application of this.#index.applications()) {
      const basis = basisOf(this.#index, application);
      for (const findings of findingsOfApplication(this.#index, application, basis, this.#options)) {
        for (const finding of findings) {
          const own = found.get(finding.file);
          if (own) own.push(finding);
          else found.set(finding.file, [finding]);
        }
      }
    }
    return (this.#byFile = new Map([...found].map(([file, own]) => [file, distinct(own)])));
  }
}

function withFixesOnce(finding: Finding): Finding {
  let fixes: readonly Fix[] | undefined;
  return { ...finding, fixes: () => (fixes ??= finding.fixes()) };
}

/** A finding as the terminal shows it. */
export function lintFinding(file: string, { placed, finding }: PlacedFinding): LintFinding {
  const { start, end } = rangeOf(placed, finding.span);
  return {
    file,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    severity: finding.level,
    rule: finding.rule,
    message: finding.message,
    related: (finding.related ?? []).map(({ message, span, place }) => ({
      file: place?.file ?? file,
      ...position(rangeOf(place?.placed ?? placed, span).start),
      message,
    })),
    fixes: finding.fixes().map(({ title }) => title),
  };
}

const position = ({ line, character }: Position): { line: number; column: number } => ({
  line: line + 1,
  column: character + 1,
});

/** The ways to repair a finding, with their places in its file. */
export const lintRepairs = ({ placed, finding }: PlacedFinding): LintRepair[] =>
  finding.fixes().map(({ title, safe, edits }) => ({
    title,
    safe,
    edits: edits.map((edit) => {
      const { start, end } = rangeOf(placed, edit);
      return {
        ...position(start),
        endLine: end.line + 1,
        endColumn: end.character + 1,
        newText: edit.newText,
      };
    }),
  }));
