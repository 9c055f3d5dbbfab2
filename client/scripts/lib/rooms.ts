import { inRoot, ROOT } from './paths.ts';
import { run } from './run.ts';

/** The rooms of the repository, each checked with the options of its own tsconfig. */
export const ROOMS: readonly string[] = [
  'server/src/core',
  'server/tsconfig.pure.json',
  'server/tsconfig.json',
  'server/tsconfig.browser.json',
  'client/tsconfig.pure.json',
  'client/tsconfig.json',
  'client/tsconfig.browser.json',
  'client/src/webview',
  'test',
];

const tsc = inRoot('node_modules/typescript/bin/tsc');

/** Checks the types of every room, two at a time; errors go to standard output. Gives the rooms that have any. */
export async function roomsWithErrors(): Promise<string[]> {
  const failed: string[] = [];
  const queue = [...ROOMS];
  const worker = async (): Promise<void> => {
    for (let room = queue.shift(); room !== undefined; room = queue.shift()) {
      const result = await run(process.execPath, [tsc, '-p', room], { cwd: ROOT });
      if (result.code !== 0) failed.push(room);
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}
