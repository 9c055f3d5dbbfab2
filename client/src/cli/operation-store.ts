import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { readRecord, type OperationRecord } from '../sync/record.ts';
import { isHeld, ProcessLock, removeLock } from './process-lock.ts';
import type { OperationStore } from '../sync/recorder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of this user where operations are kept: what the flag says, else
 * `$XDG_STATE_HOME/argocd-hooks` or `~/.local/state/argocd-hooks`.
 */
export function stateFolder(flag: string | undefined, env: Environment = process.env): string {
  if (flag !== undefined) return path.resolve(flag);
  const own = env['XDG_STATE_HOME'] ?? '';
  return path.join(path.isAbsolute(own) ? own : path.join(homedir(), '.local', 'state'), 'argocd-hooks');
}

/** A file that is left alone, and why. */
export interface Unreadable {
  readonly file: string;
  readonly problem: string;
}

const NAME = /^[\w.-]+\.json$/;
/** What `save` writes beside the name: a process that was killed meanwhile leaves it. */
const HALF = /^[\w.-]+\.json\.\d+\.new$/;
/** Milliseconds after which nobody writes it any more. */
const LONG = 60_000;
const isOld = async (file: string): Promise<boolean> => {
  const found = await lstat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > LONG;
};
const why = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'EACCES' || code === 'EPERM' ? 'not allowed' : code === '' ? 'it failed' : code;
};

/**
 * Operations in files, one each, readable by their user alone. A file is written beside its name and then moved there,
 * so that a crash leaves the old one or the new one. What cannot be read is left alone.
 */
export class FileStore implements OperationStore {
  readonly process = process.pid;
  readonly folder: string;
  readonly #message: (text: string) => void;
  readonly #told = new Set<string>();
  readonly #lock = new ProcessLock();

  /** @param message is told what could not be read or kept, each thing once */
  constructor(folder: string, message: (text: string) => void) {
    this.folder = folder;
    this.#message = message;
  }

  async list(): Promise<readonly OperationRecord[]> {
    const { records, unreadable } = await this.read();
    for (const { file, problem } of unreadable) this.#tell(`${file} is left alone: ${problem}.`);
    return records;
  }

  /** What is there, newest first, and what cannot be read. */
  async read(): Promise<{ readonly records: readonly OperationRecord[]; readonly unreadable: readonly Unreadable[] }> {
    const records: OperationRecord[] = [];
    const unreadable: Unreadable[] = [];
    for (const name of await this.#names(unreadable)) {
      const file = path.join(this.folder, name);
      const record = await readFile(file, 'utf8').then(readRecord, (error: unknown) => why(error));
      // A file of another name than its record's was put there by somebody else: saving would make a second one.
      if (typeof record === 'string') unreadable.push({ file, problem: record });
      else if (`${record.id}.json` !== name)
        unreadable.push({ file, problem: 'its name is not that of its operation' });
      else records.push(record);
    }
    return { records: records.sort((a, b) => b.startedAt - a.startedAt), unreadable };
  }

  async save(record: OperationRecord): Promise<void> {
    const file = path.join(this.folder, `${record.id}.json`);
    const beside = `${file}.${process.pid}.new`;
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(beside, JSON.stringify(record), { mode: 0o600, flush: true });
      await rename(beside, file);
      if (record.ended && record.lock !== undefined) await removeLock(record.lock);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined);
      const consequence = 'If this is cut off, it cannot be resumed.';
      this.#tell(`The state of the operation cannot be kept in ${this.folder}: ${why(error)}. ${consequence}`);
    }
  }

  async remove({ id, lock }: OperationRecord): Promise<void> {
    await rm(path.join(this.folder, `${id}.json`), { force: true }).catch(() => undefined);
    if (lock !== undefined) await removeLock(lock);
  }

  async prune(before: number): Promise<void> {
    const { records } = await this.read();
    for (const record of records) if (record.startedAt < before) await this.remove(record);
    for (const name of await readdir(this.folder).catch(() => [])) {
      const file = path.join(this.folder, name);
      if (HALF.test(name) && (await isOld(file))) await rm(file, { force: true }).catch(() => undefined);
    }
  }

  async hold({ id, lock }: OperationRecord): Promise<string | undefined> {
    if (lock !== undefined) await removeLock(lock);
    return this.#lock.hold(id);
  }

  release(): Promise<void> {
    return this.#lock.release();
  }

  async isAlive({ process: id, lock }: Pick<OperationRecord, 'process' | 'lock'>): Promise<boolean> {
    if (lock !== undefined) return isHeld(lock);
    if (id <= 0 || id === process.pid) return false;
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      // It is there, but not ours.
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  }

  async #names(unreadable: Unreadable[]): Promise<string[]> {
    try {
      return (await readdir(this.folder)).filter((name) => NAME.test(name));
    } catch (error) {
      const problem = why(error);
      if (problem !== 'ENOENT') unreadable.push({ file: this.folder, problem });
      return [];
    }
  }

  #tell(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#message(text);
  }
}
