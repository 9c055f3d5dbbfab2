import { commitContents, commitFiles, type CommitFiles } from './git-node/files.ts';
import { askGit, git } from './git-node/run.ts';
import { commitTree, type CommitTree } from './git-node/tree.ts';
import type { Refusal, Revision, RevisionChoice, Revisions } from './workspace/revisions.ts';
import type { NodeFilesOptions } from './files-node.ts';
import { normalizePath } from './workspace/paths.ts';

export { git } from './git-node/run.ts';

/** How many commits' lists of files are kept. */
const KEPT_TREES = 2;

/**
 * Earlier states of a folder as its Git repository has them, through the program `git`, without a shell. A repository's
 * own settings can start programs; those that could here are switched off, and it is for the caller to ask only where
 * the user trusts the folder.
 */
export function nodeRevisions(root: string, { maxFileSize }: NodeFilesOptions = {}): Revisions {
  const trees = new Map<string, Promise<CommitTree | undefined>>();
  const treeOf = (top: string, commit: string): Promise<CommitTree | undefined> => {
    const kept = trees.get(commit) ?? commitTree(top, commit);
    trees.delete(commit);
    trees.set(commit, kept);
    for (const old of [...trees.keys()].slice(0, -KEPT_TREES)) trees.delete(old);
    return kept;
  };
  /** Where the repository begins, and where the root lies in it. */
  const place = async (): Promise<{ top: string; prefix: string }> => {
    const [top = root, prefix = ''] = ((await git(root, 'rev-parse', '--show-toplevel', '--show-prefix')) ?? '').split(
      '\n',
    );
    return { top, prefix: normalizePath(prefix) };
  };

  const filesOf = async ({ commit, short }: Revision): Promise<CommitFiles> => {
    const { top, prefix } = await place();
    return { prefix, short, tree: treeOf(top, commit) };
  };

  return {
    resolve: (name) => resolveName(root, name),
    files: (revision) => {
      const files = filesOf(revision).then((commit) => commitFiles(commit, maxFileSize?.()));
      let known: Awaited<typeof files> | undefined;
      return {
        read: async (path) => (known = await files).read(path),
        list: async (folder) => (known = await files).list(folder),
        whyUnreadable: (path) => known?.whyUnreadable?.(path),
      };
    },
    tree: (revision) => {
      const tree = filesOf(revision).then(commitContents);
      return {
        entry: async (path) => (await tree).entry(path),
        bytes: async (path) => (await tree).bytes(path),
        text: async (path) => (await tree).text(path),
        list: async (folder) => (await tree).list(folder),
      };
    },
    choices: () => choicesOf(root),
  };
}

/** The commit that a name means, or why there is none. */
async function resolveName(root: string, asked: string): Promise<Revision | Refusal> {
  const name = asked.trim() || 'HEAD';
  // A line end or a zero byte would end the argument, and no revision has one.
  if (/[\0\r\n]/.test(name)) return { problem: 'A revision is one line: a branch, a tag or a commit.' };
  const answer = await askGit(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  const commit = answer.ok ? answer.out.toString('latin1').trim() : '';
  if (/^[0-9a-f]{40,64}$/.test(commit)) {
    const short = (await git(root, 'rev-parse', '--short', commit))?.trim();
    return { name, commit, short: short ?? commit.slice(0, 7) };
  }
  return (await noRepository(root)) ?? { problem: await whyUnknown(root, name) };
}

/** Why a folder has no history at all; undefined where it has one. */
async function noRepository(root: string): Promise<Refusal | undefined> {
  const answer = await askGit(root, 'rev-parse', '--is-inside-work-tree');
  if (answer.ok) return undefined;
  if (answer.missing)
    return {
      problem: 'Git is not installed here (there is no program git on the PATH), so no earlier revision can be read.',
    };
  if (/not a git repository/i.test(answer.error))
    return { problem: `${root} is in no Git repository: there is no earlier revision of it.` };
  const [why = 'it gave no reason'] = answer.error.split('\n');
  return { problem: `Git does not read the repository of ${root}: ${why.replace(/^fatal: /, '')}` };
}

async function whyUnknown(root: string, name: string): Promise<string> {
  if ((await git(root, 'rev-parse', '--verify', '--quiet', 'HEAD')) === undefined)
    return 'The Git repository has no commit yet: there is nothing to compare with.';
  const known = `Git knows no revision ${name} here`;
  const remote = `origin/${name}`;
  const there = await git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${remote}^{commit}`);
  if (there !== undefined) return `${known}. Did you mean ${remote}?`;
  if ((await git(root, 'rev-parse', '--is-shallow-repository'))?.trim() === 'true')
    return `${known}. This clone is shallow, it has a part of the history alone: run git fetch --unshallow (in GitHub Actions: fetch-depth: 0).`;
  return `${known}. A branch of a remote is named with it (origin/main); what others pushed comes with git fetch.`;
}

/** How many commits, and branches and tags, a list offers. */
const COMMITS = 30;
const REFS = 60;
const KINDS: readonly (readonly [string, RevisionChoice['kind']])[] = [
  ['refs/heads/', 'branch'],
  ['refs/remotes/', 'remote-branch'],
  ['refs/tags/', 'tag'],
];

async function choicesOf(root: string): Promise<readonly RevisionChoice[] | Refusal> {
  const refusal = await noRepository(root);
  if (refusal) return refusal;
  const fields = '%(refname)%00%(objectname:short)%00%(creatordate:iso-strict)%00%(contents:subject)%00%(symref)%0a';
  const [refs, commits] = await Promise.all([
    git(
      root,
      'for-each-ref',
      '--sort=-creatordate',
      `--count=${REFS}`,
      `--format=${fields}`,
      ...KINDS.map(([at]) => at),
    ),
    git(root, 'log', `-${COMMITS}`, '--no-decorate', '--format=%h%x00%cI%x00%s'),
  ]);
  return [
    ...linesOf(refs).flatMap(([ref = '', short = '', time = '', subject = '', target = '']) => {
      const found = KINDS.find(([at]) => ref.startsWith(at));
      if (!found || target !== '') return [];
      const [at, kind] = found;
      return [{ kind, name: ref.slice(at.length), short, subject, time }];
    }),
    ...linesOf(commits).map(([short = '', time = '', subject = '']) => ({
      ...{ kind: 'commit' as const, name: short, short, subject, time },
    })),
  ];
}

const linesOf = (text: string | undefined): string[][] =>
  (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0'));
