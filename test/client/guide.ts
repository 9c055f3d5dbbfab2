import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '#core/object';
import { objects } from './simulated.ts';

/** Folder of the example application. */
export const GUIDE = path.join(import.meta.dirname, '../fixtures/guide');

/** The manifests of the example application, in the order of its files. */
export const guide = (): KubeObject[] => {
  const folder = path.join(GUIDE, 'sync-hooks');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => objects(readFileSync(path.join(folder, file), 'utf8')));
};
