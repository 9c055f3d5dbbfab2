/** The file system as the service sees it: a port. Paths are relative to the root, with `/`. Node's is in `files-node.ts`. */
export interface Files {
  /** Text of a file; undefined where it cannot be read. Bytes that are no UTF-8 become U+FFFD. */
  read(path: string): Promise<string | undefined>;
  /** Paths of all YAML and JSON manifests below a folder, sorted; what Git ignores, node_modules and dot folders are left out. */
  list(folder: string): Promise<readonly string[]>;
}
