// npm run test:render: the tests that need the real helm and kustomize. Builds both with Go, unless the cache or
// RENDER_TOOLS holds them, and runs test/render.
import { inRoot, ROOT } from './lib/paths.ts';
import { run } from './lib/run.ts';

const built = await run(inRoot('test/render/tools/build.sh'), [], { cwd: ROOT, output: 'collect' });
const folder = built.output.trim().split('\n').at(-1) ?? '';
if (built.code !== 0) {
  console.error(built.output);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const args = ['run', '--config', inRoot('test/render/vitest.config.ts'), ...process.argv.slice(2)];
const env = { ...process.env, ARGOCD_HOOKS_RENDER_TOOLS: folder };
process.exit((await run(inRoot('node_modules/.bin/vitest'), args, { cwd: ROOT, env })).code);
