import { CompletionItemKind, InsertTextMode, type CompletionItem } from 'vscode-languageserver-types';
import { HOOK_PATTERNS, manifestOf } from '../../core/patterns/patterns.ts';
import { plainOf, snippetOf } from '../../core/patterns/pieces.ts';
import type { Span, YamlDocument } from '../../manifest/model.ts';
import { describeApplicationOption, describeKey, describeValue } from '../describe.ts';
import { completionContext } from './context.ts';
import type { DocumentContext, OptionContext } from './context-model.ts';
import { offeredKeys, offeredMaps, type OfferedKeys } from './keys.ts';
import { offeredOptions } from './options.ts';
import { offeredValues, type OfferedValues, type ValueFacts } from './values.ts';

export type { ValueFacts } from './values.ts';

/** An item as every client takes it, with what only some of them do. */
export interface OfferedItem extends CompletionItem {
  /** What comes in place of `insertText` where the client knows snippets. */
  readonly snippet?: string;
}

/** Items that all replace the same stretch of the document; `insertText` of each is what comes in its place. */
export interface Completions {
  readonly replace: Span;
  readonly items: readonly OfferedItem[];
}

/**
 * What can be written at an offset of a document: a whole hook where nothing stands yet, keys of annotations, their
 * values, the annotations themselves, or sync options of an Application.
 * Undefined where nothing of ours belongs.
 */
export function complete(document: YamlDocument, offset: number, facts: ValueFacts): Completions | undefined {
  const context = completionContext(document, offset);
  switch (context?.kind) {
    case undefined:
      return undefined;
    case 'document':
      return patternItems(context);
    case 'key':
      return keyItems(offeredKeys(context, facts), facts.argocdVersion);
    case 'metadata':
      return keyItems(offeredMaps(context, facts), facts.argocdVersion);
    case 'option':
      return optionItems(context, facts.argocdVersion);
    case 'value': {
      const offered = offeredValues(context, facts);
      return offered && valueItems(offered, facts.argocdVersion);
    }
  }
}

const order = (index: number): string => String(index).padStart(3, '0');

/** How an item is marked that the configured Argo CD does not know. */
const marked = (
  detail: string,
  needs: string | undefined,
  beside?: string,
): Pick<CompletionItem, 'detail' | 'labelDetails'> => {
  const description = needs === undefined ? beside : `needs Argo CD ${needs}`;
  return {
    detail: needs === undefined ? detail : `Needs Argo CD ${needs}: ${detail}`,
    ...(description === undefined ? {} : { labelDetails: { description } }),
  };
};

const markdown = (value: string) => ({ kind: 'markdown' as const, value });

function keyItems({ replace, keys }: OfferedKeys, argocdVersion: string): Completions {
  const items = keys.map(({ label, newText, typedAs, snippet, annotation, detail, needs }, index): OfferedItem => {
    return {
      label,
      kind: CompletionItemKind.Property,
      ...marked(detail, needs),
      sortText: order(index),
      insertText: newText,
      ...(typedAs === undefined ? {} : { filterText: typedAs }),
      ...(snippet === undefined ? {} : { snippet }),
      // The indentation is complete already.
      ...(newText.includes('\n') ? { insertTextMode: InsertTextMode.asIs } : {}),
      ...(annotation ? { documentation: markdown(describeKey(annotation, argocdVersion)) } : {}),
    };
  });
  return { replace, items };
}

function valueItems({ replace, values, annotation }: OfferedValues, argocdVersion: string): Completions {
  const items = values.map(({ label, newText, detail, value, beside, needs }, index): OfferedItem => {
    return {
      label,
      kind: CompletionItemKind.EnumMember,
      ...marked(detail, needs, beside),
      sortText: order(index),
      insertText: newText,
      ...(value ? { documentation: markdown(describeValue(value, annotation, argocdVersion)) } : {}),
    };
  });
  return { replace, items };
}

function optionItems(context: OptionContext, argocdVersion: string): Completions {
  const items = offeredOptions(context, argocdVersion).map(({ option, newText, needs }, index): OfferedItem => {
    return {
      label: option.name,
      kind: CompletionItemKind.EnumMember,
      ...marked(option.summary, needs),
      sortText: order(index),
      insertText: newText,
      documentation: markdown(describeApplicationOption(option, argocdVersion)),
    };
  });
  return { replace: context.replace, items };
}

function patternItems({ replace, lineEnd }: DocumentContext): Completions {
  const items = HOOK_PATTERNS.map((pattern, index): OfferedItem => {
    const manifest = manifestOf(pattern);
    const plain = plainOf(manifest);
    const withEnds = (text: string): string => text.replaceAll('\n', lineEnd);
    return {
      label: `Argo CD hook: ${pattern.title.toLowerCase()}`,
      kind: CompletionItemKind.Snippet,
      ...marked(pattern.summary, undefined, `${pattern.phases.join(', ')} Job`),
      sortText: order(index),
      insertText: withEnds(plain),
      snippet: withEnds(snippetOf(manifest)),
      insertTextMode: InsertTextMode.asIs,
      documentation: markdown(`${pattern.summary}\n\n\`\`\`yaml\n${plain}\`\`\``),
    };
  });
  return { replace, items };
}
