// Entry point of every npm script: runs on whatever Node starts it (20 or newer), makes sure that node_modules is
// there and fits package-lock.json, then runs the TypeScript script on the Node 24 of the npm package `node`.
//
//   node client/scripts/run.mjs COMMAND [ARGS…]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMANDS = {
  start: 'client/scripts/start.ts',
  test: 'client/scripts/test.ts',
  'test-cluster': 'client/scripts/test-cluster.ts',
  'test-render': 'client/scripts/test-render.ts',
  corpus: 'test/corpus/main.ts',
  bench: 'test/bench/main.ts',
  'bench-sync': 'test/bench/sync.ts',
  build: 'client/scripts/build.ts',
  package: 'client/scripts/package.ts',
  types: 'client/scripts/types.ts',
  docs: 'client/scripts/docs.ts',
  pictures: 'client/scripts/pictures.ts',
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = path.join(root, 'node_modules');
const bin = path.join(modules, '.bin');
const node24 = path.join(modules, 'node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const stampFile = path.join(modules, '.argocd-hooks-stamp');

const say = (text) => process.stderr.write(`argocd-hooks: ${text}\n`);
const read = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** Is everything that package-lock.json names (but what is for another system) installed in that very version? */
function sameAsInstalled(lockText) {
  const installedText = read(path.join(modules, '.package-lock.json'));
  if (installedText === undefined) return false;
  const installed = JSON.parse(installedText).packages;
  return Object.entries(JSON.parse(lockText).packages).every(([name, wanted]) => {
    if (name === '' || (wanted.optional && installed[name] === undefined)) return true;
    return installed[name]?.version === wanted.version;
  });
}

/** npm, started by a Node outside node_modules: the one inside is about to be replaced. */
function npm(args) {
  const outside = (process.env.PATH ?? '').split(path.delimiter).filter((dir) => !dir.startsWith(bin));
  const env = { ...process.env, PATH: outside.join(path.delimiter) };
  const script = process.env.npm_execpath;
  const starter = process.env.npm_node_execpath ?? process.execPath;
  // npm's own output belongs to the messages: standard output is for what the command prints.
  const options = { cwd: root, env, stdio: ['ignore', 2, 2] };
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script) && !starter.startsWith(modules)) {
    return spawnSync(starter, [script, ...args], options);
  }
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

function install() {
  const lock = read(path.join(root, 'package-lock.json'));
  if (lock === undefined) throw new Error('package-lock.json is missing: this is no whole checkout of the project.');
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (fs.existsSync(node24)) {
    if (read(stampFile) === stamp) return;
    if (sameAsInstalled(lock)) {
      fs.writeFileSync(stampFile, stamp);
      return;
    }
  }
  say('installing what package-lock.json names (npm ci)');
  const result = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (result.error) throw new Error(`npm could not be started (${result.error.message}). Install npm 10 or newer.`);
  if (result.status !== 0) {
    throw new Error(`npm ci failed (exit code ${result.status ?? result.signal}); its messages are above.`);
  }
  if (!fs.existsSync(node24)) {
    throw new Error(
      'npm ci ran, but the package "node" brought no Node 24: its install script was not run. ' +
        'Allow install scripts (npm config get ignore-scripts must say false), delete node_modules and try again.',
    );
  }
  fs.writeFileSync(stampFile, stamp);
}

function main() {
  const [command = '', ...args] = process.argv.slice(2);
  const script = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (script === undefined) {
    say(`"${command}" is no command. There are: ${Object.keys(COMMANDS).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  try {
    install();
  } catch (error) {
    say(error.message);
    process.exitCode = 2;
    return;
  }
  const paths = [bin, ...(process.env.PATH ?? '').split(path.delimiter).filter((dir) => dir !== bin)];
  const child = spawn(node24, [path.join(root, script), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: paths.join(path.delimiter), INIT_CWD: process.env.INIT_CWD ?? process.cwd() },
  });
  // Ctrl-C reaches the child by itself (same process group); this process only waits for it to end in its own way.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('error', (error) => {
    say(`${node24} could not be started: ${error.message}`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

main();
