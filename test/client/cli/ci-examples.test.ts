import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { Repository } from '../../workspace/repository.ts';
import { folderWith, MAIN } from './run-cli.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const read = (file: string): unknown => load(readFileSync(path.join(ROOT, file), 'utf8'));

const JOB = (phase: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\n  annotations:\n    argocd.argoproj.io/hook: ${phase}\n`;

/** Runs a line as a shell has it, with `argocd-hooks` on the PATH, as it is after the program was installed. */
function shell(
  line: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string }> {
  const bin = folderWith({ 'argocd-hooks': `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n` });
  chmodSync(path.join(bin, 'argocd-hooks'), 0o755);
  const PATH = `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return new Promise((resolve) => {
    execFile('sh', ['-e', '-c', line], { cwd, env: { ...process.env, ...env, PATH } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
    );
  });
}

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly language: string;
  readonly files: string;
  readonly pass_filenames: boolean;
}

describe('the hooks for pre-commit', () => {
  const hooks = read('.pre-commit-hooks.yaml') as readonly Hook[];
  const lineOf = ({ entry, args }: Hook): string => [entry, ...args].join(' ');
  const hook = (id: string): Hook => hooks.find((one) => one.id === id) ?? expect.fail(`no hook ${id}`);

  test('run the program that the package names', () => {
    const { bin, scripts } = read('package.json') as { bin: Record<string, string>; scripts: Record<string, string> };
    for (const { entry, language } of hooks) {
      expect(Object.keys(bin)).toContain(entry.split(' ')[0]);
      expect(language).toBe('system');
    }
    // Before it is packed it is built.
    expect(scripts['prepack']).toContain('build');
  });

  test('run for manifests, and look at the repository', () => {
    for (const { files, pass_filenames } of hooks) {
      expect(pass_filenames).toBe(false);
      expect(['a.yaml', 'x/b.yml', 'c.json', 'd.ts'].filter((name) => new RegExp(files).test(name))).toHaveLength(3);
    }
  });

  test('say no to a mistake, and nothing of what is right', async () => {
    const { folder } = new Repository().holding({ 'apps/a.yaml': JOB('whatever') });
    const bad = await shell(lineOf(hook('argocd-hooks-lint')), folder);
    expect([bad.code, bad.out]).toEqual([1, expect.stringContaining('apps/a.yaml:6:')]);
    const good = new Repository().holding({ 'apps/a.yaml': JOB('PreSync') });
    expect((await shell(lineOf(hook('argocd-hooks-lint')), good.folder)).code).toBe(0);
  });

  test('repair what is beyond doubt, which pre-commit then tells', async () => {
    const { folder } = new Repository().holding({ 'apps/a.yaml': JOB('presync') });
    expect((await shell(lineOf(hook('argocd-hooks-fix')), folder)).code).toBe(0);
    expect(readFileSync(path.join(folder, 'apps/a.yaml'), 'utf8')).toBe(JOB('PreSync'));
  });

  test('are those of the example', () => {
    const { repos } = read('test/fixtures/ci/pre-commit-config.yaml') as { repos: { hooks: { id: string }[] }[] };
    for (const { id } of repos.flatMap((repo) => repo.hooks)) expect(hook(id).id).toBe(id);
  });
});

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: Record<string, string>;
        readonly steps: readonly { name?: string; uses?: string; run?: string; with?: Record<string, unknown> }[];
      }
    >
  >;
}

describe('the workflow for GitHub Actions', () => {
  const { jobs } = read('test/fixtures/ci/github-actions.yml') as Workflow;
  const runOf = (job: string, name: string): string =>
    jobs[job]?.steps.find((step) => step.name === name)?.run ?? expect.fail(`no step ${name}`);

  test('uploads what lint writes', async () => {
    const { folder } = new Repository().holding({ 'apps/a.yaml': JOB('whatever') });
    const { code } = await shell(runOf('lint', 'Lint'), folder);
    expect(code).toBe(1);
    const upload = jobs['lint']?.steps.find(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'));
    const file = String(upload?.with?.['sarif_file']);
    expect(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri: 'apps/a.yaml' } } }] }] }],
    });
    expect(jobs['lint']?.permissions).toEqual({ contents: 'read', 'security-events': 'write' });
  });

  test('comments with what plan --diff writes, against the branch of the pull request', async () => {
    const repository = new Repository().holding({ 'apps/a.yaml': JOB('PreSync') });
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    repository.write({ 'apps/a.yaml': JOB('PostSync') }).commit('moved');
    const { code } = await shell(runOf('plan', 'Plan'), repository.folder, { GITHUB_BASE_REF: 'main' });
    expect(code).toBe(0);
    expect(readFileSync(path.join(repository.folder, 'plan.md'), 'utf8')).toMatch(
      /^### apps\n[^]*since origin\/main[^]*\| ~ moved \| Job a \| PreSync 0 \| PostSync 0 \|/,
    );
    expect(runOf('plan', 'Comment')).toContain('--body-file plan.md');
    expect(jobs['plan']?.steps[0]?.with).toEqual({ 'fetch-depth': 0 });
  });
});
