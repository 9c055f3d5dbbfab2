import type { CancellationToken, DocumentSymbol, SymbolInformation } from 'vscode-languageserver';
import { uriOf } from './params.ts';
import type { Session } from './session.ts';
import { Slices } from './turns.ts';
import { symbolsAnswer } from './shape.ts';

/** How many manifests are outlined: far more than anybody looks through, and few enough to be sent on a keystroke. */
const MAX_MANIFESTS = 2_000;

/**
 * Answers `textDocument/documentSymbol`. A file of thousands of documents is read in slices; where it changes
 * meanwhile, the reading starts again with what it is then, so that the ranges are those of one state.
 */
export async function onDocumentSymbol(
  session: Session,
  params: unknown,
  token: CancellationToken,
): Promise<DocumentSymbol[] | SymbolInformation[]> {
  const uri = uriOf(params);
  const slices = new Slices();
  let document = session.documents.get(uri);
  let symbols: DocumentSymbol[] = [];
  for (let index = 0; ; index++) {
    if (!document || !session.settingsOf(uri).enable || token.isCancellationRequested) return [];
    const placed = document.file.document(index);
    if (!placed || symbols.length >= MAX_MANIFESTS)
      return symbolsAnswer(uri, symbols.slice(0, MAX_MANIFESTS), session.client);
    for (const symbol of session.symbols.symbols(placed)) symbols.push(symbol);
    const rest = slices.rest();
    if (!rest) continue;
    await rest;
    const current = session.documents.get(uri);
    if (current === document) continue;
    document = current;
    symbols = [];
    index = -1;
  }
}
