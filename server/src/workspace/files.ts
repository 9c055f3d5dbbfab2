/** The file system as the service sees it: a port. Paths are relative to the root, with `/`. Node's is in `files-node.ts`. */
export interface Files {
  /** Text of a file; undefined where it cannot be read. Bytes that are no UTF-8 become U+FFFD. */
  read(path: string): Promise<string | undefined>;
  /** Paths of all YAML and JSON files below a folder, sorted (a file in place of a folder: that file); what Git ignores, node_modules and dot folders are left out. */
  list(folder: string): Promise<readonly string[]>;
  /** Why a file that is there could not be read, for a person; undefined where it is not there or was read. */
  whyUnreadable?(path: string): string | undefined;
}
