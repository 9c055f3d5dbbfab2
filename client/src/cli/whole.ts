import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '#core/plan/words';
import { STDIN, type Opened } from './workspace.ts';

/**
 * What is said of files that were named: a plan is that of the whole application, which is more than they are, or, where
 * nothing else was read, may be less than the application has.
 */
export async function filesOfMore({ asked, read, applications }: Opened): Promise<string[]> {
  const notes = await Promise.all(
    asked.map(async (place): Promise<readonly string[]> => {
      if (place === STDIN || !(await isFile(place))) return [];
      const whole = applications.filter(({ files }) => files.some((file) => file !== place));
      if (whole.length > 0) {
        return whole.map(({ name, path: source, files, declaredIn }) =>
          declaredIn?.file === place
            ? `${place} declares the application ${name}: this is the plan of its source, ${source}.`
            : `${place} is part of the application ${name} (${source}): this is the plan of all its ${counted(files.length, 'file')}.`,
        );
      }
      if (read.includes('.') || !(await hasNeighbors(place))) return [];
      return [
        `${place} is planned alone, without the files beside it: outside of a Git repository only what is named is read. Name its folder to plan all of them.`,
      ];
    }),
  );
  return [...new Set(notes.flat())];
}

const isFile = async (place: string): Promise<boolean> => (await stat(place).catch(() => undefined))?.isFile() === true;

/** Are there other files beside it that could hold manifests? */
async function hasNeighbors(place: string): Promise<boolean> {
  const names = await readdir(path.dirname(place)).catch(() => []);
  return names.some((name) => /\.(?:ya?ml|json)$/.test(name) && name !== path.basename(place));
}
