// What npm runs when the project is installed from its repository (`npm install --global github:…`, pre-commit): the
// program is built, unless it is there. Not when a script of the project installs what it needs.
import fs from 'node:fs';

const built = new URL('../../dist/cli.mjs', import.meta.url);
if (process.env.ARGOCD_HOOKS_INSTALLING === undefined && !fs.existsSync(built)) {
  process.argv.splice(2, Infinity, 'build', '--production');
  await import('./run.mjs');
}
