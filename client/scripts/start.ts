// Opens VS Code with the extension and the example application.
//
//   npm start                          the machine's VS Code or VSCodium, else VS Code's server in the browser
//   npm start -- --browser             VS Code's server in the browser in any case
//   npm start -- --screenshot FILE     nobody at the screen: a picture of the workbench once the plan stands in it
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './lib/bundle.ts';
import { CALLED_FROM, inRoot, ROOT } from './lib/paths.ts';
import { installChromium, installHost } from './vscode-host/install.ts';
import { addressOf, startServer } from './vscode-host/server.ts';
import { Workbench } from './vscode-host/workbench.ts';

const EXAMPLE = inRoot('test/fixtures/guide');
const MANIFEST = 'db-migration-job.yaml';
const EDITORS = ['code', 'codium', 'code-insiders'];

/** The machine's own VS Code, where a window can open. */
function editor(): string | undefined {
  const env = process.env;
  const screen =
    process.platform !== 'linux' || [env['DISPLAY'], env['WAYLAND_DISPLAY'], env['WSL_DISTRO_NAME']].some((v) => v);
  // VS Code refuses to start for root.
  if (!screen || process.getuid?.() === 0) return undefined;
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  const suffix = process.platform === 'win32' ? '.cmd' : '';
  return EDITORS.flatMap((name) => folders.map((dir) => path.join(dir, name + suffix))).find((file) =>
    fs.existsSync(file),
  );
}

function openEditor(program: string): void {
  console.log(`Opening ${program} with the extension and ${path.relative(ROOT, EXAMPLE)}.`);
  const args = [`--extensionDevelopmentPath=${ROOT}`, '--new-window', EXAMPLE];
  const child = spawn(program, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  child.on('error', (error) => {
    console.error(`${program} could not be started: ${error.message}. Try: npm start -- --browser`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}

async function openInBrowser(): Promise<void> {
  const server = await startServer(await installHost(), { folder: EXAMPLE, extensions: [ROOT], inPlace: true });
  console.log(`\nVS Code with Argo CD Hooks and the example application:\n\n  ${addressOf(server)}\n`);
  console.log('Open this address in a browser. Ctrl-C ends it.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await server.stop();
}

/** Opens the example as a person would and saves a picture once its plan is there. */
async function takePicture(file: string): Promise<void> {
  const host = await installHost();
  const chromium = await installChromium();
  const server = await startServer(host, { folder: EXAMPLE, extensions: [ROOT] });
  let workbench: Workbench | undefined;
  try {
    workbench = await Workbench.open(server, { chromium, pictures: path.dirname(file) });
    const opened = workbench;
    await opened.openContainer('Argo CD Hooks');
    await opened.openFile(MANIFEST);
    await opened.expect(
      'the plan of the example in the side panel',
      async () => (await opened.treeRows()).map((row) => row.label),
      (labels) => ['PreSync', 'db-migration-job', 'PostSync', 'cleanup-job'].every((label) => labels.includes(label)),
      60_000,
    );
    console.log(`start: the extension is active and shows the plan; picture: ${await opened.picture(file)}`);
  } catch (error) {
    const failure = await workbench?.picture(file).catch(() => undefined);
    if (failure !== undefined) console.error(`What could be seen: ${failure}`);
    console.error(server.output().split('\n').slice(-40).join('\n'));
    throw error;
  } finally {
    await workbench?.close();
    await server.stop();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { screenshot: { type: 'string' }, browser: { type: 'boolean' } } });
  await build({ production: false });
  if (values.screenshot !== undefined) return takePicture(path.resolve(CALLED_FROM, values.screenshot));
  const program = values.browser ? undefined : editor();
  return program === undefined ? openInBrowser() : openEditor(program);
}

main().catch((error: unknown) => {
  console.error(`start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
