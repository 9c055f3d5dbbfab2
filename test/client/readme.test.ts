import fs from 'node:fs';
import { expect, it } from 'vitest';
import { fillReadme } from '../../client/scripts/lib/readme.ts';

it('the tables of the README are those of the catalogue (npm run docs)', () => {
  const readme = fs.readFileSync('README.md', 'utf8');
  expect(fillReadme(readme)).toBe(readme);
  expect(readme).toContain('| `unknown-hook-phase` |');
});
