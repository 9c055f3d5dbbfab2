import * as vscode from 'vscode';
import type { EditorSettings } from '../../sync/editor-settings.ts';

/** The settings of a folder as they are now, as the language server is told them. */
export function editorSettings(folder: vscode.Uri): EditorSettings {
  const settings = vscode.workspace.getConfiguration(undefined, folder);
  return {
    section: settings.get('argocdHooks'),
    filesExclude: settings.get('files.exclude'),
    proxy: {
      authorization: settings.get<string | null>('http.proxyAuthorization') ?? '',
      strictSsl: settings.get<boolean>('http.proxyStrictSSL', true),
    },
  };
}
