import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from './run-cli.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

/** A Git repository with a remote, and a folder of manifests. */
function repository(files: Readonly<Record<string, string>> = { 'apps/shop/a.yaml': CONFIG_MAP }): string {
  const folder = folderWith(files);
  execFileSync('git', ['init', '-q'], { cwd: folder });
  execFileSync('git', ['remote', 'add', 'origin', 'https://me:token@example.com/team/shop.git'], { cwd: folder });
  return folder;
}

test('prints the Application of a folder, with everything that Git and the folder tell', async () => {
  const ran = await cli(['application', 'apps/shop'], { cwd: repository() });
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  expect(ran.stdout).toContain('  name: shop\n  namespace: argocd\n');
  expect(ran.stdout).toContain(
    '    repoURL: https://example.com/team/shop.git\n    path: apps/shop\n    targetRevision: HEAD\n',
  );
  expect(ran.stdout).not.toContain('token');
});

test('from within the folder the path is still that of the repository', async () => {
  const cwd = path.join(repository(), 'apps');
  expect((await cli(['application', 'shop'], { cwd })).stdout).toContain('    path: apps/shop\n');
});

test('writes it beside the folder and says the same as a call of argocd; never into what it syncs', async () => {
  const cwd = repository();
  const flags = ['--sync-policy', 'automated', '--self-heal', '--dest-namespace', 'web'];
  const ran = await cli(['application', 'apps/shop', ...flags, '--output', 'argocd/shop.yaml', '--format', 'argocd'], {
    cwd,
  });
  expect([ran.code, ran.stderr]).toEqual([0, 'Wrote the Application shop to argocd/shop.yaml.\n']);
  expect(ran.stdout).toContain('argocd app create shop \\\n  --repo https://example.com/team/shop.git');
  expect(ran.stdout).toContain('--self-heal');
  expect(readFileSync(path.join(cwd, 'argocd/shop.yaml'), 'utf8')).toContain('selfHeal: true');
  const again = await cli(['application', 'apps/shop', '--output', 'argocd/shop.yaml'], { cwd });
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('is declared already, in argocd/shop.yaml:1');
  const inside = repository();
  const itself = await cli(['application', 'apps/shop', '--output', 'apps/shop/argocd.yaml'], { cwd: inside });
  expect([itself.code, existsSync(path.join(inside, 'apps/shop/argocd.yaml'))]).toEqual([2, false]);
  expect(itself.stderr).toContain('it would apply itself');
});

test('what it cannot find out, and what makes no sense, is said', async () => {
  const alone = await cli(['application', '.'], { cwd: folderWith({ 'a.yaml': CONFIG_MAP }) });
  expect([alone.code, alone.stderr]).toEqual([
    2,
    'Git knows no remote here: name the address of the repository with --repo, as Argo CD reaches it\n',
  ]);
  const cwd = repository();
  const wasted = await cli(['application', 'apps/shop', '--self-heal'], { cwd });
  expect(wasted.stderr).toBe('--self-heal does nothing without --sync-policy automated\n');
  const wrong = await cli(['application', '--apply', '--yes', 'apps/shop/a.yaml'], { cwd });
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    'apps/shop/a.yaml holds no Argo CD Application: name a file with one\n',
  ]);
  const silent = await cli(['application', '--apply', 'apps/shop'], { cwd });
  expect([silent.code, silent.stderr]).toEqual([
    3,
    'Refused: there is no terminal to confirm on. Pass --yes to apply without asking.\n',
  ]);
});

test('an Application that is declared beside a folder of its name says where it goes, outside of Git too', async () => {
  const declared = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source: {repoURL: https://example.com/shop.git, path: apps/shop}
  destination: {namespace: web}
`;
  const cwd = folderWith({ 'apps/shop/a.yaml': CONFIG_MAP, 'argocd/shop.yaml': declared });
  const ran = await cli(['plan', 'apps/shop', '--application', 'shop', '--format', 'json'], { cwd });
  const { applications } = JSON.parse(ran.stdout) as { applications: readonly { namespace: string }[] };
  expect(applications.map(({ namespace }) => namespace)).toEqual(['web']);

  const byItsFile = await cli(['plan', 'argocd/shop.yaml'], { cwd });
  expect(byItsFile.stdout).toMatch(/^shop {2}apps\/shop \(application\), 1 resource\n/);
  expect(byItsFile.stderr).toBe(
    'argocd/shop.yaml declares the application shop: this is the plan of its source, apps/shop.\n',
  );
});
