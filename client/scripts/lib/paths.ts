import os from 'node:os';
import path from 'node:path';

/** The checkout. */
export const ROOT = path.resolve(import.meta.dirname, '../../..');
export const inRoot = (...parts: string[]): string => path.join(ROOT, ...parts);

/** Folder from which the person called npm: relative paths in arguments mean this one. */
export const CALLED_FROM = process.env['INIT_CWD'] ?? process.cwd();

/** Cache of what the scripts install for themselves, outside the checkout. */
export const CACHE = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'argocd-hooks');

/** Where runs leave pictures and reports; never committed, never packaged. */
export const ARTIFACTS = inRoot('artifacts');
