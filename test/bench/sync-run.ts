import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { inRoot } from '../../client/scripts/lib/paths.ts';
import type { RunEvent } from '../../client/src/sync/events.ts';

/** What one run of the built program came to; times in ms. */
export interface SyncRun {
  /** From the start of the process to its end. */
  readonly whole: number;
  /** From the first word of the operation to its result. */
  readonly operation: number;
  /** From the first write to the last one that was no deletion. */
  readonly span: number;
  /** Sum over the waves of what took longest in each. */
  readonly criticalPath: number;
  /** The most memory that the process held, in MiB. */
  readonly memory: number;
}

/** Runs a program, and gives ms and the most memory that it held in MiB. Rejects where it fails. */
export async function timed(
  program: string,
  args: readonly string[],
  line: (text: string) => void = () => undefined,
): Promise<{ readonly ms: number; readonly memory: number }> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let memory = 0;
  let rest = '';
  let errors = '';
  // The kernel keeps the peak, and forgets it with the process.
  const looking = setInterval(() => (memory = Math.max(memory, peak(child.pid))), 50);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) line(one);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${errors.slice(-2_000)}`);
  return { ms: performance.now() - started, memory };
}

/** Peak of a process in MiB; 0 where the system does not tell. */
function peak(pid: number | undefined): number {
  try {
    const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
}

/** Syncs a folder with the program as it ships. Rejects where the sync does not succeed. */
export async function sync(folder: string, args: readonly string[]): Promise<SyncRun> {
  const events: RunEvent[] = [];
  const program = inRoot('dist/cli.mjs');
  const { ms, memory } = await timed(
    process.execPath,
    [program, 'sync', folder, '--yes', '--format', 'json', ...args],
    (line) => events.push(JSON.parse(line) as RunEvent),
  );
  const result = events.findLast((event) => event.type === 'result');
  if (result?.operation.phase !== 'Succeeded') throw new Error(`The sync of ${folder}: ${JSON.stringify(result)}`);
  const writes = events.flatMap((event) => {
    return event.type === 'write' && !event.dryRun && event.verb !== 'delete' ? [Date.parse(event.time)] : [];
  });
  return {
    whole: ms,
    operation: Date.parse(result.time) - Date.parse(events.find(({ type }) => type === 'operation')?.time ?? ''),
    span: (writes.at(-1) ?? 0) - (writes[0] ?? 0),
    criticalPath: result.criticalPath.seconds * 1000,
    memory,
  };
}
