import { CodeActionKind, type CodeAction, type Diagnostic, type TextEdit } from 'vscode-languageserver-types';
import type { Edit } from '../manifest/edit.ts';
import type { PlacedDocument } from '../manifest/model.ts';
import { rangeOf } from '../manifest/source-file.ts';
import type { Range } from '../manifest/lines.ts';
import { fixesOfRule, isEditable, safeFixes, type JudgedDocument } from './diagnostics/fix-all.ts';
import type { Finding, Fix } from './diagnostics/model.ts';
import { linkOf } from './diagnostics/rules.ts';
import { disableHere, disableInDocument } from './disable.ts';

export type { JudgedDocument } from './diagnostics/fix-all.ts';

/** Everything that is beyond doubt, in one go: for `editor.codeActionsOnSave`. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.argocdHooks`;

/** Command of the server that shows a page to the user. Argument: its URL. */
export const OPEN_PAGE = 'argocdHooks.openPage';

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
  /** The client can show pages. */
  readonly pages: boolean;
}

const wants = (only: readonly string[] | undefined, kind: string): boolean =>
  only === undefined
    ? kind === CodeActionKind.QuickFix
    : only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));

/** Quick fixes of the findings that touch the range, and, where it was asked for, everything safe in the file. */
export function codeActions(request: CodeActionRequest): CodeAction[] {
  const actions: CodeAction[] = [];
  if (wants(request.only, CodeActionKind.QuickFix)) {
    const here = request.touched.flatMap(({ placed, findings }) =>
      findings
        .filter((finding) => touches(rangeOf(placed, finding.span), request.range))
        .map((finding): Found => ({ placed, finding, diagnostic: request.diagnosticOf(placed, finding) })),
    );
    const editable = here.filter(({ placed }) => isEditable(placed.document));
    actions.push(
      ...editable.flatMap((found) => repairs(request, found)),
      ...editable.flatMap((found) => repairsOfFile(request, found, here)),
      ...editable.flatMap((found) => silences(request, found)),
      ...(request.pages ? here.flatMap((found) => pages(found, here)) : []),
    );
  }
  if (wants(request.only, FIX_ALL)) {
    const edits = editsIn(request.documents(), safeFixes);
    if (edits.length > 0)
      actions.push({
        title: 'Fix everything that is certain',
        kind: FIX_ALL,
        edit: { changes: { [request.uri]: edits } },
      });
  }
  return actions;
}

interface Found {
  readonly placed: PlacedDocument;
  readonly finding: Finding;
  readonly diagnostic: Diagnostic;
}

const touches = (a: Range, b: Range): boolean => !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
const isBefore = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

const quickFix = (request: CodeActionRequest, { diagnostic }: Found, title: string, edits: TextEdit[]): CodeAction => ({
  title,
  kind: CodeActionKind.QuickFix,
  diagnostics: [diagnostic],
  edit: { changes: { [request.uri]: edits } },
});

/** The fixes that the rule has for the finding. */
const repairs = (request: CodeActionRequest, found: Found): CodeAction[] =>
  found.finding
    .fixes()
    .filter(({ edits }) => edits.length > 0)
    .map(({ title, edits, preferred }) => ({
      ...quickFix(request, found, title, placeEdits(found.placed, edits)),
      ...(preferred ? { isPreferred: true } : {}),
    }));

/** The same for every finding of the rule in the file, where there are several that can be repaired. */
function repairsOfFile(request: CodeActionRequest, found: Found, here: readonly Found[]): CodeAction[] {
  const { rule } = found.finding;
  if (!isFirstOfRule(found, here)) return [];
  let count = 0;
  const edits = editsIn(request.documents(), (findings) => {
    const own = fixesOfRule(findings, rule);
    count += own.length;
    return own;
  });
  if (count < 2) return [];
  const title =
    rule === 'unquoted-annotation-value' ? `Quote all ${count} values in this file` : `Fix all ${rule} in this file`;
  return [quickFix(request, found, title, edits)];
}

/** Comments that keep the rule silent. */
function silences(request: CodeActionRequest, found: Found): CodeAction[] {
  const { placed, finding } = found;
  const action = (title: string, edit: Edit | undefined): CodeAction[] =>
    edit ? [quickFix(request, found, title, placeEdits(placed, [edit]))] : [];
  return [
    ...action(`Disable ${finding.rule} here`, disableHere(placed.document, finding)),
    ...action(`Disable ${finding.rule} for this document`, disableInDocument(placed.document, finding)),
  ];
}

/** The page of Argo CD's documentation about the rule. */
function pages(found: Found, here: readonly Found[]): CodeAction[] {
  const { rule } = found.finding;
  if (!isFirstOfRule(found, here)) return [];
  const title = `Open documentation of ${rule}`;
  const command = { title, command: OPEN_PAGE, arguments: [linkOf(rule)] };
  return [{ title, kind: CodeActionKind.QuickFix, diagnostics: [found.diagnostic], command }];
}

const isFirstOfRule = (found: Found, here: readonly Found[]): boolean =>
  here.find(({ finding }) => finding.rule === found.finding.rule) === found;

const editsIn = (
  documents: readonly JudgedDocument[],
  fixes: (findings: readonly Finding[]) => readonly Fix[],
): TextEdit[] =>
  documents
    .filter(({ placed }) => isEditable(placed.document))
    .flatMap(({ placed, findings }) =>
      placeEdits(
        placed,
        fixes(findings).flatMap(({ edits }) => edits),
      ),
    );

const placeEdits = (placed: PlacedDocument, edits: readonly Edit[]): TextEdit[] =>
  edits.map((edit) => ({ range: rangeOf(placed, edit), newText: edit.newText }));
