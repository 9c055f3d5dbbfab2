import type { Connection } from 'vscode-languageserver';
import type { Files } from '../workspace/files.ts';
import { treeFiles, type FileText, type TreeEntry } from '../workspace/tree-files.ts';
import { FILE_ENTRIES, FIND_FILES, READ_FILE, type FileParams, type FindFilesParams } from './protocol.ts';

/**
 * The files of a workspace folder that this process cannot reach itself, through the client: virtual file systems, and
 * every one where the server runs in a browser.
 * @param folder URI of the workspace folder
 * @param begun resolves when the client may be asked: not before it was told what the server can do
 */
export function clientFiles(connection: Connection, folder: string, begun: Promise<void>): Files {
  const ask = async <Result>(method: string, params: FindFilesParams | FileParams): Promise<Result> => {
    await begun;
    return connection.sendRequest<Result>(method, params);
  };
  return treeFiles({
    find: () => ask<readonly string[] | null>(FIND_FILES, { folder }),
    entries: (path) => ask<readonly TreeEntry[] | null>(FILE_ENTRIES, { folder, path }),
    read: (path) => ask<FileText>(READ_FILE, { folder, path }),
  });
}
