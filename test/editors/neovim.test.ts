// Debian's Neovim as a client: an editor that is not VS Code, set up as the README says.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../client/scripts/lib/run.ts';
import { findNeovim, type Neovim } from './neovim.ts';

const HERE = import.meta.dirname;
const SERVER = path.join(HERE, '../../server/src/node.ts');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-neovim-'));
let neovim: Neovim;

beforeAll(async () => {
  neovim = await findNeovim();
}, 300_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The README's set-up for editors without `vim.lsp.config`. */
function readmeSetup(): string {
  const readme = fs.readFileSync(path.join(HERE, '../../README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```lua\n([\s\S]*?)```/g)].map(([, lua = '']) => lua);
  const [setup] = blocks.filter((lua) => lua.includes('nvim_create_autocmd'));
  if (setup === undefined) throw new Error('The README says nothing about older Neovims any more.');
  return setup;
}

interface Seen {
  readonly diagnostics: readonly string[];
  readonly completion: readonly string[];
  readonly hover: string;
  readonly symbols: readonly string[];
  readonly actions: readonly string[];
  readonly text: string;
  readonly after: readonly string[];
}

/** Opens a text with a cursor `|` in it, and gives what a person gets to see. */
async function session(marked: string): Promise<Seen> {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const file = path.join(folder, 'job.yaml');
  const report = path.join(folder, 'report.json');
  fs.writeFileSync(file, marked.replace('|', ''));
  fs.writeFileSync(path.join(folder, 'init.lua'), readmeSetup());
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  // What `argocd-hooks language-server` starts, unbundled.
  const script = `#!/bin/sh\nshift\nexec "${process.execPath}" "${SERVER}" "$@"\n`;
  fs.writeFileSync(path.join(bin, 'argocd-hooks'), script, { mode: 0o755 });
  const cursor = { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
  const result = await run(
    neovim.program,
    ['--clean', '--headless', '-u', path.join(folder, 'init.lua'), '-c', `luafile ${path.join(HERE, 'neovim.lua')}`],
    {
      cwd: folder,
      output: 'collect',
      env: {
        ...neovim.env,
        PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
        NVIM_TEST: JSON.stringify({ file, report, ...cursor }),
      },
    },
  );
  if (!fs.existsSync(report)) throw new Error(`Neovim ended with ${result.code}: ${result.output}`);
  return JSON.parse(fs.readFileSync(report, 'utf8')) as Seen;
}

const JOB = `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: pre|sync
spec:
  activeDeadlineSeconds: 600
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: busybox}]
`;

describe('Neovim', { timeout: 120_000 }, () => {
  it('shows what is wrong, completes, explains and repairs', async () => {
    const seen = await session(JOB);
    expect(seen.diagnostics).toEqual(['unknown-hook-phase 5:29']);
    expect(seen.completion.slice(0, 4)).toEqual(['Sync', 'PreSync', 'PostSync', 'SyncFail']);
    expect(seen.hover).toContain('argocd.argoproj.io/hook');
    expect(seen.symbols).toHaveLength(1);
    expect(seen.actions[0]).toBe('Replace with PreSync');
    expect(seen.text).toBe(JOB.replace('pre|sync', 'PreSync'));
    expect(seen.after).toEqual([]);
  });
});
