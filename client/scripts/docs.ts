// Writes the tables of README.md, the settings in package.json, RULES.md and HEALTH.md from the catalogue of annotations,
// the rules and the health checks: `npm run docs`.
import fs from 'node:fs';
import { fillReadme } from './lib/readme.ts';
import { healthPage } from './lib/health-page.ts';
import { inRoot } from './lib/paths.ts';
import { fillSettings } from './lib/rule-settings.ts';
import { rulesPage } from './lib/rules-page.ts';

const rewrite = (name: string, fill: (text: string) => string): void => {
  const file = inRoot(name);
  fs.writeFileSync(file, fill(fs.readFileSync(file, 'utf8')));
};
rewrite('package.json', fillSettings);
rewrite('README.md', fillReadme);
fs.writeFileSync(inRoot('RULES.md'), rulesPage());
fs.writeFileSync(inRoot('HEALTH.md'), healthPage());
