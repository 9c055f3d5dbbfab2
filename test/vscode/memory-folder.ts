import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A virtual folder, and the extension that provides it. */
export interface MemoryFolder {
  readonly address: string;
  /** Folder of the extension; it goes away with this process. */
  readonly extension: string;
}

/**
 * A file system in memory with the files of a folder, as extensions for repositories on servers provide them: it has no
 * path on any disk, and no search.
 */
export function memoryFolder(folder: string): MemoryFolder {
  const names = fs.globSync('**/*', { cwd: folder }).filter((name) => fs.statSync(path.join(folder, name)).isFile());
  const texts = names.map((name) => [`/${name}`, fs.readFileSync(path.join(folder, name), 'utf8')] as const);
  const extension = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-memfs-'));
  process.once('exit', () => fs.rmSync(extension, { recursive: true, force: true }));
  const manifest = {
    name: 'memfs',
    publisher: 'test',
    version: '1.0.0',
    engines: { vscode: '^1.105.0' },
    main: './extension.js',
    browser: './extension.js',
    activationEvents: ['onFileSystem:memfs'],
    capabilities: { virtualWorkspaces: true, untrustedWorkspaces: { supported: true } },
    contributes: { resourceLabelFormatters: [{ scheme: 'memfs', formatting: { label: '${path}', separator: '/' } }] },
  };
  fs.writeFileSync(path.join(extension, 'package.json'), JSON.stringify(manifest, undefined, 2));
  const source = fs.readFileSync(path.join(import.meta.dirname, 'memory-file-system.js'), 'utf8');
  const files = JSON.stringify(JSON.stringify(Object.fromEntries(texts)));
  fs.writeFileSync(
    path.join(extension, 'extension.js'),
    source.replace("'FILES'", () => files),
  );
  return { address: 'memfs:/', extension };
}
