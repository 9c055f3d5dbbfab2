import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { startGit } from './run.ts';

interface Waiting {
  readonly resolve: (bytes: Buffer | undefined) => void;
}

/**
 * The contents of a repository by their hashes, all through one `git cat-file --batch`, which ends when nothing is
 * wanted any more. It applies no filter and no textconv, so that it runs no program.
 */
export class Blobs {
  readonly #folder: string;
  #process: ChildProcessWithoutNullStreams | undefined;
  /** In the order in which they were asked for, which is that of the answers. */
  #waiting: Waiting[] = [];
  /** What came and is not a whole answer yet. */
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes without which nothing can be done with the chunks. */
  #needed = 0;
  #delivering = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where there is no such object here: a clone may be partial. */
  read(hash: string): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ resolve });
      this.#running().stdin.write(`${hash}\n`);
    });
  }

  #running(): ChildProcessWithoutNullStreams {
    if (this.#process) return this.#process;
    const child = startGit(this.#folder, 'cat-file', '--batch');
    child.stdout.on('data', (chunk: Buffer) => this.#take(child, chunk));
    child.stderr.resume();
    const end = (): void => this.#ended(child);
    child.stdin.on('error', end);
    child.on('error', end);
    child.on('close', end);
    this.#process = child;
    return child;
  }

  #take(child: ChildProcessWithoutNullStreams, chunk: Buffer): void {
    if (child !== this.#process) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (let answer = firstAnswer(rest); ; answer = firstAnswer(rest)) {
      if (!('length' in answer)) {
        this.#needed = answer.needed;
        break;
      }
      this.#deliver(answer.bytes);
      rest = rest.subarray(answer.length);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
  }

  /** One a turn: whoever waits takes a while to read a manifest, and a keystroke may come in between. */
  #deliver(bytes: Buffer | undefined): void {
    const waiting = this.#waiting.shift();
    const turn = this.#delivering++;
    const deliver = (after: number): void => {
      if (after > 0) setImmediate(deliver, after - 1);
      else {
        this.#delivering--;
        waiting?.resolve(bytes);
        if (this.#delivering === 0) setImmediate(() => this.#endWhenIdle());
      }
    };
    setImmediate(deliver, turn);
  }

  #endWhenIdle(): void {
    if (this.#waiting.length > 0 || this.#delivering > 0) return;
    this.#process?.stdin.end();
    this.#process = undefined;
  }

  #ended(child: ChildProcessWithoutNullStreams): void {
    if (child !== this.#process) return;
    this.#process = undefined;
    this.#chunks = [];
    this.#size = 0;
    this.#needed = 0;
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
  }
}

/** The first answer among some bytes: `HASH blob SIZE`, the bytes, a line end; or `HASH missing`. */
function firstAnswer(
  bytes: Buffer,
): { readonly length: number; readonly bytes: Buffer | undefined } | { readonly needed: number } {
  const line = bytes.indexOf(0x0a);
  if (line < 0) return { needed: 0 };
  const [, type, size] = bytes.toString('latin1', 0, line).split(' ');
  if (size === undefined) return { length: line + 1, bytes: undefined };
  const end = line + 1 + Number(size);
  if (bytes.length < end + 1) return { needed: end + 1 };
  return { length: end + 1, bytes: type === 'blob' ? bytes.subarray(line + 1, end) : undefined };
}
