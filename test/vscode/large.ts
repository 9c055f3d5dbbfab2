import assert from 'node:assert/strict';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { planRows, type Scenario, type Session } from './scenario.ts';
import { configMap, workspace } from './workspace.ts';

const FILES = 50;
const PER_FILE = 100;

/** One application of 5,000 resources in ten waves, and one that moves. */
const files: Record<string, string> = { 'apps/big/moving.yaml': configMap('moving', 90) };
for (let file = 0; file < FILES; file++) {
  files[`apps/big/part-${file}.yaml`] = Array.from({ length: PER_FILE }, (_, n) =>
    configMap(`settings-${file}-${n}`, (n % 10) * 5),
  ).join('---\n');
}

const rowsUntil = (workbench: Workbench, what: string, passes: (rows: readonly string[]) => boolean) =>
  workbench.expect(what, () => planRows(workbench), passes, 60_000);

/** How long something took, for the reader of the run: nothing is decided by it. */
async function told<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`    ${what}: ${Math.round(performance.now() - started)} ms`);
  return result;
}

const opens: Scenario = {
  name: 'an application of 5,000 resources shows its waves, folded',
  run: async (workbench) => {
    await told('first rows', async () => {
      await workbench.openContainer('Argo CD Hooks');
      await rowsUntil(workbench, 'eleven waves', (rows) => rows.filter((row) => row.includes('wave ')).length >= 11);
    });
    const rows = await planRows(workbench);
    assert.match(rows[0] ?? '', /^big {2}apps\/big · 5001 resources/);
    assert.ok(!rows.some((row) => row.includes('settings-')), rows.join('\n'));
    await workbench.picture('large');
  },
};

const edits: Scenario = {
  name: 'an edit moves its row at once, through 5,000 resources',
  run: async (workbench) => {
    await workbench.openFile('moving.yaml');
    for (const digit of ['1', '2', '3', '4', '5']) {
      await workbench.goTo(6, 38);
      await workbench.press('Backspace');
      await told(`wave 9${digit}`, async () => {
        await workbench.page.keyboard.type(digit);
        await rowsUntil(workbench, `wave 9${digit}`, (rows) => rows.some((row) => row.includes(`wave 9${digit}`)));
      });
    }
  },
};

const unfolds: Scenario = {
  name: 'a wave of 500 resources opens, and the filter finds one of 5,000',
  run: async (workbench) => {
    await told('500 rows', async () => {
      await workbench.clickRow('wave 0');
      await rowsUntil(workbench, 'the rows of wave 0', (rows) => rows.some((row) => row.includes('settings-')));
    });
    await workbench.command('Argo CD Hooks: Filter Plan…');
    await workbench.type('settings-49-99');
    await told('filter', async () => {
      await workbench.press('Enter');
      await rowsUntil(workbench, 'the one', (rows) => rows.length === 4 && (rows[3] ?? '').includes('settings-49-99'));
    });
    await workbench.command('Argo CD Hooks: Clear Filter');
  },
};

/** What a large application costs the eye: the times stand in the run's output. */
export const large: Session = { name: 'large', folder: workspace(files), scenarios: [opens, edits, unfolds] };
