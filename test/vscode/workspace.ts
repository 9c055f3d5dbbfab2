import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const made: string[] = [];
process.once('exit', () => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

/** A workspace of these files, in a folder that goes away with this process. */
export function workspace(files: Readonly<Record<string, string>>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-several-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** A manifest with these annotations, each as it is written. */
export const manifest = (apiVersion: string, kind: string, name: string, annotations: readonly string[] = []): string =>
  [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    ...(annotations.length === 0 ? [] : ['  annotations:', ...annotations.map((line) => `    ${line}`)]),
    '',
  ].join('\n');

export const configMap = (name: string, wave: number): string =>
  manifest('v1', 'ConfigMap', name, [`argocd.argoproj.io/sync-wave: "${wave}"`]);
