import fs from 'node:fs';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { inRoot, ROOT } from './paths.ts';

/**
 * Fields of package.json that are for those who work on the project. `type` must not ship: VS Code for the Web takes the
 * extension of a package with `"type": "module"` for an ES module, and loads none.
 */
const OURS: ReadonlySet<string> = new Set([
  'type',
  'private',
  'scripts',
  'imports',
  'dependencies',
  'devDependencies',
  'allowScripts',
]);

/** The manifest that ships. */
export function shippedManifest(text: string): Record<string, unknown> {
  const manifest = JSON.parse(text) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(manifest).filter(([field]) => !OURS.has(field)));
}

/** Copies what `.vscodeignore` lets through into a folder, with the manifest that ships. */
export async function stage(folder: string): Promise<void> {
  const copy = (name: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.copyFileSync(inRoot(name), path.join(folder, name));
  };
  for (const name of await listFiles({ cwd: ROOT, packageManager: PackageManager.None })) copy(name);
  copy('.vscodeignore');
  const manifest = shippedManifest(fs.readFileSync(inRoot('package.json'), 'utf8'));
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
