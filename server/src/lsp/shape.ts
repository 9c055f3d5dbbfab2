import {
  InsertTextFormat,
  type CodeAction,
  type CodeLens,
  type Command,
  type CompletionItem,
  type CompletionList,
  type DocumentSymbol,
  type Hover,
  type SymbolInformation,
} from 'vscode-languageserver';
import type { Completions, OfferedItem } from '../language/completion/completion.ts';
import { plainText } from '../language/describe.ts';
import type { HoverText } from '../language/hover-text.ts';
import type { Lens, LensCommand } from '../language/lens.ts';
import type { Range } from '../manifest/lines.ts';
import type { PlacedDocument } from '../manifest/model.ts';
import { rangeOf } from '../manifest/source-file.ts';
import type { ClientFeatures } from './client-features.ts';

/** Answers of the language room in the shape that this client takes. */

/** A completion list: one range for all items where the client takes defaults, else a range for each. */
export function completionList(placed: PlacedDocument, found: Completions, client: ClientFeatures): CompletionList {
  const range = rangeOf(placed, found.replace);
  const shared = client.itemDefaults.has('editRange');
  const items = found.items.map((item) => completionItem(item, shared ? undefined : range, client));
  return { isIncomplete: false, items, ...(shared ? { itemDefaults: { editRange: range } } : {}) };
}

function completionItem(item: OfferedItem, range: Range | undefined, client: ClientFeatures): CompletionItem {
  const { insertText, insertTextMode, documentation, snippet, labelDetails, ...rest } = item;
  const inserted = client.snippets ? snippet : undefined;
  const newText = inserted ?? insertText ?? item.label;
  return {
    ...rest,
    ...(labelDetails && client.labelDetails ? { labelDetails } : {}),
    ...(inserted === undefined ? {} : { insertTextFormat: InsertTextFormat.Snippet }),
    ...(range ? { textEdit: { range, newText } } : { textEditText: newText }),
    ...(insertTextMode !== undefined && client.insertTextMode ? { insertTextMode } : {}),
    ...(documentation === undefined ? {} : { documentation: documented(documentation, client.markdownCompletion) }),
  };
}

function documented(
  documentation: NonNullable<CompletionItem['documentation']>,
  markdown: boolean,
): NonNullable<CompletionItem['documentation']> {
  const text = typeof documentation === 'string' ? documentation : documentation.value;
  return markdown ? { kind: 'markdown', value: text } : { kind: 'plaintext', value: plainText(text) };
}

export function hoverAnswer(placed: PlacedDocument, found: HoverText, client: ClientFeatures): Hover {
  const contents = client.markdownHover
    ? ({ kind: 'markdown', value: found.markdown } as const)
    : ({ kind: 'plaintext', value: plainText(found.markdown) } as const);
  return { contents, range: rangeOf(placed, found.span) };
}

export const codeLens = (lens: Lens): CodeLens =>
  'target' in lens
    ? { range: lens.range, data: lens.target }
    : { range: lens.range, command: lensCommandAnswer(lens.command) };

export const lensCommandAnswer = ({ title, command, argument }: LensCommand): Command => ({
  title,
  command,
  arguments: [argument],
});

/** Clients without code action literals know commands alone, and we have none that edits: they get nothing. */
export function codeActionAnswer(actions: readonly CodeAction[], client: ClientFeatures): (CodeAction | Command)[] {
  if (!client.codeActionLiterals) return [];
  return client.preferredActions ? [...actions] : actions.map(({ isPreferred: _preferred, ...action }) => action);
}

/** Clients that know no hierarchy get a flat list, each annotation with the manifest that holds it. */
export function symbolsAnswer(
  uri: string,
  symbols: readonly DocumentSymbol[],
  client: ClientFeatures,
): DocumentSymbol[] | SymbolInformation[] {
  return client.hierarchicalSymbols ? [...symbols] : symbols.flatMap((symbol) => flatSymbols(uri, symbol));
}

function flatSymbols(uri: string, symbol: DocumentSymbol, containerName?: string): SymbolInformation[] {
  const { name, kind, range, children = [] } = symbol;
  const own = { name, kind, location: { uri, range }, ...(containerName === undefined ? {} : { containerName }) };
  return [own, ...children.flatMap((child) => flatSymbols(uri, child, name))];
}
