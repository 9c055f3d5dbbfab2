import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ChartStore } from '../../../server/src/render-node/charts.ts';
import { Turns } from '../../../server/src/render-node/turns.ts';
import type { Cancellation, ChartOutput } from '../../../server/src/workspace/render/model.ts';
import type { RegistryChart } from '../../../server/src/workspace/registry-charts.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const NEVER: Cancellation = { cancelled: false, onCancelled: () => undefined };
const EDGE: RegistryChart = { name: 'edge', repository: 'https://charts.example.com', version: '1.2.3' };
const UNPACK = `const to = process.argv.find((arg) => arg.startsWith('--untardir=')).slice('--untardir='.length);
fs.mkdirSync(to + '/edge/templates', { recursive: true });
fs.writeFileSync(to + '/edge/Chart.yaml', 'name: edge');
fs.writeFileSync(to + '/edge/templates/a.yaml', 'a: 1');`;

/** Charts that a program of Node fetches; it notes its calls. */
function store(script: string): {
  readonly charts: ChartStore;
  readonly calls: () => { args: string[]; env: Record<string, string> }[];
  readonly clock: { now: number };
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-test-'));
  folders.push(folder);
  const [program, log] = [path.join(folder, 'helm'), path.join(folder, 'log')];
  const note = `fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args: process.argv.slice(2), env: process.env }) + '\\n');`;
  writeFileSync(program, `#!${process.execPath}\nconst fs = require('node:fs');\n${note}\n${script}\n`);
  chmodSync(program, 0o755);
  const clock = { now: 0 };
  const charts = new ChartStore({
    find: async () => ({ program, leading: [], version: 'v3' }),
    env: { ...process.env, SECRET: 'hush', HELM_REGISTRY_CONFIG: '/login.json' },
    turns: new Turns(2),
    now: () => clock.now,
  });
  const calls = () =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { args: string[]; env: Record<string, string> })
      : [];
  return { charts, calls, clock };
}

const texts = (output: ChartOutput): Record<string, string> =>
  output.kind === 'fetched'
    ? Object.fromEntries([...output.files].map(([file, content]) => [file, String(content)]))
    : { ...output };

describe('a chart', () => {
  test('is pulled as it is asked for, with the logins of the user and no other secret', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('argocd-hooks-chart-'));
    const { charts, calls } = store(UNPACK);
    expect(texts(await charts.get(EDGE, NEVER))).toEqual({ 'Chart.yaml': 'name: edge', 'templates/a.yaml': 'a: 1' });
    const [call] = calls();
    expect(call?.args.slice(0, 5)).toEqual([
      ...['pull', '--repo=https://charts.example.com', '--version=1.2.3', '--untar', 'edge'],
    ]);
    expect(call?.env).toMatchObject({ HOME: process.env['HOME'], HELM_REGISTRY_CONFIG: '/login.json' });
    expect(call?.env).not.toHaveProperty('SECRET');
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('argocd-hooks-chart-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  test('of an OCI registry is pulled by its address, the newest without a version', async () => {
    const { charts, calls } = store(UNPACK);
    await charts.get({ name: 'oci://registry.example.com/charts/edge', version: '' }, NEVER);
    expect(calls()[0]?.args.slice(0, 3)).toEqual(['pull', '--untar', 'oci://registry.example.com/charts/edge']);
  });

  test('is pulled once for all who ask, and kept', async () => {
    const { charts, calls, clock } = store(UNPACK);
    await Promise.all([charts.get(EDGE, NEVER), charts.get(EDGE, NEVER)]);
    clock.now += 24 * 3_600_000;
    await charts.get(EDGE, NEVER);
    expect(calls()).toHaveLength(1);
  });

  test('of a range of versions is asked for again after some minutes', async () => {
    const { charts, calls, clock } = store(UNPACK);
    const range = { ...EDGE, version: '1.x' };
    await charts.get(range, NEVER);
    clock.now += 60_000;
    await charts.get(range, NEVER);
    expect(calls()).toHaveLength(1);
    clock.now += 10 * 60_000;
    await charts.get(range, NEVER);
    expect(calls()).toHaveLength(2);
  });

  test('that is not there is asked for again, and its address shows no password', async () => {
    const { charts, calls } = store(
      `console.error('Error: looks like "https://me:secret@charts.example.com" is not a valid chart repository'); process.exit(1);`,
    );
    const output = await charts.get(EDGE, NEVER);
    expect(output).toEqual({
      kind: 'failed',
      message: 'Error: looks like "https://charts.example.com" is not a valid chart repository',
    });
    await charts.get(EDGE, NEVER);
    expect(calls()).toHaveLength(2);
  });

  test('without a description is none', async () => {
    const { charts } = store('');
    expect(await charts.get(EDGE, NEVER)).toEqual({ kind: 'failed', message: 'What was fetched holds no Chart.yaml.' });
  });

  test('that nobody waits for any more is given up, and who asks soon after gets it', async () => {
    const { charts, calls } = store(`setTimeout(() => { ${UNPACK} }, 300);`);
    const listeners: (() => void)[] = [];
    const first = charts.get(EDGE, { cancelled: false, onCancelled: (listener) => void listeners.push(listener) });
    for (const listener of listeners) listener();
    expect(await first).toEqual({ kind: 'cancelled' });
    expect(texts(await charts.get(EDGE, NEVER))).toHaveProperty('Chart.yaml');
    expect(calls()).toHaveLength(1);
  });
});
