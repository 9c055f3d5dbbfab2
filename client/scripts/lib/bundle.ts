import fs from 'node:fs';
import path from 'node:path';
import { build as esbuild, type BuildOptions, type Plugin } from 'esbuild';
import { NOTICES, thirdPartyNotices } from './notices.ts';
import { inRoot, ROOT } from './paths.ts';

const DIST = inRoot('dist');

/** Bundled CommonJS packages ask for Node's modules with `require`, which an ES module does not have. */
const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** What the extension loads only when it is needed, by the name of its source: files of their own. */
const APART: Readonly<Record<string, string>> = {
  'language-client': './language-client.cjs',
  'simulated-run': './simulated-run.mjs',
};

/** A dynamic import of what stands apart names the file that it is built into. */
const apart: Plugin = {
  name: 'apart',
  setup(bundle) {
    bundle.onResolve({ filter: /\/[\w-]+\.ts$/ }, ({ kind, path: source }) => {
      const file = kind === 'dynamic-import' ? APART[path.basename(source, '.ts')] : undefined;
      return file === undefined ? undefined : { path: file, external: true };
    });
  },
};

/**
 * Of `@kubernetes/client-node` we use how it authenticates, over Node's own `https`. Its other way to the network brings
 * `undici`, a quarter of the whole extension, which nothing of ours reaches: what stands in says so if that changes.
 */
const withoutUndici: Plugin = {
  name: 'without-undici',
  setup(bundle) {
    bundle.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'left-out' }));
    bundle.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: `class LeftOut { constructor() { throw new Error('undici is not part of this build.'); } }
        export { LeftOut as Agent, LeftOut as ProxyAgent };
        export const fetch = () => new LeftOut();`,
    }));
  },
};

function bundles(production: boolean): BuildOptions[] {
  const shared: BuildOptions = {
    bundle: true,
    absWorkingDir: ROOT,
    outdir: 'dist',
    target: 'es2023',
    minify: production,
    sourcemap: production ? false : 'linked',
    metafile: true,
    write: false,
    logLevel: 'warning',
    legalComments: 'none',
    define: { 'process.env.ARGOCD_HOOKS_VERSION': JSON.stringify(version()) },
  };
  const node: BuildOptions = { ...shared, platform: 'node', target: 'node22' };
  const web: BuildOptions = {
    ...shared,
    platform: 'browser',
    mainFields: ['module', 'main'],
    define: { ARGOCD_HOOKS_VERSION: JSON.stringify(version()) },
  };
  return [
    {
      ...node,
      entryPoints: {
        extension: 'client/src/vscode/node/main.ts',
        'language-client': 'client/src/vscode/node/language-client.ts',
      },
      format: 'cjs',
      external: ['vscode'],
      outExtension: { '.js': '.cjs' },
      plugins: [apart],
      // VS Code gives the module `vscode` to `require`, which loads ES modules, too.
      supported: { 'dynamic-import': false },
    },
    {
      // Server, terminal client and the simulation share their chunks; what a dynamic import names is a chunk that loads when it is used.
      ...node,
      entryPoints: {
        server: 'server/src/node.ts',
        cli: 'client/src/cli/main.ts',
        'simulated-run': 'client/src/vscode/sync/simulated-run.ts',
      },
      format: 'esm',
      splitting: true,
      plugins: [withoutUndici],
      chunkNames: 'chunks/[name]-[hash]',
      outExtension: { '.js': '.mjs' },
      banner: { js: REQUIRE },
      mainFields: ['module', 'main'],
    },
    {
      // A web extension: VS Code gives it the module `vscode` and no other, so that it is one file.
      ...web,
      entryPoints: { 'web/extension': 'client/src/vscode/browser/main.ts' },
      format: 'cjs',
      external: ['vscode'],
      supported: { 'dynamic-import': false },
    },
    { ...web, entryPoints: { 'web/server': 'server/src/browser.ts' }, format: 'iife' },
    {
      ...shared,
      platform: 'browser',
      entryPoints: {
        'webview/preflight': 'client/src/webview/preflight.ts',
        'webview/timeline': 'client/src/webview/timeline/timeline.ts',
      },
      format: 'iife',
    },
  ];
}

function version(): string {
  const manifest = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** Builds the files of the extension in the browser, as they ship: their texts by name. Writes nothing. */
export async function webFiles(): Promise<ReadonlyMap<string, string>> {
  const isWeb = ({ entryPoints }: BuildOptions): boolean =>
    Object.keys(entryPoints ?? {}).some((name) => name.startsWith('web/'));
  const results = await Promise.all(
    bundles(true)
      .filter(isWeb)
      .map((bundle) => esbuild(bundle)),
  );
  const files = results.flatMap(({ outputFiles = [] }) => outputFiles);
  return new Map(files.map((file) => [path.relative(DIST, file.path).split(path.sep).join('/'), file.text]));
}

/**
 * Builds the extension, the language server, the terminal client and the webview's pages into dist/; what was there
 * before goes. Gives the files, relative to the checkout. Rejects with esbuild's messages, dist/ then stays as it was.
 */
export async function build(options: { readonly production: boolean }): Promise<string[]> {
  const results = await Promise.all(bundles(options.production).map((bundle) => esbuild(bundle)));
  const meta = { inputs: {}, outputs: {} };
  fs.rmSync(DIST, { recursive: true, force: true });
  for (const { metafile, outputFiles = [] } of results) {
    Object.assign(meta.inputs, metafile?.inputs);
    Object.assign(meta.outputs, metafile?.outputs);
    for (const file of outputFiles) {
      fs.mkdirSync(path.dirname(file.path), { recursive: true });
      fs.writeFileSync(file.path, file.contents);
    }
  }
  fs.writeFileSync(path.join(DIST, 'meta.json'), JSON.stringify(meta));
  fs.writeFileSync(path.join(DIST, NOTICES), thirdPartyNotices(Object.keys(meta.inputs)));
  fs.chmodSync(path.join(DIST, 'cli.mjs'), 0o755);
  return Object.keys(meta.outputs).sort();
}
