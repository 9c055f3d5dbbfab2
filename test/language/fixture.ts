import type { CodeAction, TextEdit } from 'vscode-languageserver-types';
import { codeActions } from '../../server/src/language/code-actions.ts';
import { complete, type OfferedItem, type ValueFacts } from '../../server/src/language/completion/completion.ts';
import type { DiagnoseOptions } from '../../server/src/language/diagnostics/diagnose.ts';
import {
  diagnosticOf,
  DiagnosticsKeeper,
  type DiagnosticShape,
  type Naming,
} from '../../server/src/language/diagnostics/report.ts';
import { lintFinding, Linter, type LintOptions } from '../../server/src/language/diagnostics/lint.ts';
import { RULES } from '../../server/src/language/diagnostics/rules.ts';
import type { Finding } from '../../server/src/language/diagnostics/model.ts';
import type { Files } from '../../server/src/workspace/files.ts';
import { openIndex } from '../../server/src/workspace/index.ts';
import type { LintFinding } from '../../server/src/workspace/model.ts';
import type { Range } from '../../server/src/manifest/lines.ts';
import { applyEdits } from '../../server/src/manifest/edit.ts';
import { offsetInDocument, openFile, rangeOf, type SourceFile } from '../../server/src/manifest/source-file.ts';

/** Text with a cursor (`|`, or another mark where the YAML needs the bar): the text without it, and where it was. */
export function withCursor(marked: string, mark = '|'): { text: string; offset: number } {
  const offset = marked.indexOf(mark);
  if (offset < 0 || marked.includes(mark, offset + 1)) throw new Error(`exactly one ${mark} is needed`);
  return { text: marked.slice(0, offset) + marked.slice(offset + mark.length), offset };
}

/** Removes the indentation that all lines share, and a first line that is empty. */
export function yaml(strings: TemplateStringsArray, ...values: readonly string[]): string {
  const raw = strings.raw.map((text, i) => text + (values[i] ?? '')).join('');
  const lines = raw
    .replace(/^\n/, '')
    .replace(/\n[ \t]*$/, '\n')
    .split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const shared = Math.min(...indents);
  return lines.map((line) => line.slice(shared)).join('\n');
}

const OPTIONS: DiagnoseOptions = { argocdVersion: '3.6.1', listedByKustomization: false, levels: {} };

const SHAPE: DiagnosticShape = { codeDescription: false, relatedInformation: true };
const NAMING: Naming = { uri: 'file:///test.yaml', uriOf: (file) => `file:///${file}` };

export interface Judged {
  readonly file: SourceFile;
  readonly findings: readonly Finding[];
  /** The text with «» around what each finding points at. */
  readonly marked: string;
  /** `error unknown-hook-phase: message` for each finding. */
  readonly lines: readonly string[];
}

/** Everything that the rules say about a file. */
export function judge(text: string, options: Partial<DiagnoseOptions> = {}): Judged {
  const file = openFile('test.yaml', text);
  const keeper = new DiagnosticsKeeper({ ...OPTIONS, ...options }, SHAPE);
  const placed = file.documents.flatMap((place) =>
    keeper.findings(place.document).map((finding) => ({ place, finding })),
  );
  const marks = placed.map(
    ({ place, finding }) => [place.start + finding.span.start, place.start + finding.span.end] as const,
  );
  let marked = '';
  for (let at = 0; at <= text.length; at++) {
    marked += '»'.repeat(marks.filter(([, end]) => end === at).length);
    marked += '«'.repeat(marks.filter(([start]) => start === at).length);
    marked += text[at] ?? '';
  }
  return {
    file,
    findings: placed.map(({ finding }) => finding),
    marked,
    lines: placed.map(({ finding }) => `${finding.level} ${finding.rule}: ${finding.message}`),
  };
}

/** Judges by these rules alone: what others have to say of the same text is left out. */
export function judging(...rules: readonly string[]): typeof judge {
  const others = RULES.filter(({ id }) => !rules.includes(id)).map(({ id }) => [id, 'off'] as const);
  return (text, options = {}) =>
    judge(text, { ...options, levels: { ...Object.fromEntries(others), ...options.levels } });
}

/** Files of a workspace, all of them in memory. */
const inMemory = (texts: Readonly<Record<string, string>>): Files => ({
  read: (path) => Promise.resolve(texts[path]),
  list: () => Promise.resolve(Object.keys(texts).sort()),
});

/** What the rules of both tiers say of the files of a workspace. */
export async function lintFiles(
  texts: Readonly<Record<string, string>>,
  options: Partial<LintOptions> = {},
): Promise<LintFinding[]> {
  const index = await openIndex(inMemory(texts), { rootName: 'root' });
  const linter = new Linter(index, { argocdVersion: '3.6.1', levels: {}, ...options });
  return index.paths().flatMap((path) => linter.findings(path).map((finding) => lintFinding(path, finding)));
}

/** The files after the fix with this title; throws where no finding in them has it. */
export async function fixedFiles(
  texts: Readonly<Record<string, string>>,
  title: string,
): Promise<Readonly<Record<string, string>>> {
  const index = await openIndex(inMemory(texts), { rootName: 'root' });
  const linter = new Linter(index, { argocdVersion: '3.6.1', levels: {} });
  for (const path of index.paths()) {
    for (const { placed, finding } of linter.findings(path)) {
      const fix = finding.fixes().find((candidate) => candidate.title === title);
      const text = texts[path];
      if (!fix || text === undefined) continue;
      const edits = fix.edits.map(({ start, end, newText }) => ({
        start: start + placed.start,
        end: end + placed.start,
        newText,
      }));
      return { ...texts, [path]: applyEdits(text, edits) };
    }
  }
  throw new Error(`no fix "${title}"`);
}

/** Quick fixes and fix-all actions at a range of a text; the whole text where none is given. */
export function actionsOf(
  text: string,
  options: { range?: Range; only?: string[]; pages?: boolean } & Partial<DiagnoseOptions> = {},
): CodeAction[] {
  const file = openFile('test.yaml', text);
  const keeper = new DiagnosticsKeeper({ ...OPTIONS, ...options }, SHAPE);
  const documents = file.documents.map((placed) => ({ placed, findings: keeper.findings(placed.document) }));
  return codeActions({
    uri: 'file:///test.yaml',
    range: options.range ?? { start: { line: 0, character: 0 }, end: file.positionAt(text.length) },
    only: options.only,
    documents: () => documents,
    touched: documents,
    diagnosticOf: (placed, finding) => diagnosticOf(placed, finding, NAMING, SHAPE),
    pages: options.pages ?? false,
  });
}

/** The text after edits. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const file = openFile('test.yaml', text);
  const placed = edits
    .map(({ range, newText }) => ({ start: file.offsetAt(range.start), end: file.offsetAt(range.end), newText }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  return placed.reduce((state, { start, end, newText }) => state.slice(0, start) + newText + state.slice(end), text);
}

/** The text after the action with this title; throws where there is none. */
export function fixed(text: string, title: string, options: Parameters<typeof actionsOf>[1] = {}): string {
  const actions = actionsOf(text, options);
  const action = actions.find((candidate) => candidate.title === title);
  const edits = action?.edit?.changes?.['file:///test.yaml'];
  if (!edits) throw new Error(`no action "${title}" among ${actions.map((a) => a.title).join(' | ')}`);
  return edited(text, edits);
}

const FACTS: ValueFacts = { argocdVersion: '3.6.1', waves: () => [], now: '2026-11-26T03:00:00Z' };

export interface Completed {
  readonly labels: readonly string[];
  /** The items' details, and what is shown behind their labels, by label. */
  readonly details: ReadonlyMap<string, string>;
  readonly beside: ReadonlyMap<string, string>;
  /** The text after choosing the item with this label. */
  readonly choose: (label: string) => string;
  /** The same for a client that knows snippets: places to fill in as the protocol writes them. */
  readonly snippet: (label: string) => string;
}

/** What is offered at the cursor; undefined where nothing is. */
export function completed(marked: string, facts: Partial<ValueFacts> = {}, mark = '|'): Completed | undefined {
  const { text, offset } = withCursor(marked, mark);
  const file = openFile('test.yaml', text);
  const position = file.positionAt(offset);
  const placed = file.documentAt(position);
  const found = complete(placed.document, offsetInDocument(placed, position), { ...FACTS, ...facts });
  if (!found) return undefined;
  const range = rangeOf(placed, found.replace);
  const taken = (label: string, textOf: (item: OfferedItem) => string): string => {
    const item = found.items.find((candidate) => candidate.label === label);
    if (!item) throw new Error(`no ${label} among ${found.items.map((i) => i.label).join(' | ')}`);
    return edited(text, [{ range, newText: textOf(item) }]);
  };
  const byLabel = (value: (item: OfferedItem) => string | undefined): Map<string, string> =>
    new Map(found.items.map((item) => [item.label, value(item) ?? '']));
  return {
    labels: found.items.map((item) => item.label),
    details: byLabel((item) => item.detail),
    beside: byLabel((item) => item.labelDetails?.description),
    choose: (label) => taken(label, (item) => item.insertText ?? item.label),
    snippet: (label) => taken(label, (item) => item.snippet ?? item.insertText ?? item.label),
  };
}

/** A Job with these annotations, and with what else is given. */
export const job = (annotations: string, spec = 'spec: {}'): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: db-migration\n  annotations:\n${annotations
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}${spec}\n`;

export const hook = (value: string): string => job(`argocd.argoproj.io/hook: ${value}`);
