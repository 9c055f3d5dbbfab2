import type { CancellationToken, SymbolInformation } from 'vscode-languageserver';
import { planSymbols } from '../language/plan-symbols.ts';
import { stringIn } from './params.ts';
import type { Session } from './session.ts';

/** How many symbols an editor gets: more than anybody looks through, few enough for each letter of a query. */
const MAX_SYMBOLS = 500;

/** Answers `workspace/symbol`: tasks of the workspace's applications, each application in the order of its sync. */
export async function onWorkspaceSymbol(
  session: Session,
  params: unknown,
  token: CancellationToken,
): Promise<SymbolInformation[]> {
  const query = stringIn(params, 'query') ?? '';
  const symbols: SymbolInformation[] = [];
  for await (const { folder, plan } of session.plans.applications.plans()) {
    if (token.isCancellationRequested) return [];
    for (const { name, kind, container, file, line } of planSymbols(plan, query)) {
      if (symbols.length >= MAX_SYMBOLS) return symbols;
      const start = { line: line - 1, character: 0 };
      const location = { uri: folder.uriOf(file), range: { start, end: start } };
      symbols.push({ name, kind, location, containerName: container });
    }
  }
  return symbols;
}
