import { lstat, readdir, rm } from 'node:fs/promises';
import { createServer, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Codes of a connection that say that nobody listens any more. */
const DEAD: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT']);
/** Milliseconds after which a process that does not answer counts as there: it may be busy. */
const PATIENCE = 1000;

const isPipe = process.platform === 'win32';
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/**
 * A sign that a process lives: it listens on a socket of its own, which nobody answers once it has ended, however it
 * ended. A number of a process would be given to another one some day.
 */
export class ProcessLock {
  #server: Server | undefined;
  #place: string | undefined;

  /** Begins to listen. @param name of what is held: unique, and fit for a file's name. Undefined: it is not possible here */
  async hold(name: string): Promise<string | undefined> {
    const file = `argocd-hooks-${process.pid}-${name.slice(-20)}.lock`;
    const place = isPipe ? `\\\\.\\pipe\\${file}` : path.join(tmpdir(), file);
    await this.release();
    await removeDeadLocks();
    await removeLock(place);
    const server = createServer((socket) => socket.destroy());
    const listens = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(place, () => resolve(true));
    });
    if (!listens) return undefined;
    server.on('error', () => undefined);
    server.unref();
    this.#server = server;
    this.#place = place;
    return place;
  }

  /** Stops listening. */
  async release(): Promise<void> {
    const [server, place] = [this.#server, this.#place];
    this.#server = undefined;
    this.#place = undefined;
    if (!server || place === undefined) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await removeLock(place);
  }
}

/** Does the process that holds this still live? */
export function isHeld(place: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(place);
    const end = (held: boolean): void => {
      socket.destroy();
      resolve(held);
    };
    socket.setTimeout(PATIENCE, () => end(true));
    socket.once('connect', () => end(true));
    socket.once('error', (error) => end(!DEAD.has(codeOf(error))));
  });
}

const LOCK = /^argocd-hooks-\d+-.+\.lock$/;
/** Milliseconds for which a lock is left alone: nobody answers in the moment between its making and its listening. */
const YOUNG = 10_000;

/** Takes away the locks of this user that killed processes have left, of whatever operation. Never rejects. */
async function removeDeadLocks(): Promise<void> {
  // A pipe of Windows goes with its process.
  if (isPipe) return;
  const names = await readdir(tmpdir()).catch(() => []);
  await Promise.all(
    names
      .filter((name) => LOCK.test(name))
      .map(async (name) => {
        const place = path.join(tmpdir(), name);
        const found = await lstat(place).catch(() => undefined);
        if (found?.isSocket() !== true || Date.now() - found.mtimeMs < YOUNG) return;
        if (!(await isHeld(place))) await removeLock(place);
      }),
  );
}

/** Takes away what a process that was killed has left. */
export async function removeLock(place: string): Promise<void> {
  if (!isPipe) await rm(place, { force: true }).catch(() => undefined);
}
