import type { CancellationToken, DocumentSymbol, SymbolInformation } from 'vscode-languageserver';
import { nextTurn, SLICE_MS } from './folder.ts';
import { uriOf } from './params.ts';
import type { Session } from './session.ts';
import { symbolsAnswer } from './shape.ts';

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
  let sliceEnd = performance.now() + SLICE_MS;
  let document = session.documents.get(uri);
  let symbols: DocumentSymbol[] = [];
  for (let index = 0; ; index++) {
    if (!document || !session.settingsOf(uri).enable || token.isCancellationRequested) return [];
    const placed = document.file.document(index);
    if (!placed) return symbolsAnswer(uri, symbols, session.client);
    symbols.push(...session.symbols.symbols(placed));
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + SLICE_MS;
    const current = session.documents.get(uri);
    if (current === document) continue;
    document = current;
    symbols = [];
    index = -1;
  }
}
