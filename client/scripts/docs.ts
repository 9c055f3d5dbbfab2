// Writes the tables of README.md, the settings in package.json, and RULES.md from the catalogue of annotations and the
// rules: `npm run docs`.
import fs from 'node:fs';
import { fillReadme } from './lib/readme.ts';
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
