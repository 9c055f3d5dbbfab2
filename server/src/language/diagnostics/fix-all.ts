import { applyEdits, type Edit } from '../../manifest/edit.ts';
import { hasLoneReturn } from '../../manifest/lines.ts';
import type { PlacedDocument, YamlDocument } from '../../manifest/model.ts';
import { openFile } from '../../manifest/source-file.ts';
import { diagnose, type DiagnoseOptions } from './diagnose.ts';
import type { Finding, Fix } from './model.ts';

/** A document of a file with what was found in it. */
export interface JudgedDocument {
  readonly placed: PlacedDocument;
  readonly findings: readonly Finding[];
}

/** Edits count lines by their line feeds: documents with other line ends are left as they are. */
export const isEditable = ({ text }: YamlDocument): boolean => !hasLoneReturn(text);

/** The fixes that are beyond doubt and can all be applied at once. */
export const safeFixes = (findings: readonly Finding[]): Fix[] =>
  together(findings, ({ safe, preferred }) => safe && preferred);

/** The fixes that are nearly always meant for the findings of a rule, as far as they can all be applied at once. */
export const fixesOfRule = (findings: readonly Finding[], rule: string): Fix[] =>
  together(
    findings.filter((finding) => finding.rule === rule),
    ({ preferred }) => preferred,
  );

/** One fix for each finding; where two would touch each other the first is taken. */
function together(findings: readonly Finding[], wanted: (fix: Fix) => boolean): Fix[] {
  const taken: Fix[] = [];
  for (const finding of findings) {
    const fix = finding.fixes().find((one) => one.edits.length > 0 && wanted(one));
    if (fix && taken.every((other) => areApart(fix, other))) taken.push(fix);
  }
  return taken;
}

const areApart = (a: Fix, b: Fix): boolean => a.edits.every((edit) => b.edits.every((other) => apart(edit, other)));

const apart = (a: Edit, b: Edit): boolean => a.end < b.start || b.end < a.start;

/** One repair may show the next mistake; more often than this it does not. */
const ROUNDS = 4;

/**
 * The text of a file after everything in it is repaired that is beyond doubt; undefined where nothing is.
 * @param judged what was found in it as it stands
 */
export function fixedText(judged: readonly JudgedDocument[], options: DiagnoseOptions): string | undefined {
  let documents = judged;
  let text: string | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const parts = documents.map(({ placed: { document }, findings }) => {
      const edits = isEditable(document) ? safeFixes(findings).flatMap((fix) => fix.edits) : [];
      return edits.length > 0 ? applyEdits(document.text, edits) : document.text;
    });
    const next = parts.join('');
    if (next === documents.map(({ placed }) => placed.document.text).join('')) break;
    text = next;
    documents = openFile('', next).documents.map((placed) => ({
      placed,
      findings: diagnose(placed.document, options),
    }));
  }
  return text;
}
