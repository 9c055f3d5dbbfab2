// Builds everything that ships into dist/. `--production`: minified, no source maps (what `npm run package` does).
import { build } from './lib/bundle.ts';

const started = performance.now();
const production = process.argv.includes('--production');
const files = await build({ production });
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`build: ${files.length} files in dist/ (${production ? 'production' : 'development'}), ${seconds} s`);
