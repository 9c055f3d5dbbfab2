import { CodeActionKind, type CodeAction, type Diagnostic, type TextEdit } from 'vscode-languageserver-types';
import { lineAt } from './line-reader.ts';
import type { Edit } from '../manifest/edit.ts';
import type { PlacedDocument } from '../manifest/model.ts';
import { rangeOf } from '../manifest/source-file.ts';
import { hasLoneReturn, type Range } from '../manifest/lines.ts';
import type { Finding } from './diagnostics/model.ts';

/** Everything that is beyond doubt, in one go: for `editor.codeActionsOnSave`. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.argocdHooks`;

/** A document of a file with what was found in it. */
export interface JudgedDocument {
  readonly placed: PlacedDocument;
  readonly findings: readonly Finding[];
}

export interface CodeActionRequest {
  readonly uri: string;
  readonly range: Range;
  /** Kinds that are wanted; undefined for all that may be shown in a menu. */
  readonly only?: readonly string[] | undefined;
  /** All documents of the file, or those that the range touches where only quick fixes are wanted. */
  readonly documents: () => readonly JudgedDocument[];
  readonly touched: readonly JudgedDocument[];
  /** The diagnostic of a finding, so that the editor shows the fix beside it. */
  readonly diagnosticOf: (placed: PlacedDocument, finding: Finding) => Diagnostic;
}

const wants = (only: readonly string[] | undefined, kind: string): boolean =>
  only === undefined
    ? kind === CodeActionKind.QuickFix
    : only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));

/** Quick fixes of the findings that touch the range, and, where it was asked for, everything safe in the file. */
export function codeActions(request: CodeActionRequest): CodeAction[] {
  const actions: CodeAction[] = [];
  if (wants(request.only, CodeActionKind.QuickFix)) {
    for (const { placed, findings } of request.touched.filter(isEditable)) {
      for (const finding of findings) {
        if (touches(rangeOf(placed, finding.span), request.range))
          actions.push(...quickFixes(request, placed, finding));
      }
    }
  }
  if (wants(request.only, FIX_ALL)) {
    const edits = safeEdits(request.documents());
    if (edits.length > 0)
      actions.push({
        title: 'Fix everything that is certain',
        kind: FIX_ALL,
        edit: { changes: { [request.uri]: edits } },
      });
  }
  return actions;
}

/** Edits count lines by their line feeds: documents with other line ends are left as they are. */
const isEditable = ({ placed }: JudgedDocument): boolean => !hasLoneReturn(placed.document.text);

const touches = (a: Range, b: Range): boolean => !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
const isBefore = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

function quickFixes(request: CodeActionRequest, placed: PlacedDocument, finding: Finding): CodeAction[] {
  const { uri } = request;
  const diagnostics = [request.diagnosticOf(placed, finding)];
  const action = (title: string, edits: TextEdit[], isPreferred = false): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    ...(isPreferred ? { isPreferred } : {}),
    edit: { changes: { [uri]: edits } },
  });
  const actions = finding
    .fixes()
    .filter(({ edits }) => edits.length > 0)
    .map(({ title, edits, preferred }) => action(title, placeEdits(placed, edits), preferred));
  if (finding.rule === 'unquoted-annotation-value') {
    const all = request
      .documents()
      .filter(isEditable)
      .flatMap((judged) => editsOfRule(judged, finding.rule));
    if (all.length > 1) actions.push(action(`Quote all ${all.length} values in this file`, all));
  }
  const ignore = ignoreEdit(placed, finding);
  if (ignore) actions.push(action(`Ignore ${finding.rule} here`, [ignore]));
  return actions;
}

const placeEdits = (placed: PlacedDocument, edits: readonly Edit[]): TextEdit[] =>
  edits.map((edit) => ({ range: rangeOf(placed, edit), newText: edit.newText }));

const editsOfRule = ({ placed, findings }: JudgedDocument, rule: string): TextEdit[] =>
  findings
    .filter((finding) => finding.rule === rule)
    .flatMap((finding) => placeEdits(placed, finding.fixes()[0]?.edits ?? []));

/** Edits of all fixes that are safe; where two would touch each other the first is taken. */
function safeEdits(documents: readonly JudgedDocument[]): TextEdit[] {
  return documents.filter(isEditable).flatMap(({ placed, findings }) => {
    const taken: Edit[] = [];
    for (const finding of findings) {
      const fix = finding.fixes().find(({ safe, preferred }) => safe && preferred);
      if (fix && fix.edits.every((edit) => taken.every((other) => apart(edit, other)))) taken.push(...fix.edits);
    }
    return placeEdits(placed, taken);
  });
}

const apart = (a: Edit, b: Edit): boolean => a.end < b.start || b.end < a.start;

/** A comment on a line of its own above the finding; undefined in JSON, which has no comments. */
function ignoreEdit(placed: PlacedDocument, finding: Finding): TextEdit | undefined {
  const { text } = placed.document;
  if (/^\s*[{[]/.test(text)) return undefined;
  const line = lineAt(text, finding.span.start);
  const indent = /^ */.exec(text.slice(line.start, Math.min(line.end, line.start + 500)))?.[0] ?? '';
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const at = { start: line.start, end: line.start };
  return { range: rangeOf(placed, at), newText: `${indent}# argocd-hooks: ignore ${finding.rule}${lineEnd}` };
}
