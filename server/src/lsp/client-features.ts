import type { ClientCapabilities } from 'vscode-languageserver';
import { isRecord } from './params.ts';

/** What the client announced that it can do: nothing else is ever sent to it. */
export interface ClientFeatures {
  /** It answers requests of ours for files that the server cannot reach. */
  readonly files: boolean;
  /** Its user trusts the workspace, so that programs of the machine may be run on its files. */
  readonly trusted: boolean;
  /** Beside us another server tells of what is wrong with the YAML itself. */
  readonly yamlValidation: boolean;
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly refreshCodeLenses: boolean;
  /** Opens a page in a browser. */
  readonly showDocument: boolean;
  readonly configuration: boolean;
  readonly watchConfiguration: boolean;
  readonly watchFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly codeDescription: boolean;
  readonly relatedInformation: boolean;
  readonly versionedDiagnostics: boolean;
  readonly codeActionLiterals: boolean;
  readonly preferredActions: boolean;
  readonly markdownHover: boolean;
  readonly markdownCompletion: boolean;
  readonly insertReplace: boolean;
  readonly snippets: boolean;
  readonly labelDetails: boolean;
  readonly inlayHints: boolean;
  readonly refreshInlayHints: boolean;
  readonly linkTooltips: boolean;
  readonly insertTextMode: boolean;
  readonly hierarchicalSymbols: boolean;
  /** Defaults of a completion list that the client takes, such as `editRange`. */
  readonly itemDefaults: ReadonlySet<string>;
}

/**
 * Reads the client's capabilities; whatever is missing counts as not there.
 * @param options its `initializationOptions`
 */
export function clientFeatures(capabilities: ClientCapabilities | undefined, options?: unknown): ClientFeatures {
  const { textDocument, window, workspace } = capabilities ?? {};
  const completionItem = textDocument?.completion?.completionItem;
  const hoverFormats = textDocument?.hover?.contentFormat;
  const completionFormats = completionItem?.documentationFormat;
  return {
    files: isRecord(options) && options['files'] === true,
    trusted: isRecord(options) && options['trusted'] === true,
    yamlValidation: isRecord(options) && options['yamlValidation'] === true,
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshCodeLenses: workspace?.codeLens?.refreshSupport === true,
    showDocument: window?.showDocument?.support === true,
    configuration: workspace?.configuration === true,
    watchConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    codeDescription: textDocument?.publishDiagnostics?.codeDescriptionSupport === true,
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation === true,
    versionedDiagnostics: textDocument?.publishDiagnostics?.versionSupport === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    preferredActions: textDocument?.codeAction?.isPreferredSupport === true,
    markdownHover: hoverFormats?.includes('markdown') === true,
    markdownCompletion: completionFormats?.includes('markdown') === true,
    insertReplace: completionItem?.insertReplaceSupport === true,
    snippets: completionItem?.snippetSupport === true,
    labelDetails: completionItem?.labelDetailsSupport === true,
    inlayHints: textDocument?.inlayHint !== undefined,
    refreshInlayHints: workspace?.inlayHint?.refreshSupport === true,
    linkTooltips: textDocument?.documentLink?.tooltipSupport === true,
    insertTextMode: completionItem?.insertTextModeSupport !== undefined,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    itemDefaults: new Set(textDocument?.completion?.completionList?.itemDefaults ?? []),
  };
}
