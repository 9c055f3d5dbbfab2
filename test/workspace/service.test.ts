import { fileURLToPath } from 'node:url';
import { nodeFiles } from '#files-node';
import { openService } from '#service';
import { openLintService } from '#service/lint';
import { describe, expect, test } from 'vitest';
import { manifest, MemoryFiles } from './memory-files.ts';

describe('the façade', () => {
  test('reads the example application', async () => {
    const root = fileURLToPath(new URL('../fixtures/guide', import.meta.url));
    const service = await openService(nodeFiles(root), [], { rootName: 'guide' });
    const applications = service.applications();
    expect(
      applications.map(({ name, path, kind, namespace, automated }) => [name, path, kind, namespace, automated]),
    ).toEqual([['sync-hooks-2', 'sync-hooks', 'application', 'sync-hooks-2', true]]);
    const [guide] = applications;
    if (!guide) throw new Error('no application');
    const waves = service
      .plan(guide)
      .plans.sync.phases.flatMap(({ phase, waves: inPhase }) =>
        inPhase.map(({ batches }) => [
          phase,
          ...batches.flatMap(({ tasks }) =>
            tasks.map(({ kind, name, generateName }) => `${kind}/${name || generateName}`),
          ),
        ]),
      );
    expect(waves).toEqual([
      ['PreSync', 'Namespace/sync-hooks-2', 'Job/db-migration-job'],
      ['Sync', 'Service/nginx', 'Deployment/nginx'],
      ['PostSync', 'Job/app-slack-notification-', 'Job/cleanup-job'],
    ]);
    const { objects, refused } = service.source(guide);
    expect([objects.length, refused]).toEqual([5, []]);
  });

  test('finds what the rules find, with places that count from 1', async () => {
    const text = `# c\n---\n${manifest('Job', 'x', { 'argocd.argoproj.io/hook': 'PreSnc' })}`;
    const service = await openLintService(new MemoryFiles({ 'a/x.yaml': text, 'b/y.yaml': 'a: 1\n' }), [], {
      rootName: 'root',
    });
    const report = service.lint();
    expect([report.files, report.manifests]).toEqual([2, 1]);
    const [finding] = report.findings.filter(({ rule }) => rule === 'unknown-hook-phase');
    const line = text.split('\n').findIndex((l) => l.includes('PreSnc'));
    expect(finding).toMatchObject({ file: 'a/x.yaml', line: line + 1, endLine: line + 1, severity: 'error' });
    const written = text.split('\n')[line]?.slice((finding?.column ?? 0) - 1, (finding?.endColumn ?? 0) - 1);
    expect(written).toContain('PreSnc');
    expect(finding?.fixes).toContain('Replace with PreSync');
  });

  test('leaves out a rule that is switched off', async () => {
    const files = new MemoryFiles({ 'a/x.yaml': manifest('Job', 'x', { 'argocd.argoproj.io/hook': 'PreSnc' }) });
    const service = await openLintService(files, [], { rootName: 'root', levels: { 'unknown-hook-phase': 'off' } });
    expect(service.lint().findings.map(({ rule }) => rule)).not.toContain('unknown-hook-phase');
  });
});
