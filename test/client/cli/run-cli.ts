import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { RunEvent } from '../../../client/src/sync/events.ts';
import { GUIDE } from '../guide.ts';

/** The program's source, which Node runs as it is. */
export const MAIN = path.join(import.meta.dirname, '../../../client/src/cli/main.ts');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

let withoutTools: string | undefined;

/** The PATH of this machine, on which no tool that renders works, whatever is installed. */
function pathWithoutTools(): string {
  if (withoutTools === undefined) {
    const names = ['helm', 'kustomize', 'kubectl'];
    withoutTools = folderWith(Object.fromEntries(names.map((name) => [name, '#!/bin/sh\nexit 127\n'])));
    for (const name of names) chmodSync(path.join(withoutTools, name), 0o755);
  }
  return [withoutTools, process.env['PATH']].join(path.delimiter);
}

/** Starts the terminal client as a process; its environment knows no kubeconfig, no color and no tool that renders. */
export function startCli(
  args: readonly string[],
  { cwd = GUIDE, env = {} }: CliOptions = {},
): ChildProcessWithoutNullStreams {
  const base = { PATH: pathWithoutTools(), HOME: '/nonexistent', GIT_CONFIG_GLOBAL: '/dev/null' };
  return spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...base, ...env } });
}

/** Collects what a process writes until it ends. */
export function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** Runs the terminal client to its end. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<Finished> {
  const child = startCli(args, options);
  child.stdin.end(options.input ?? '');
  return finished(child);
}

export const eventsIn = (stdout: string): RunEvent[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with files of its own; it goes when the tests of the file are done. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-cli-'));
  folders.push(folder);
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}
