import fs from 'node:fs';
import { expect, it } from 'vitest';
import { healthPage } from '../../client/scripts/lib/health-page.ts';
import { rulesPage } from '../../client/scripts/lib/rules-page.ts';
import { fillReadme } from '../../client/scripts/lib/readme.ts';

it('the tables of the README are those of the catalogue (npm run docs)', () => {
  const readme = fs.readFileSync('README.md', 'utf8');
  expect(fillReadme(readme)).toBe(readme);
  expect(readme).toContain('| [`unknown-hook-phase`](RULES.md#unknown-hook-phase) |');
});

it('RULES.md is what the rules say (npm run docs)', () => {
  expect(fs.readFileSync('RULES.md', 'utf8')).toBe(rulesPage());
});

it('HEALTH.md is what the checks are (npm run docs)', () => {
  const page = healthPage();
  expect(fs.readFileSync('HEALTH.md', 'utf8')).toBe(page);
  const [, exact = '', guessed = ''] = page.split('\n## ').slice(1);
  expect(exact).toContain(
    '| `argoproj.io` | AnalysisRun, ApplicationSet, CronWorkflow, EventBus, Experiment, Rollout |',
  );
  expect(exact).toContain('| `*.crossplane.io` | every kind |');
  expect(guessed).toContain('SolrCloud');
  expect(guessed).not.toContain('AnalysisRun');
});
