import type { CancellationToken, InlayHint } from 'vscode-languageserver';
import { hintsOf } from '../language/hints.ts';
import type { Range } from '../manifest/lines.ts';
import type { PlacedDocument } from '../manifest/model.ts';
import { rangeOf } from '../manifest/source-file.ts';
import { placeFacts } from './features.ts';
import { rangeOfParams, uriOf } from './params.ts';
import type { Session } from './session.ts';
import { Slices } from './turns.ts';

/** How many hints an answer holds: some editors ask for whole files. */
const MAX_HINTS = 1_000;

/**
 * Answers `textDocument/inlayHint` for the range that is asked about. Much is read in slices; where the document
 * changes meanwhile, the reading starts again with what it is then.
 */
export async function onInlayHint(session: Session, params: unknown, token: CancellationToken): Promise<InlayHint[]> {
  const uri = uriOf(params);
  const range = rangeOfParams(params);
  const slices = new Slices();
  for (;;) {
    const document = session.documents.get(uri);
    const { enable, inlayHints } = session.settingsOf(uri);
    if (!document || !enable || !inlayHints || token.isCancellationRequested) return [];
    const { file } = document;
    const facts = placeFacts(session, uri);
    const hints: InlayHint[] = [];
    const last = file.indexAtLine(range.end.line);
    for (let index = file.indexAtLine(range.start.line); index <= last && hints.length < MAX_HINTS; index++) {
      const placed = file.document(index);
      if (placed) hints.push(...inRange(placed, range, hintsOf(placed.document, facts?.(placed))));
      const rest = slices.rest();
      if (rest) await rest;
      if (token.isCancellationRequested) return [];
    }
    if (session.documents.get(uri) === document) return hints.slice(0, MAX_HINTS);
  }
}

function inRange(placed: PlacedDocument, range: Range, hints: ReturnType<typeof hintsOf>): InlayHint[] {
  return hints
    .map(({ at, label, tooltip }): InlayHint => {
      const position = rangeOf(placed, { start: at, end: at }).start;
      return { position, label, tooltip, paddingLeft: true };
    })
    .filter(({ position }) => isWithin(position, range));
}

const isWithin = ({ line, character }: Range['start'], { start, end }: Range): boolean =>
  (line > start.line || (line === start.line && character >= start.character)) &&
  (line < end.line || (line === end.line && character <= end.character));
