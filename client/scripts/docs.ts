// Writes the tables of README.md from the catalogue of annotations and the rules: `npm run docs`.
import fs from 'node:fs';
import { fillReadme } from './lib/readme.ts';
import { inRoot } from './lib/paths.ts';

const file = inRoot('README.md');
fs.writeFileSync(file, fillReadme(fs.readFileSync(file, 'utf8')));
