import { expect, test } from 'vitest';
import { GUIDE_TEXT } from '../../client/src/vscode/plan/guide-text.ts';
import { cli, folderWith } from './cli/run-cli.ts';

test('the guide is an example to follow: no rule has anything to say of it', async () => {
  const { code, stdout } = await cli(['lint', '.'], {
    cwd: folderWith({ 'argocd-hooks-guide/guide.yaml': GUIDE_TEXT }),
  });
  expect(stdout).not.toMatch(/(error|warning|info|hint):/);
  expect(code).toBe(0);
});
