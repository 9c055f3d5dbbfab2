import fs from 'node:fs';
import path from 'node:path';
import { CACHE } from '../../client/scripts/lib/paths.ts';
import { run } from '../../client/scripts/lib/run.ts';
import { withLock } from '../../client/scripts/vscode-host/lock.ts';

const starts = async (program: string, env = process.env): Promise<boolean> =>
  (await run(program, ['--version'], { output: 'collect', env })).code === 0;

const apt = (args: readonly string[], cwd?: string): ReturnType<typeof run> =>
  run('apt-get', args, {
    output: 'collect',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    ...(cwd === undefined ? {} : { cwd }),
  });

/** Neovim as a test starts it. */
export interface Neovim {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

const onPath: Neovim = { program: 'nvim', env: process.env };

/** Debian's packages unpacked into a folder: for whoever may not install them. */
function unpacked(folder: string): Neovim {
  const libraries = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu'].map((dir) => path.join(folder, dir));
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: libraries.join(':'),
    VIMRUNTIME: path.join(folder, 'usr/share/nvim/runtime'),
  };
  return { program: path.join(folder, 'usr/bin/nvim'), env };
}

const PACKAGES = [
  'neovim',
  'neovim-runtime',
  'libluajit-5.1-2',
  'libluajit-5.1-common',
  'lua-luv',
  'libmsgpackc2',
  'libtermkey1',
  'libtree-sitter0',
  'libunibilium4',
  'libuv1',
  'libvterm0',
];

async function unpack(folder: string): Promise<string> {
  fs.mkdirSync(folder, { recursive: true });
  const download = await apt(['download', ...PACKAGES], folder);
  if (download.code !== 0) return download.output.slice(-1500);
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    const result = await run('dpkg-deb', ['-x', path.join(folder, file), folder], { output: 'collect' });
    if (result.code !== 0) return result.output;
  }
  return '';
}

/** This machine's Neovim; Debian's is installed when there is none. Rejects with what was tried. */
export function findNeovim(): Promise<Neovim> {
  return withLock(path.join(CACHE, 'neovim.lock'), async () => {
    if (await starts(onPath.program)) return onPath;
    const folder = path.join(CACHE, 'neovim');
    const own = unpacked(folder);
    if (await starts(own.program, own.env)) return own;
    const root = process.getuid?.() === 0;
    if (root) await apt(['update', '-qq']);
    const why = root
      ? (await apt(['install', '-y', '-qq', '--no-install-recommends', 'neovim'])).output
      : await unpack(folder);
    if (await starts(onPath.program)) return onPath;
    if (await starts(own.program, own.env)) return own;
    throw new Error(`Neovim could not be had: ${why}\nInstall it by hand (apt-get install neovim) and try again.`);
  });
}
