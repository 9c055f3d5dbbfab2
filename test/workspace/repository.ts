import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder; it goes when the tests of the file are done. */
export function newFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-git-'));
  folders.push(folder);
  return folder;
}

const SETTINGS = {
  'user.name': 't',
  'user.email': 't@example.com',
  'commit.gpgsign': 'false',
  'protocol.file.allow': 'always',
};

/** A Git repository with files of its own. */
export class Repository {
  readonly folder: string;

  constructor(folder = newFolder()) {
    this.folder = folder;
    this.git('init', '-q', '-b', 'main');
  }

  git(...args: readonly string[]): string {
    const settings = Object.entries(SETTINGS).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', [...settings, ...args], { cwd: this.folder, env, encoding: 'utf8', stdio: 'pipe' });
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): this {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return this;
  }

  /** Commits everything as it stands. */
  commit(message: string): this {
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this;
  }

  /** A commit of these files alone. */
  holding(files: Readonly<Record<string, string | Uint8Array>>): this {
    return this.write(files).commit('first');
  }
}
