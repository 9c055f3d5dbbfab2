import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { chromium } from 'playwright-core';
import { run } from '../lib/run.ts';
import { CHROMIUM_FLAGS } from './settings.ts';

/** The npm package that carries a Chromium for Linux x64 (compressed), for machines without Debian's. */
const SPARTICUZ = '153.0.0';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

type Say = (text: string) => void;

/** How long a Chromium may take to show its first page, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Starts it as the tests will and looks at a page: a stub that only tells to install a snap does not pass, nor one that
 * lacks libraries.
 */
async function works(program: string): Promise<boolean> {
  try {
    const options = { executablePath: program, headless: true, args: [...CHROMIUM_FLAGS], timeout: PATIENCE };
    const browser = await chromium.launch(options);
    try {
      const page = await browser.newPage();
      await page.goto('data:text/html,<p>it starts</p>', { timeout: PATIENCE });
      return (await page.innerText('p', { timeout: PATIENCE })) === 'it starts';
    } finally {
      await browser.close();
    }
  } catch {
    return false;
  }
}

async function onThisMachine(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [...NAMES.flatMap((name) => folders.map((dir) => path.join(dir, name))), ...PLACES];
  for (const file of candidates) {
    if (fs.existsSync(file) && (await works(file))) return file;
  }
  return undefined;
}

/** With apt-get, as root on Debian. Gives why it could not be had. */
async function byApt(say: Say): Promise<string> {
  if (process.getuid?.() !== 0) return 'not root, so apt-get was not tried';
  if ((await run('apt-get', ['--version'], { output: 'collect' })).code !== 0) return 'no apt-get here';
  const policy = await run('apt-cache', ['policy', 'chromium'], { output: 'collect' });
  say('installing chromium with apt-get (about 110 MB)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update', '-qq'], { output: 'collect', env });
  if (update.code !== 0 && !policy.output.includes('Candidate')) return `apt-get update failed:\n${update.output}`;
  const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  const result = await run('apt-get', install, { output: 'collect', env });
  return result.code === 0 ? '' : `apt-get install chromium failed:\n${result.output.slice(-2000)}`;
}

/** From npm: a Chromium made for servers, with the libraries that it needs beside it. */
async function byNpm(cache: string, say: Say): Promise<{ file?: string; why: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { why: 'npm carries a Chromium for Linux x64 only' };
  const folder = path.join(cache, `chromium-npm-${SPARTICUZ}`);
  const file = path.join(folder, 'chromium');
  if (!fs.existsSync(file)) {
    say(`installing chromium from npm (@sparticuz/chromium ${SPARTICUZ})`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@sparticuz/chromium@${SPARTICUZ}`];
    const result = await run('npm', args, { cwd: folder, output: 'collect' });
    if (result.code !== 0) return { why: `npm install failed:\n${result.output.slice(-2000)}` };
    const packed = path.join(folder, 'node_modules/@sparticuz/chromium/bin');
    await unpackLibraries(folder, packed);
    const program = zlib.brotliDecompressSync(fs.readFileSync(path.join(packed, 'chromium.br')));
    fs.writeFileSync(`${file}-program`, program, { mode: 0o755 });
    const libraries = [path.join(folder, 'lib'), path.join(folder, 'al2023/lib')].join(':');
    const start = `#!/bin/sh\nLD_LIBRARY_PATH="${libraries}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "${file}-program" "$@"\n`;
    fs.writeFileSync(file, start, { mode: 0o755 });
  }
  return (await works(file)) ? { file, why: '' } : { why: `${file} does not start` };
}

async function unpackLibraries(folder: string, packed: string): Promise<void> {
  for (const name of ['al2023.tar.br', 'swiftshader.tar.br', 'fonts.tar.br']) {
    const archive = path.join(packed, name);
    if (!fs.existsSync(archive)) continue;
    const tar = path.join(folder, name.replace(/\.br$/, ''));
    fs.writeFileSync(tar, zlib.brotliDecompressSync(fs.readFileSync(archive)));
    await run('tar', ['-xf', tar, '-C', folder], { output: 'collect' });
    fs.rmSync(tar);
  }
}

/**
 * Path of a Chromium that starts: `CHROMIUM`, this machine's own, Debian's package, npm's, in this order.
 * Rejects with all that was tried.
 */
export async function findChromium(cache: string, say: Say): Promise<string> {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (await works(named)) return named;
    throw new Error(`CHROMIUM names ${named}, which does not start headless. Name another one, or unset CHROMIUM.`);
  }
  const found = await onThisMachine();
  if (found !== undefined) return found;
  const apt = await byApt(say);
  const installed = apt === '' ? await onThisMachine() : undefined;
  if (installed !== undefined) return installed;
  const npm = await byNpm(cache, say);
  if (npm.file !== undefined) return npm.file;
  throw new Error(
    'No Chromium could be had, and the workbench needs one.\n' +
      `  apt-get: ${apt === '' ? 'installed one that does not start' : apt}\n  npm: ${npm.why}\n` +
      'Install Chromium or Chrome by hand and name it: CHROMIUM=/path/to/chromium npm test',
  );
}
