import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { decode, MAX_FILE_SIZE, tooBig } from '#decode';
import {
  FILE_ENTRIES,
  FIND_FILES,
  READ_FILE,
  type FileParams,
  type FileText,
  type FileTree,
  type FindFilesParams,
  type TreeEntry,
} from '#protocol';

/** How long a search may take before it counts as none, in milliseconds: a file system without one never answers. */
const PATIENCE = 3000;

/** Schemes of file systems of which it is known that they have no search. */
const unsearchable = new Set<string>();

/** Name of a folder for an application whose source is the folder itself, as the language server gives it. */
export const nameOf = ({ path }: vscode.Uri): string => path.slice(path.lastIndexOf('/') + 1) || 'root';

/** A workspace folder as the editor reads it, wherever it lies. */
export function treeOf(folder: vscode.Uri): FileTree {
  const at = (path: string): vscode.Uri => (path === '.' ? folder : vscode.Uri.joinPath(folder, path));
  return {
    find: () => find(folder),
    entries: (path) => entries(at(path)),
    read: (path) => read(at(path), maxFileSizeOf(folder)),
  };
}

async function find(folder: vscode.Uri): Promise<readonly string[] | null> {
  if (unsearchable.has(folder.scheme)) return null;
  const enough = new vscode.CancellationTokenSource();
  const late = new Promise<undefined>((resolve) => {
    enough.token.onCancellationRequested(() => resolve(undefined));
  });
  const timer = setTimeout(() => enough.cancel(), PATIENCE);
  try {
    const pattern = new vscode.RelativePattern(folder, '**/{*.yaml,*.yml,*.json,.gitignore}');
    // Names in `files.exclude` are left out too.
    const search = vscode.workspace.findFiles(pattern, '**/node_modules/**', undefined, enough.token);
    const found = await Promise.race([search, late]);
    if (!found) unsearchable.add(folder.scheme);
    const start = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
    return found?.map(({ path }) => path.slice(start.length)) ?? null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    enough.dispose();
  }
}

async function entries(folder: vscode.Uri): Promise<readonly TreeEntry[] | null> {
  const { File, Directory } = vscode.FileType;
  try {
    const found = await vscode.workspace.fs.readDirectory(folder);
    // Links to folders may lead in circles; a link to a file is a file.
    return found.flatMap(([name, type]) =>
      type === Directory || (type & File) !== 0 ? [{ name, isFolder: type === Directory }] : [],
    );
  } catch {
    return null;
  }
}

/** In MiB. */
function maxFileSizeOf(folder: vscode.Uri): number {
  const size = vscode.workspace.getConfiguration('argocdHooks', folder).get('maxFileSize', MAX_FILE_SIZE);
  return size > 0 ? size : MAX_FILE_SIZE;
}

async function read(file: vscode.Uri, maxFileSize: number): Promise<FileText> {
  try {
    const { size, type } = await vscode.workspace.fs.stat(file);
    if ((type & vscode.FileType.File) === 0) return null;
    const problem = tooBig(size, maxFileSize);
    return problem === undefined ? { text: decode(await vscode.workspace.fs.readFile(file)) } : { problem };
  } catch (error) {
    const code = error instanceof vscode.FileSystemError ? error.code : 'Unknown';
    return code === 'FileNotFound' ? null : { problem: `The file cannot be read (${code}).` };
  }
}

/** Answers the language server's requests for files that it cannot reach itself. */
export function serveFiles(client: BaseLanguageClient): void {
  const tree = ({ folder }: FindFilesParams): FileTree => treeOf(vscode.Uri.parse(folder));
  client.onRequest(FIND_FILES, (params: FindFilesParams) => tree(params).find());
  client.onRequest(FILE_ENTRIES, (params: FileParams) => tree(params).entries(params.path));
  client.onRequest(READ_FILE, (params: FileParams) => tree(params).read(params.path));
}
