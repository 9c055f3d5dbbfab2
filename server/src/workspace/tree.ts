import type { Json } from '../core/object.ts';
import type { FileFacts } from './facts.ts';

/** The files of a root, by folder. */
export interface Tree {
  /** In the order of their paths. */
  readonly files: readonly FileFacts[];
  readonly byPath: ReadonlyMap<string, FileFacts>;
  /** Every folder that holds a file, or a folder that does. */
  readonly folders: ReadonlyMap<string, readonly FileFacts[]>;
  /** Folders of Helm charts. */
  readonly charts: ReadonlySet<string>;
  /** Git repositories around or in the root, as far as they are known. */
  readonly repositories: readonly Repository[];
  /**
   * Names of the repositories that the root itself may be a checkout of: those whose sources have a folder here, other
   * than the root. Empty where Git is known to say it.
   */
  readonly homes: ReadonlySet<string>;
  /** The value of a file's first document. */
  readonly valueIn?: ((path: string) => Json | undefined) | undefined;
}

/** A Git repository around or in the workspace. */
export interface Repository {
  /** Its root as seen from the workspace's (`..` where it lies above). */
  readonly folder: string;
  /** Its remotes, as `repositoryName` gives them. */
  readonly remotes: readonly string[];
}
