import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.ts';

/** Name of the file in dist/ that carries the licenses of what is bundled. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Folders of the packages that a bundle's inputs come from, each once, by name. */
const packagesOf = (inputs: readonly string[]): string[] =>
  [...new Set(inputs.flatMap((input) => PACKAGE.exec(input)?.[1] ?? []))].sort();

function licenseText(folder: string): string | undefined {
  const file = fs.readdirSync(folder).find((name) => /^licen[cs]e(?:[.-]|$)/i.test(name));
  return file === undefined ? undefined : fs.readFileSync(path.join(folder, file), 'utf8').trim();
}

/**
 * The notices of all third-party code in a bundle: name, version, license and its text. Throws where a package has no
 * license at all: such code must not ship.
 * @param inputs files of the bundle, relative to the checkout (esbuild's metafile)
 */
export function thirdPartyNotices(inputs: readonly string[]): string {
  const notices = packagesOf(inputs).map((folder) => {
    const absolute = inRoot(folder);
    const manifest = JSON.parse(fs.readFileSync(path.join(absolute, 'package.json'), 'utf8')) as Manifest;
    const text = licenseText(absolute);
    if (text === undefined && manifest.license === undefined) throw new Error(`${manifest.name} has no license.`);
    const title = `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})`;
    return `${title}\n\n${text ?? `Its package names the license ${manifest.license ?? ''} and brings no text of it.`}`;
  });
  return `Argo CD Hooks contains code of these packages.\n\n${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
