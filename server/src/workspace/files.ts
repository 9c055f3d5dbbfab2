/** Files beyond this size are not read unless a setting says otherwise, in MiB: no manifest is that long. */
export const MAX_FILE_SIZE = 10;

/** Says of a path within the root whether nobody wants what is there. */
export type Skip = (path: string, isFolder: boolean) => boolean;

/** The file system as the service sees it: a port. Paths are relative to the root, with `/`. Node's is in `files-node.ts`. */
export interface Files {
  /** Text of a file; undefined where it cannot be read. Bytes that are no UTF-8 become U+FFFD. */
  read(path: string): Promise<string | undefined>;
  /**
   * The same at once, for many files in a row: a file system that has it says so, and who calls it gives others a turn
   * in between. Absent where files are far away.
   */
  readNow?(path: string): string | undefined;
  /**
   * Paths of all YAML and JSON files below a folder, sorted (a file in place of a folder: that file); what Git ignores,
   * node_modules and dot folders are left out. `skip`: what need not be looked at; it may be listed all the same.
   */
  list(folder: string, skip?: Skip): Promise<readonly string[]>;
  /** Whether there is a file or folder. Absent where it costs no less to read it. */
  has?(path: string): Promise<boolean>;
  /** Why a file that is there could not be read, for a person; undefined where it is not there or was read. */
  whyUnreadable?(path: string): string | undefined;
  /** Folders that could not be looked into when files were listed last, each with why, for a person. */
  unreadableFolders?(): ReadonlyMap<string, string>;
}
