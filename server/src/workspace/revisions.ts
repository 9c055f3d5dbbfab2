import type { Files } from './files.ts';
import type { RevisionTree } from './revision-renderer.ts';

/** A commit that a name was found to mean. */
export interface Revision {
  /** As it was asked for: `HEAD`, `main~2`, `v1.4`. */
  readonly name: string;
  /** The whole hash, and the short one that people read. */
  readonly commit: string;
  readonly short: string;
}

/** Why something could not be had, for a person: what, and what to do next. */
export interface Refusal {
  readonly problem: string;
}

/** A revision to choose from a list. */
export interface RevisionChoice {
  readonly kind: 'branch' | 'remote-branch' | 'tag' | 'commit';
  /** What is to be asked for: the name of the branch or tag, or the short hash. */
  readonly name: string;
  readonly short: string;
  /** First line of the commit's message. */
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
}

/** Earlier states of a root's files: a port. Git's is in `git-node.ts`. Nothing here rejects. */
export interface Revisions {
  /** The commit that a name means; HEAD where it is empty. */
  resolve(name: string): Promise<Revision | Refusal>;
  /** The files of the root as they were; paths as the root's own files have them. Read when they are asked for. */
  files(revision: Revision): Files;
  /** The same files for the tools that render, whatever their kind. */
  tree(revision: Revision): RevisionTree;
  /** Branches, tags and commits, newest first. */
  choices(): Promise<readonly RevisionChoice[] | Refusal>;
}

/** What tells applications of two revisions apart. */
export interface Named {
  readonly name: string;
  readonly path: string;
}

/**
 * Which application of an earlier revision is which of now: of the same name and path, else of the same path, else of
 * the same name. `gone`: of the earlier revision alone.
 */
export function pairApplications<Before extends Named, Now extends Named>(
  before: readonly Before[],
  now: readonly Now[],
): { readonly pairs: readonly { readonly before: Before | undefined; readonly now: Now }[]; readonly gone: Before[] } {
  const found = new Map<Now, Before>();
  const free = new Set(before);
  const rounds: readonly ((a: Named, b: Named) => boolean)[] = [
    (a, b) => a.name === b.name && a.path === b.path,
    (a, b) => a.path === b.path,
    (a, b) => a.name === b.name,
  ];
  for (const isSame of rounds) {
    for (const application of now) {
      if (found.has(application)) continue;
      const match = [...free].find((old) => isSame(old, application));
      if (!match) continue;
      found.set(application, match);
      free.delete(match);
    }
  }
  return { pairs: now.map((application) => ({ before: found.get(application), now: application })), gone: [...free] };
}
