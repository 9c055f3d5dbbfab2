import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { nodeRenderer } from '../../../server/src/render-node.ts';
import type { Cancellation, RenderJob, Renderer } from '../../../server/src/workspace/render/model.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-test-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** A program that Node runs; `version` is all that it knows by itself. */
function tool(name: string, script: string): string {
  const folder = folderWith({
    [name]: `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
const [first, ...args] = process.argv.slice(2);
if (first === 'version') { console.log('v1'); process.exit(0); }
${script}`,
  });
  chmodSync(path.join(folder, name), 0o755);
  return path.join(folder, name);
}

const NEVER: Cancellation = { cancelled: false, onCancelled: () => undefined };
const NOWHERE = { helm: '/nonexistent/helm', kustomize: '/nonexistent/kustomize', kubectl: '/nonexistent/kubectl' };

function rendererWith(root: string, paths: Partial<typeof NOWHERE>, network = false): Renderer {
  return nodeRenderer(root, { paths: { ...NOWHERE, ...paths }, network, env: { ...process.env, SECRET: 'hush' } });
}

const job = (more: Partial<RenderJob> = {}): RenderJob => ({
  tool: 'kustomize',
  folder: 'prod',
  files: ['base/a.yaml', 'prod/kustomization.yaml'],
  copies: new Map(),
  texts: new Map(),
  extra: new Map(),
  calls: [['.']],
  ...more,
});

const FILES = { 'base/a.yaml': 'a: 1\n', 'base/b.yaml': 'b: 1\n', 'prod/kustomization.yaml': 'resources: [../base]\n' };
const SHOW = `console.log(JSON.stringify({ first, args, a: fs.readFileSync('../base/a.yaml', 'utf8'), base: fs.readdirSync('../base'),
  home: process.env.HOME, secret: process.env.SECRET, proxy: process.env.HTTPS_PROXY, cwd: process.cwd() }));`;

/** What the showing tool showed. */
async function shown(renderer: Renderer, more: Partial<RenderJob> = {}): Promise<Record<string, unknown>> {
  const output = await renderer.render(job(more), NEVER);
  if (output.kind !== 'rendered') throw new Error(JSON.stringify(output));
  return JSON.parse(output.output) as Record<string, unknown>;
}

describe('the tools of the machine', () => {
  test('see a copy of the files of the job, with the text of open editors', async () => {
    const root = folderWith(FILES);
    const renderer = rendererWith(root, { kustomize: tool('kustomize', SHOW) });
    const seen = await shown(renderer, { texts: new Map([['base/a.yaml', 'a: 2\n']]) });
    expect(seen).toMatchObject({ first: 'build', args: ['.'], a: 'a: 2\n', base: ['a.yaml'] });
    expect(String(seen['cwd']).startsWith(root)).toBe(false);
  });

  test('get a home of their own, no secret of the environment and no network', async () => {
    const renderer = rendererWith(folderWith(FILES), { kustomize: tool('kustomize', SHOW) });
    const seen = await shown(renderer);
    expect(seen['home']).not.toBe(process.env['HOME']);
    expect(seen).toMatchObject({ proxy: 'http://127.0.0.1:9' });
    expect(seen).not.toHaveProperty('secret');
  });

  test('cannot change the user’s files, and leave nothing behind', async () => {
    const root = folderWith(FILES);
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('argocd-hooks-render-'));
    const write = `fs.writeFileSync('kustomization.yaml', 'gone'); fs.writeFileSync('Chart.lock', ''); ${SHOW}`;
    await shown(rendererWith(root, { kustomize: tool('kustomize', write) }));
    expect(readFileSync(path.join(root, 'prod/kustomization.yaml'), 'utf8')).toBe(FILES['prod/kustomization.yaml']);
    expect(existsSync(path.join(root, 'prod/Chart.lock'))).toBe(false);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('argocd-hooks-render-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  test('are kubectl where there is no kustomize', async () => {
    const renderer = rendererWith(folderWith(FILES), { kubectl: tool('kubectl', SHOW) });
    expect(await shown(renderer)).toMatchObject({ first: 'kustomize', args: ['.'] });
  });

  test('are kustomize with the Helm that the user names, where it calls Helm at all', async () => {
    const renderer = rendererWith(folderWith(FILES), { kustomize: tool('kustomize', SHOW), helm: '/opt/helm' });
    expect(await shown(renderer, { calls: [['.', '--enable-helm']] })).toMatchObject({
      args: ['.', '--enable-helm', '--helm-command', '/opt/helm'],
    });
    expect(await shown(renderer)).toMatchObject({ args: ['.'] });
  });

  test('are missing where none is there', async () => {
    const renderer = rendererWith(folderWith(FILES), {});
    expect(await renderer.render(job(), NEVER)).toEqual({ kind: 'missing', tool: 'kustomize' });
  });

  test('are run once for the same content, and again for another', async () => {
    const root = folderWith(FILES);
    const renderer = rendererWith(root, {
      kustomize: tool('kustomize', `const log = path.join(__dirname, 'log'); fs.appendFileSync(log, 'x'); ${SHOW}`),
    });
    const runs = (): number => readFileSync(path.join(folders.at(-1) ?? '', 'log'), 'utf8').length;
    await shown(renderer);
    await shown(renderer);
    expect(runs()).toBe(1);
    writeFileSync(path.join(root, 'base/a.yaml'), 'a: 3\n');
    expect(await shown(renderer)).toMatchObject({ a: 'a: 3\n' });
    expect(runs()).toBe(2);
    writeFileSync(path.join(root, 'base/a.yaml'), 'a: 1\n');
    await shown(renderer);
    expect(runs()).toBe(2);
  });

  test('say what is wrong with paths as the workspace has them', async () => {
    const renderer = rendererWith(folderWith(FILES), {
      kustomize: tool(
        'kustomize',
        `console.error('Error: ' + path.resolve('../base/c.yaml') + ' is not there'); process.exit(1);`,
      ),
    });
    expect(await renderer.render(job(), NEVER)).toEqual({ kind: 'failed', message: 'Error: base/c.yaml is not there' });
  });

  test('are killed with all that they started when nobody waits any more', async () => {
    const root = folderWith(FILES);
    const renderer = rendererWith(root, {
      kustomize: tool(
        'kustomize',
        `const child = require('node:child_process').spawn('sleep', ['600'], { stdio: 'inherit' });
fs.writeFileSync(path.join(__dirname, 'pid'), String(child.pid)); setInterval(() => {}, 1000);`,
      ),
    });
    const pidFile = path.join(folders.at(-1) ?? '', 'pid');
    let cancel = (): void => undefined;
    const running = renderer.render(job(), { cancelled: false, onCancelled: (listener) => (cancel = listener) });
    const pid = (): string => (existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : '');
    await expect.poll(pid, { timeout: 10_000 }).not.toBe('');
    cancel();
    expect(await running).toEqual({ kind: 'cancelled' });
    await expect.poll(() => isAlive(Number(pid())), { timeout: 10_000 }).toBe(false);
  });

  test('get the paths of files and of values beside them', async () => {
    const root = folderWith(FILES);
    const helm = tool(
      'helm',
      `console.log(JSON.stringify({ args, values: fs.readFileSync(args.at(-1), 'utf8'), a: fs.readFileSync(args.at(-2).slice(2), 'utf8') }));`,
    );
    const output = await rendererWith(root, { helm }).render(
      job({
        tool: 'helm',
        extra: new Map([['own.yaml', 'x: 1\n']]),
        calls: [['template', { before: 'a=', file: 'base/a.yaml' }, { before: '', extra: 'own.yaml' }]],
      }),
      NEVER,
    );
    expect(output.kind === 'rendered' && JSON.parse(output.output)).toMatchObject({ values: 'x: 1\n', a: 'a: 1\n' });
  });
});

function isAlive(pid: number): boolean {
  try {
    // A killed process that nobody waited for yet is not alive either.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
