import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../lib/run.ts';
import type { Host } from './install.ts';
import { ofMachine, QUIET } from './settings.ts';

export interface ServerOptions {
  /** Workspace folder. */
  readonly folder: string;
  /**
   * What is opened in place of the folder: a `.code-workspace` file within it, the address of a virtual folder, or
   * nothing at all.
   */
  readonly opens?: { readonly workspaceFile: string } | { readonly virtualFolder: string } | 'nothing';
  /** A built folder is used in place, a .vsix is installed. */
  readonly extensions: readonly string[];
  /** Open the folder itself; without it a copy is opened and changes are lost. */
  readonly inPlace?: boolean;
  /** Let VS Code ask whether the folder is trusted; without it every folder is. */
  readonly askForTrust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Reaches the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Puts things in their place before the window opens.
   * @param storage where extensions keep what is of no workspace, a folder each, named `publisher.name` in lower case
   */
  readonly prepare?: (workspace: string, storage: string) => void;
}

/** VS Code's server at work, on a scratch profile that goes away with it. */
export interface Server {
  readonly url: string;
  readonly workspace: string;
  /** What the address of the workbench says to open. */
  readonly query: string;
  readonly profile: string;
  /** What the server and the extension host said so far. */
  output(): string;
  stop(): Promise<void>;
}

const groupAlive = (pid: number): boolean => {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
};

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone by itself meanwhile, which is what was wanted.
  }
}

/** Ends a process group that this process started, and waits until it is gone. */
async function endGroup(pid: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    signalGroup(pid, signal);
    for (let i = 0; i < 60 && groupAlive(pid); i++) await sleep(50);
    if (!groupAlive(pid)) return;
  }
}

function openedFolder(options: ServerOptions, profile: string): string {
  const folder = path.resolve(options.folder);
  if (options.inPlace) return folder;
  const copy = path.join(profile, 'w', path.basename(folder));
  fs.cpSync(folder, copy, { recursive: true });
  return copy;
}

async function installExtension(
  file: string,
  host: Host,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const install = [...args, '--install-extension', file, '--force'];
  const result = await run(host.node, install, { env, output: 'collect' });
  if (result.code !== 0 || !result.output.includes('successfully installed')) {
    throw new Error(`VS Code did not install ${file}:\n${result.output}`);
  }
}

/** Links a built folder among the installed extensions, as `publisher.name-version`. */
function linkExtension(folder: string, extensions: string): void {
  const text = fs.readFileSync(path.join(folder, 'package.json'), 'utf8');
  const manifest = JSON.parse(text) as { publisher: string; name: string; version: string };
  fs.symlinkSync(folder, path.join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`));
}

async function listening(server: ChildProcess, output: () => string): Promise<string> {
  for (const end = Date.now() + 60_000; ;) {
    const port = /listening on (\d+)/.exec(output())?.[1];
    if (port !== undefined) return port;
    if (server.exitCode !== null || Date.now() > end) throw new Error(`VS Code's server did not start:\n${output()}`);
    await sleep(20);
  }
}

/** Starts VS Code's server on a free port of 127.0.0.1. Rejects with its output when it does not start. */
export async function startServer(host: Host, options: ServerOptions): Promise<Server> {
  // The path is short because sockets live below it.
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'ah-'));
  const dir = (name: string): string => {
    const folder = path.join(profile, name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  };
  const settings = { ...QUIET, 'security.workspace.trust.enabled': options.askForTrust === true, ...options.settings };
  const write = (folder: string, contents: object): void =>
    fs.writeFileSync(path.join(dir(folder), 'settings.json'), JSON.stringify(contents, null, 2));
  write('user/User', settings);
  write('user/Machine', ofMachine(settings));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: dir('home'),
    TMPDIR: dir('tmp'),
    XDG_RUNTIME_DIR: dir('tmp'),
    // No look-ups of extensions in a gallery.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...options.env,
  };
  const folders = [
    '--user-data-dir',
    dir('user'),
    '--server-data-dir',
    dir('server'),
    '--extensions-dir',
    dir('extensions'),
  ];
  const args = [host.server, '--accept-server-license-terms', ...folders];
  let text = '';
  let server: ChildProcess | undefined;
  const last = (): void => {
    if (server?.pid !== undefined) signalGroup(server.pid, 'SIGKILL');
  };
  const stop = async (): Promise<void> => {
    if (server?.pid !== undefined) await endGroup(server.pid);
    process.off('exit', last);
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    const workspace = openedFolder(options, profile);
    options.prepare?.(workspace, dir('user/User/globalStorage'));
    for (const extension of options.extensions) {
      if (extension.endsWith('.vsix')) await installExtension(path.resolve(extension), host, args, env);
      else linkExtension(path.resolve(extension), dir('extensions'));
    }
    const flags = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--telemetry-level', 'off'];
    const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'];
    const trust = options.askForTrust ? [] : ['--disable-workspace-trust'];
    // A group of its own, so that the extension host and what it started end with it.
    server = spawn(host.node, [...args, ...flags, ...quiet, ...trust], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    process.once('exit', last);
    const take = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
    server.stdout?.on('data', take);
    server.stderr?.on('data', take);
    const port = await listening(server, () => text);
    const query = queryOf(options, workspace);
    return { url: `http://127.0.0.1:${port}/`, workspace, query, profile, output: () => text, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function queryOf({ opens }: ServerOptions, workspace: string): string {
  if (opens === 'nothing') return 'ew=true';
  if (!opens) return `folder=${encodeURIComponent(workspace)}`;
  return 'workspaceFile' in opens
    ? `workspace=${encodeURIComponent(path.join(workspace, opens.workspaceFile))}`
    : `folder=${encodeURIComponent(opens.virtualFolder)}`;
}

/** Address of the workbench with the workspace open. */
export const addressOf = (server: Server): string => `${server.url}?${server.query}`;
