// Takes the README's pictures in a real workbench: the example application, driven as a person would.
//
//   npm run pictures      writes client/media/pictures/*.png
import path from 'node:path';
import { build } from './lib/bundle.ts';
import { inRoot, ROOT } from './lib/paths.ts';
import { installChromium, installHost } from './vscode-host/install.ts';
import { startServer } from './vscode-host/server.ts';
import { Workbench } from './vscode-host/workbench.ts';

const EXAMPLE = inRoot('test/fixtures/guide');
const MANIFEST = 'db-migration-job.yaml';
/** The line of the example's hook annotation, and the column of its value. */
const HOOK = { line: 7, column: 30 };

const rows = async (workbench: Workbench): Promise<string> =>
  (await workbench.treeRows()).map(({ label, description }) => `${label} ${description}`).join('\n');

const planHolds = (workbench: Workbench, text: string): Promise<string> =>
  workbench.expect(
    `"${text}" in the plan`,
    () => rows(workbench),
    (plan) => plan.includes(text),
    60_000,
  );

async function writeHook(workbench: Workbench, value: string): Promise<void> {
  await workbench.goTo(HOOK.line, HOOK.column);
  await workbench.press('Shift+End');
  await workbench.type(value);
}

async function beside(workbench: Workbench): Promise<void> {
  await workbench.openContainer('Argo CD Hooks');
  await workbench.widenSideBar(520);
  await workbench.openFile(MANIFEST);
  await workbench.goTo(HOOK.line, HOOK.column);
  await planHolds(workbench, 'cleanup-job');
  await workbench.picture('plan');
}

async function misspelt(workbench: Workbench): Promise<void> {
  await writeHook(workbench, 'presync');
  await planHolds(workbench, 'Left out');
  await workbench.hoverAt(HOOK.line, HOOK.column + 2, /Did you mean PreSync/);
  await workbench.picture('misspelt');
  await workbench.press('Escape');
}

async function completion(workbench: Workbench): Promise<void> {
  await writeHook(workbench, ' ');
  await workbench.press('Backspace');
  await workbench.completions();
  await workbench.press('ArrowDown');
  await workbench.picture('completion');
  await workbench.press('Enter', 'Control+S');
  await planHolds(workbench, 'PreSync');
}

async function sync(workbench: Workbench): Promise<void> {
  await workbench.command('Argo CD Hooks: Run Sync…');
  await workbench.pick('Simulation');
  const confirm = workbench.webview().locator('button.primary');
  await confirm.waitFor();
  await confirm.click();
  await planHolds(workbench, 'running');
  await workbench.picture('running');
}

const pictures = inRoot('client/media/pictures');
await build({ production: true });
const chromium = await installChromium();
const settings = { 'argocdHooks.simulation.speed': 1 };
const server = await startServer(await installHost(), { folder: EXAMPLE, extensions: [ROOT], settings });
const workbench = await Workbench.open(server, { chromium, pictures, width: 1240, height: 700 });
try {
  for (const take of [beside, misspelt, completion, sync]) await take(workbench);
  console.log(`pictures: ${path.relative(ROOT, pictures)}`);
} finally {
  await workbench.close();
  await server.stop();
}
