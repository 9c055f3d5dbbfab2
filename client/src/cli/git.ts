import { execFile } from 'node:child_process';

const LARGEST = 256 * 1024 * 1024;

/** What Git says, or undefined where there is no Git, no repository, or it says no. Runs no hook and asks nobody. */
export function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
    execFile('git', ['-C', folder, ...args], { env, maxBuffer: LARGEST, windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
