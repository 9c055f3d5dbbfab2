// Checks the types of every room, each with the options of its own tsconfig. Exit 1 when any has an error.
import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOMS = [
  'server/src/core',
  'server/tsconfig.pure.json',
  'server/tsconfig.json',
  'server/tsconfig.browser.json',
  'client/tsconfig.pure.json',
  'client/tsconfig.json',
  'client/src/webview',
  'test',
];

const root = path.resolve(import.meta.dirname, '../..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

function check(room: string): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [tsc, '-p', room], { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

let failed = 0;
const queue = [...ROOMS];
await Promise.all(
  [0, 1].map(async () => {
    for (let room = queue.shift(); room !== undefined; room = queue.shift()) {
      if ((await check(room)) !== 0) failed++;
    }
  }),
);
console.log(
  failed === 0 ? `types: ${ROOMS.length} rooms checked` : `types: errors in ${failed} of ${ROOMS.length} rooms`,
);
process.exitCode = failed === 0 ? 0 : 1;
