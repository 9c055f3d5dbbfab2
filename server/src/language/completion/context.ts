import type { YamlDocument } from '../../manifest/model.ts';
import { blockContext } from './block-context.ts';
import { documentContext } from './document-context.ts';
import { flowContext } from './flow-context.ts';
import { jsonPatchContext } from './json-patch-context.ts';
import { nestedContext } from './nested-context.ts';
import { optionContext } from './option-context.ts';
import type { AnnotationContext, CompletionContext } from './context-model.ts';

/**
 * What is being written at an offset of a document, found from lines and indentation alone, so that it works where the
 * line is half typed and the YAML broken; flow maps and JSON are found from the parsed document.
 */
export function completionContext(document: YamlDocument, offset: number): CompletionContext | undefined {
  return (
    documentContext(document.text, offset) ?? annotationContext(document, offset) ?? optionContext(document, offset)
  );
}

/** The same of annotations alone, also in patches and values that stand in a text of the document. */
export function annotationContext(document: YamlDocument, offset: number): AnnotationContext | undefined {
  const { text } = document;
  return (
    blockContext(text, offset) ??
    jsonPatchContext(text, offset) ??
    nestedContext(text, offset) ??
    flowContext(document, offset)
  );
}
