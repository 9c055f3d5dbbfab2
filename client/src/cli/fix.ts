import { randomBytes } from 'node:crypto';
import { access, chmod, constants, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LintService } from '#service/lint';

/** Why a file was left as it is. */
export interface NotFixed {
  readonly file: string;
  readonly message: string;
  /** It could not be written, although it should have been. */
  readonly failed: boolean;
}

export interface FixReport {
  /** Files that were written. */
  readonly fixed: readonly string[];
  readonly left: readonly NotFixed[];
}

/** Lines that Git puts where it could not merge. */
const CONFLICT = [/^<{7}(?:[ \r]|$)/m, /^>{7}(?:[ \r]|$)/m];

/**
 * Repairs what is beyond doubt in some files, in place.
 * @param files relative to the working folder
 * @param within the files and folders that may be written
 */
export async function fixFiles(
  service: LintService,
  files: readonly string[],
  within: readonly string[],
): Promise<FixReport> {
  const allowed = await Promise.all(within.map((place) => realpath(place)));
  const fixed: string[] = [];
  const left: NotFixed[] = [];
  for (const file of files) {
    const text = service.fixes(file);
    if (text === undefined) continue;
    try {
      const why = await write(file, { before: service.text(file) ?? '', after: text }, allowed);
      if (why === undefined) fixed.push(file);
      else left.push({ file, message: `Not fixed: ${why}`, failed: false });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      left.push({ file, message: `Not fixed: it cannot be written (${why}).`, failed: true });
    }
  }
  return { fixed, left };
}

/** Why the file was left as it is; undefined where it was written. */
async function write(
  file: string,
  { before, after }: { readonly before: string; readonly after: string },
  allowed: readonly string[],
): Promise<string | undefined> {
  // Behind a link it is the file itself that is replaced, and that may lie anywhere.
  const real = await realpath(file);
  if (!allowed.some((place) => real === place || real.startsWith(place.endsWith(path.sep) ? place : place + path.sep)))
    return `it is a link to ${real}, which is not among the given paths.`;
  const bytes = await readFile(real);
  if (CONFLICT.every((line) => line.test(before))) return 'it holds a merge conflict; resolve it first.';
  if (!bytes.equals(Buffer.from(before)))
    return before.includes('\ufffd') || bytes.includes(0)
      ? 'it is not written in UTF-8.'
      : 'it was changed meanwhile; run lint --fix again.';
  await access(real, constants.W_OK);
  await replace(real, after);
  return undefined;
}

/** Puts a text in the place of a file in one step, so that nobody ever sees a half of it. Mode and owner stay. */
async function replace(file: string, text: string): Promise<void> {
  const { mode, uid, gid } = await stat(file);
  const fresh = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    // Only root may give a file away.
    await handle.chown(uid, gid).catch(() => undefined);
    await handle.sync();
    await handle.close();
    await chmod(fresh, mode & 0o7777);
    await rename(fresh, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(fresh, { force: true });
    throw error;
  }
}
