import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { build } from './bundle.ts';
import { NOTICES } from './notices.ts';
import { inRoot, ROOT } from './paths.ts';
import { stage } from './stage.ts';
import { readZip, type ZipEntry } from './zip.ts';

/** The whole extension, packed. */
export const VSIX_LIMIT = 1.5 * 1024 * 1024;

/** What a browser loads of it, packed. */
const WEB_LIMIT = 600 * 1024;

/** Everything that may be in the package: what VS Code runs, shows or must by law be there. */
const ALLOWED: readonly RegExp[] = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt|LICENSE)$/i,
  /^extension\/dist\/(extension|language-client)\.cjs$/,
  /^extension\/dist\/(server|cli|simulated-run)\.mjs$/,
  /^extension\/dist\/web\/(extension|server)\.js$/,
  /^extension\/dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/dist\/chunks\/[\w.-]+\.mjs$/,
  /^extension\/dist\/webview\/[\w-]+\.(js|css)$/,
  /^extension\/client\/media\/[\w-]+\.(svg|png)$/,
  /^extension\/client\/media\/walkthrough\/[\w-]+\.md$/,
  /^extension\/syntaxes\/[\w.-]+\.json$/,
];

/** Builds for production and packs. Gives the path of the VSIX, in the checkout's root. */
export async function packageVsix(): Promise<string> {
  await build({ production: true });
  const manifest = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8')) as { name: string; version: string };
  const file = inRoot(`${manifest.name}-${manifest.version}.vsix`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-package-'));
  try {
    await stage(folder);
    await createVSIX({ cwd: folder, packagePath: file, dependencies: false });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return file;
}

export interface Check {
  readonly name: string;
  /** Why it failed; undefined when it passed. */
  readonly problem: string | undefined;
}

const check = (name: string, problem: string | false): Check => ({
  name,
  problem: problem === false ? undefined : problem,
});

interface Manifest {
  readonly type?: string;
  readonly main: string;
  readonly browser: string;
  readonly icon: string;
  readonly bin: Record<string, string>;
  readonly version: string;
  readonly contributes: {
    readonly grammars: readonly { readonly path: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
  };
}

/** Files that the manifest names, relative to the extension's folder. */
const named = (manifest: Manifest): string[] =>
  [
    manifest.main,
    manifest.browser,
    manifest.icon,
    ...Object.values(manifest.bin),
    ...manifest.contributes.grammars.map((grammar) => grammar.path),
    ...manifest.contributes.viewsContainers.activitybar.map((container) => container.icon),
  ].map((name) => name.replace(/^\.\//, ''));

function manifestChecks(entries: readonly ZipEntry[]): Check[] {
  const entry = entries.find((e) => e.name === 'extension/package.json');
  if (entry === undefined) return [check('the package has a manifest', 'extension/package.json is missing')];
  const manifest = JSON.parse(entry.read().toString('utf8')) as Manifest;
  const inside = new Set(entries.map((e) => e.name));
  const missing = named(manifest).filter((name) => !inside.has(`extension/${name}`));
  const vsixManifest =
    entries
      .find((e) => e.name === 'extension.vsixmanifest')
      ?.read()
      .toString('utf8') ?? '';
  const cli =
    entries
      .find((e) => e.name === 'extension/dist/cli.mjs')
      ?.read()
      .toString('utf8') ?? '';
  return [
    check(
      'every file that the manifest names is in the package',
      missing.length > 0 && `missing: ${missing.join(', ')}`,
    ),
    check(
      'the marketplace manifest carries the version',
      !vsixManifest.includes(`Version="${manifest.version}"`) &&
        `no Version="${manifest.version}" in extension.vsixmanifest`,
    ),
    // VS Code for the Web would take the extension for an ES module, and load none.
    check('the manifest names no type of its modules', manifest.type !== undefined && `type: ${manifest.type}`),
    check('the terminal client starts with a hashbang', !cli.startsWith('#!/usr/bin/env node\n') && cli.slice(0, 40)),
  ];
}

/** What a browser loads: small, and without anything of Node. */
function webChecks(entries: readonly ZipEntry[]): Check[] {
  const web = entries.filter((e) => e.name.startsWith('extension/dist/web/'));
  const packed = web.reduce((sum, { packed }) => sum + packed, 0);
  const asked = web.flatMap((e) => {
    const modules = [
      ...e
        .read()
        .toString('utf8')
        .matchAll(/\b(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)/g),
    ];
    return modules.map((match) => match[1] ?? '').filter((module) => module !== 'vscode');
  });
  return [
    check('what a browser loads is at most 600 KB', packed > WEB_LIMIT && `${packed} bytes`),
    check('what a browser loads asks for no module but vscode', asked.length > 0 && asked.join(', ')),
  ];
}

/** What must hold of a packed extension. */
export function vsixChecks(file: string): Check[] {
  const size = fs.statSync(file).size;
  const entries = readZip(file);
  const foreign = entries.filter((e) => !ALLOWED.some((pattern) => pattern.test(e.name))).map((e) => e.name);
  const code = entries.filter((e) => /\.(cjs|mjs|js)$/.test(e.name));
  const mapped = code.filter((e) => e.read().includes('sourceMappingURL=')).map((e) => e.name);
  const notices =
    entries
      .find((e) => e.name === `extension/dist/${NOTICES}`)
      ?.read()
      .toString('utf8') ?? '';
  const unnamed = [
    'yaml',
    'js-yaml',
    'vscode-languageclient',
    'vscode-languageserver',
    '@kubernetes/client-node',
  ].filter((name) => !notices.includes(`\n${name} `));
  const traced = entries.filter((e) => e.read().includes(ROOT)).map((e) => e.name);
  return [
    check('the VSIX is at most 1.5 MB', size > VSIX_LIMIT && `${size} bytes`),
    check('only what is meant to ship is in it', foreign.length > 0 && `not expected: ${foreign.join(', ')}`),
    check('no node_modules are in it', entries.some((e) => e.name.includes('node_modules')) && 'node_modules found'),
    check('no source map is named in it', mapped.length > 0 && mapped.join(', ')),
    check('licenses of bundled packages are in it', unnamed.length > 0 && `missing: ${unnamed.join(', ')}`),
    check('no path of the machine that built it is in it', traced.length > 0 && traced.join(', ')),
    ...webChecks(entries),
    ...manifestChecks(entries),
  ];
}

/** The biggest files of the package, for a person. */
export function sizeReport(file: string): string[] {
  const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1).padStart(8)} KB`;
  const entries = readZip(file).sort((a, b) => b.packed - a.packed);
  return [
    `${kilobytes(fs.statSync(file).size)}  the VSIX (at most ${VSIX_LIMIT / 1024} KB)`,
    ...entries.slice(0, 8).map((e) => `${kilobytes(e.packed)}  ${e.name} (${kilobytes(e.size).trim()} unpacked)`),
  ];
}
