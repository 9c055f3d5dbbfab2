import * as vscode from 'vscode';

/** Languages that manifests are written in. */
const LANGUAGES: readonly string[] = ['yaml', 'helm', 'json'];

/** Is it written in a language that manifests are written in? */
export const isManifest = ({ languageId }: vscode.TextDocument): boolean => LANGUAGES.includes(languageId);

/**
 * Schemes of documents that a person can edit here: files, new ones, and those of the workspace's folders. What is only
 * shown has another one: a side of a comparison with Git, or with a cluster.
 */
export const editableSchemes = (): ReadonlySet<string> =>
  new Set(['file', 'untitled', ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)]);

/** The documents that the language server is told of. */
export const editableDocuments = (): { readonly language: string; readonly scheme: string }[] =>
  [...editableSchemes()].flatMap((scheme) => LANGUAGES.map((language) => ({ language, scheme })));

/** Calls back when a folder comes whose documents `editableDocuments` did not hold before. */
export function onNewScheme(changed: () => void): vscode.Disposable {
  let known = editableSchemes();
  return vscode.workspace.onDidChangeWorkspaceFolders(() => {
    const now = editableSchemes();
    const isNew = [...now].some((scheme) => !known.has(scheme));
    known = now;
    if (isNew) changed();
  });
}
