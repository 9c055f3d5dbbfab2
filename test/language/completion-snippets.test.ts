import { describe, expect, it } from 'vitest';
import { HOOK_PATTERNS, manifestOf } from '#core/patterns/patterns';
import { plainOf } from '#core/patterns/pieces';
import { completed, judge } from './fixture.ts';

const HOOK = 'argocd.argoproj.io/hook';
const WAVE = 'argocd.argoproj.io/sync-wave';
const job = (below: string): string => `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n${below}`;

describe('snippets of keys', () => {
  it('let the value be chosen, most used first', () => {
    expect(completed(job('  annotations:\n    |\n'))?.snippet(HOOK)).toBe(
      job(`  annotations:\n    ${HOOK}: \${1|Sync,PreSync,PostSync,SyncFail,Skip,PreDelete,PostDelete|}\n`),
    );
    expect(completed(job('  annotations:\n    |\n'), { argocdVersion: '2.9' })?.snippet(HOOK)).toBe(
      job(`  annotations:\n    ${HOOK}: \${1|Sync,PreSync,PostSync,SyncFail,Skip|}\n`),
    );
  });

  it('quote what YAML would take for a number, a boolean or a time', () => {
    const snippet = (key: string): string | undefined => completed(job('  annotations:\n    |\n'))?.snippet(key);
    expect(snippet(WAVE)).toBe(job(`  annotations:\n    ${WAVE}: "\${1:1}"\n`));
    const health = 'argocd.argoproj.io/ignore-healthcheck';
    expect(snippet(health)).toBe(job(`  annotations:\n    ${health}: "\${1:true}"\n`));
    const application = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  annotations:\n    |\n';
    const approved = 'argocd.argoproj.io/deletion-approved';
    expect(completed(application)?.snippet(approved)).toBe(
      application.replace('|', `${approved}: "\${1:2026-11-26T03:00:00Z}"`),
    );
  });

  it('quote everything in JSON', () => {
    const json = (metadata: string): string => `{"apiVersion": "v1", "kind": "Pod", "metadata": {${metadata}}}\n`;
    const policy = 'argocd.argoproj.io/hook-delete-policy';
    const choice = '"${1|BeforeHookCreation,HookSucceeded,HookFailed|}"';
    expect(completed(json('"annotations": {|}'))?.snippet(policy)).toBe(
      json(`"annotations": {"${policy}": ${choice}}`),
    );
    expect(completed(json('"name": "x", |'))?.snippet(policy)).toBe(
      json(`"name": "x", "annotations": {"${policy}": ${choice}\\}`),
    );
  });

  it('create the annotations, with the indentation of the document', () => {
    expect(completed(job('  |\n'))?.snippet(WAVE)).toBe(job(`  annotations:\n    ${WAVE}: "\${1:1}"\n`));
  });

  it('leave a value that is there alone', () => {
    expect(completed(job(`  annotations:\n    ho|: PreSync\n`))?.snippet(HOOK)).toBe(
      job(`  annotations:\n    ${HOOK}: PreSync\n`),
    );
  });
});

describe('whole hooks', () => {
  const MIGRATION = 'Argo CD hook: database migration';

  it.each([
    ['in an empty file', '|', ''],
    ['behind a separator', '---\n|', '---\n'],
    ['behind another document', 'a: b\n---\n|', 'a: b\n---\n'],
    ['behind a comment and blank lines', '# shop\n\n|\n\n', '# shop\n\n'],
    ['in place of a word', '---\nmig|', '---\n'],
  ])('are offered %s', (_where, text, before) => {
    const here = completed(text);
    expect(here?.labels).toEqual([
      MIGRATION,
      'Argo CD hook: smoke test',
      'Argo CD hook: notification on success',
      'Argo CD hook: notification on failure',
      'Argo CD hook: clean-up',
    ]);
    expect(here?.choose(MIGRATION)).toMatch(
      new RegExp(`^${before}apiVersion: batch/v1\nkind: Job\nmetadata:\n {2}name: db-migration\n`),
    );
    expect(here?.snippet(MIGRATION)).toContain('  name: ${1:db-migration}\n');
  });

  it('have the line ends of the file', () => {
    expect(completed('# shop\r\n|')?.choose(MIGRATION)).not.toMatch(/[^\r]\n/);
  });

  it.each([
    ['where something stands', 'a: b\n|'],
    ['in a comment', '# mig|'],
    ['behind a flow map', '{|'],
    ['behind a word', 'a b|'],
  ])('are not offered %s', (_where, text) => {
    expect(completed(text)?.labels.includes(MIGRATION) ?? false).toBe(false);
  });

  it.each(HOOK_PATTERNS.map((pattern) => [pattern.id, pattern] as const))(
    '%s: no rule has anything to say about it, in any of its phases',
    (_id, pattern) => {
      for (const phases of [pattern.phases, ...pattern.otherPhases]) {
        const text = plainOf(manifestOf(pattern, phases));
        expect(judge(text).lines).toEqual([]);
        expect(text).toMatch(/activeDeadlineSeconds: \d+\n {2}backoffLimit: \d\n/);
      }
    },
  );

  it('escape what snippets would take for places', () => {
    const here = completed('|');
    expect(here?.snippet('Argo CD hook: notification on success')).toContain(
      `--data '{"text": "\${3:shop is synced}"\\}' "\\$WEBHOOK_URL"`,
    );
    expect(here?.choose('Argo CD hook: notification on success')).toContain(
      `--data '{"text": "shop is synced"}' "$WEBHOOK_URL"`,
    );
  });
});
