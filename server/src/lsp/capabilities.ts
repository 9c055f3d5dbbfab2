import { CodeActionKind, TextDocumentSyncKind, type InitializeResult } from 'vscode-languageserver';
import { FIX_ALL, OPEN_PAGE } from '../language/code-actions.ts';
import type { ClientFeatures } from './client-features.ts';

/** What the server offers to this client. */
export function initializeResult(client: ClientFeatures, version: string): InitializeResult {
  return {
    serverInfo: { name: 'argocd-hooks', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: {
        openClose: true,
        change: TextDocumentSyncKind.Incremental,
        // Else nobody tells what changed on disk.
        ...(client.watchFiles ? {} : { save: { includeText: false } }),
      },
      completionProvider: { triggerCharacters: [' ', ',', '"', "'", '/', ':', '='] },
      hoverProvider: true,
      documentSymbolProvider: true,
      codeLensProvider: { resolveProvider: true },
      workspaceSymbolProvider: true,
      documentLinkProvider: { resolveProvider: true },
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      ...(client.inlayHints ? { inlayHintProvider: { resolveProvider: false } } : {}),
      ...(client.codeActionLiterals
        ? { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL], resolveProvider: false } }
        : {}),
      ...(client.showDocument ? { executeCommandProvider: { commands: [OPEN_PAGE] } } : {}),
      // Every YAML document's report may change with the kustomization that lists its file.
      ...(client.pullDiagnostics
        ? {
            diagnosticProvider: {
              identifier: 'argocd-hooks',
              interFileDependencies: true,
              workspaceDiagnostics: false,
            },
          }
        : {}),
      ...(client.workspaceFolders
        ? { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }
        : {}),
    },
  };
}
