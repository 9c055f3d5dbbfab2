import { CompletionItemKind, InsertTextMode, type CompletionItem } from 'vscode-languageserver-types';
import type { Span, YamlDocument } from '../../manifest/model.ts';
import { describeApplicationOption, describeKey, describeValue } from '../describe.ts';
import { completionContext, type OptionContext } from './context.ts';
import { offeredKeys, offeredMaps, type OfferedKeys } from './keys.ts';
import { offeredOptions } from './options.ts';
import { offeredValues, type OfferedValues, type ValueFacts } from './values.ts';

export type { ValueFacts } from './values.ts';

/** Items that all replace the same stretch of the document; `insertText` of each is what comes in its place. */
export interface Completions {
  readonly replace: Span;
  readonly items: readonly CompletionItem[];
}

/**
 * What can be written at an offset of a document: keys of annotations, their values, the annotations themselves, or sync
 * options of an Application.
 * Undefined where nothing of ours belongs.
 */
export function complete(document: YamlDocument, offset: number, facts: ValueFacts): Completions | undefined {
  const context = completionContext(document, offset);
  switch (context?.kind) {
    case undefined:
      return undefined;
    case 'key':
      return keyItems(offeredKeys(context, facts.argocdVersion), facts.argocdVersion);
    case 'metadata':
      return keyItems(offeredMaps(context, facts.argocdVersion), facts.argocdVersion);
    case 'option':
      return optionItems(context, facts.argocdVersion);
    case 'value': {
      const offered = offeredValues(context, facts);
      return offered && valueItems(offered, facts.argocdVersion);
    }
  }
}

const order = (index: number): string => String(index).padStart(3, '0');

function keyItems({ replace, keys }: OfferedKeys, argocdVersion: string): Completions {
  const items = keys.map(({ label, newText, annotation, detail }, index): CompletionItem => {
    const item: CompletionItem = {
      label,
      kind: CompletionItemKind.Property,
      detail,
      sortText: order(index),
      insertText: newText,
    };
    // The indentation is complete already.
    if (newText.includes('\n')) item.insertTextMode = InsertTextMode.asIs;
    if (annotation) item.documentation = { kind: 'markdown', value: describeKey(annotation, argocdVersion) };
    return item;
  });
  return { replace, items };
}

function valueItems({ replace, values, annotation }: OfferedValues, argocdVersion: string): Completions {
  const items = values.map(({ label, newText, detail, value }, index): CompletionItem => {
    const item: CompletionItem = {
      label,
      kind: CompletionItemKind.EnumMember,
      detail,
      sortText: order(index),
      insertText: newText,
    };
    if (value) item.documentation = { kind: 'markdown', value: describeValue(value, annotation, argocdVersion) };
    return item;
  });
  return { replace, items };
}

function optionItems(context: OptionContext, argocdVersion: string): Completions {
  const items = offeredOptions(context, argocdVersion).map(({ option, newText }, index): CompletionItem => {
    return {
      label: option.name,
      kind: CompletionItemKind.EnumMember,
      detail: option.summary,
      sortText: order(index),
      insertText: newText,
      documentation: { kind: 'markdown', value: describeApplicationOption(option, argocdVersion) },
    };
  });
  return { replace: context.replace, items };
}
