// Writes the tables of README.md and the settings in package.json from the catalogue of annotations and the rules:
// `npm run docs`.
import fs from 'node:fs';
import { fillReadme } from './lib/readme.ts';
import { inRoot } from './lib/paths.ts';
import { fillSettings } from './lib/rule-settings.ts';

const rewrite = (name: string, fill: (text: string) => string): void => {
  const file = inRoot(name);
  fs.writeFileSync(file, fill(fs.readFileSync(file, 'utf8')));
};
rewrite('README.md', fillReadme);
rewrite('package.json', fillSettings);
