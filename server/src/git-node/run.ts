import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/**
 * Settings that lie over those of a repository, which may be anybody's: nothing of them starts a program (a file
 * monitor, a hook, a signature check, an ssh command) or reaches a network.
 */
const SAFE_SETTINGS = [
  'core.fsmonitor=',
  'core.hooksPath=/dev/null',
  'core.sshCommand=false',
  'credential.helper=',
  'diff.external=',
  'log.showSignature=false',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
] as const;

const ARGUMENTS: readonly string[] = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...SAFE_SETTINGS.flatMap((setting) => ['-c', setting]),
];

/** Variables that a hook of Git sets for its programs: they would lead away from the folder that is asked about. */
const LEADING_AWAY = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY'];

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !LEADING_AWAY.includes(name));
  return {
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
}

/** What Git answered, or why it did not. */
export type GitAnswer =
  | { readonly ok: true; readonly out: Buffer }
  /** `missing`: there is no program git. */
  | { readonly ok: false; readonly missing: boolean; readonly error: string };

const LARGEST = 512 * 1024 * 1024;

/** Asks Git about a folder, without a shell. Never rejects. */
export function askGit(folder: string, ...args: readonly string[]): Promise<GitAnswer> {
  return new Promise((resolve) => {
    const options = { env: environment(), maxBuffer: LARGEST, windowsHide: true, encoding: 'buffer' } as const;
    execFile('git', ['-C', folder, ...ARGUMENTS, ...args], options, (error, out, errors) => {
      if (!error) resolve({ ok: true, out });
      else resolve({ ok: false, missing: error.code === 'ENOENT', error: errors.toString('utf8').trim() });
    });
  });
}

/** The same as text; undefined where Git says no. */
export async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  const answer = await askGit(folder, ...args);
  return answer.ok ? answer.out.toString('utf8') : undefined;
}

/** Starts a Git that goes on answering, as `cat-file --batch` does. */
export const startGit = (folder: string, ...args: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn('git', ['-C', folder, ...ARGUMENTS, ...args], { env: environment(), windowsHide: true });
