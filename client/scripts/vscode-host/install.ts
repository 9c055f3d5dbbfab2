import fs from 'node:fs';
import path from 'node:path';
import { CACHE, inRoot } from '../lib/paths.ts';
import { run } from '../lib/run.ts';
import { findChromium } from './chromium.ts';
import { withLock } from './lock.ts';

/** The npm package code-server carries VS Code's own server; this version carries VS Code 1.139.1. */
const CODE_SERVER = '4.139.1';

/** A VS Code that runs in the browser, and the browser. */
export interface Host {
  /** Node 24, which the server needs. */
  readonly node: string;
  /** VS Code's server: the script that Node runs. */
  readonly server: string;
}

/** Where this machine's copies lie. */
export const HOST_CACHE = path.join(CACHE, 'vscode-host');

const say = (text: string): void => void process.stderr.write(`vscode-host: ${text}\n`);

/** npm on Node 24, building native modules against Node 24's own headers, which the package `node` carries. */
async function npm(folder: string, args: readonly string[]): Promise<void> {
  const headers = inRoot('node_modules/node/node_modules', `node-${process.platform}-${process.arch}`);
  const result = await run('npm', ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', ...args], {
    cwd: folder,
    output: 'collect',
    env: { ...process.env, ...(fs.existsSync(headers) ? { npm_config_nodedir: headers } : {}) },
  });
  if (result.code !== 0) {
    throw new Error(
      `npm ${args.join(' ')} failed in ${folder} (exit code ${result.code}):\n${result.output.slice(-4000)}\n` +
        'VS Code for tests comes from the npm registry: check that npm can reach it, then run the command again.',
    );
  }
}

const exists = async (program: string): Promise<boolean> =>
  (await run(program, ['--version'], { output: 'collect' })).code === 0;

/** Writes log files, and ends the extension host when its server is gone. VS Code runs without them, but less well. */
async function buildNatives(server: string): Promise<void> {
  const tools = await Promise.all(['make', 'g++', 'python3'].map(exists));
  if (tools.every(Boolean)) {
    await npm(server, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog']).catch((error: unknown) => {
      say(`going on without VS Code's native log writer: ${error instanceof Error ? error.message : String(error)}`);
    });
  } else {
    say('no make, g++ and python3: going on without the native log writer (VS Code then writes no log files)');
  }
}

/** Takes away what no test of an extension needs: about half of 620 MB. */
function trim(server: string): void {
  const drop = (...parts: string[]): void => fs.rmSync(path.join(server, ...parts), { recursive: true, force: true });
  drop('extensions/copilot');
  drop('node_modules/@microsoft/mxc-sdk/bin');
  drop('node_modules/@vscode/windows-process-tree');
  const githubFolder = path.join(server, 'node_modules/@github');
  for (const name of fs.existsSync(githubFolder) ? fs.readdirSync(githubFolder) : []) {
    if (name.startsWith('copilot-sdk-')) drop('node_modules/@github', name);
  }
  const ripgrep = path.join(server, 'node_modules/@vscode/ripgrep-universal/bin');
  for (const name of fs.existsSync(ripgrep) ? fs.readdirSync(ripgrep) : []) {
    if (name !== `${process.platform}-${process.arch}`) fs.rmSync(path.join(ripgrep, name), { recursive: true });
  }
}

async function installServer(folder: string): Promise<void> {
  say(`installing VS Code's server (npm package code-server ${CODE_SERVER}, about a minute) into ${folder}`);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  // Without install scripts: they would build eight native modules, one of which needs a system library.
  await npm(folder, ['install', '--ignore-scripts', `code-server@${CODE_SERVER}`]);
  const server = path.join(folder, 'node_modules/code-server/lib/vscode');
  await npm(server, ['install', '--omit=dev', '--ignore-scripts']);
  await npm(path.join(server, 'extensions'), ['install', '--omit=dev', '--ignore-scripts']);
  await buildNatives(server);
  trim(server);
}

/** Installs VS Code's server into the cache unless it is there. Rejects with a message for a person. */
export async function installHost(): Promise<Host> {
  const node = process.execPath;
  const major = process.versions.node.split('.')[0] ?? '';
  const folder = path.join(HOST_CACHE, `code-server-${CODE_SERVER}-node${major}`);
  const host: Host = { node, server: path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js') };
  const done = path.join(folder, '.done');
  if (!fs.existsSync(done)) {
    await withLock(path.join(HOST_CACHE, 'install.lock'), async () => {
      if (fs.existsSync(done)) return;
      await installServer(folder);
      fs.writeFileSync(done, '');
    });
  }
  return host;
}

/** Path of a Chromium that starts, installed when there is none. Rejects with a message for a person. */
export const installChromium = (): Promise<string> =>
  withLock(path.join(HOST_CACHE, 'install.lock'), () => findChromium(HOST_CACHE, say));
