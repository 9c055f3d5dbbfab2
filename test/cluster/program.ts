import { spawn } from 'node:child_process';
import path from 'node:path';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { plane, type User } from './plane.ts';

const PROGRAM = path.join(import.meta.dirname, '../../client/src/cli/main.ts');

/** What the program has told, and its exit code. */
export interface Ended {
  readonly code: number;
  readonly events: readonly RunEvent[];
  readonly errors: string;
}

/** Runs the program; `during` may talk to it while it runs. */
export function argocdHooks(
  args: readonly string[],
  {
    user = 'argocd',
    during,
    cwd,
  }: { user?: User; during?: (event: RunEvent, kill: (signal: NodeJS.Signals) => void) => void; cwd?: string } = {},
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [PROGRAM, ...args, '--kubeconfig', plane.kubeconfigs[user], '--format', 'json'],
    {
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const events: RunEvent[] = [];
  let rest = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as RunEvent;
      events.push(event);
      during?.(event, (signal) => child.kill(signal));
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, events, errors })));
}

/** The result event of a run. */
export const resultOf = ({ events, errors }: Ended): Extract<RunEvent, { type: 'result' }> => {
  const result = events.findLast((event) => event.type === 'result');
  if (!result) throw new Error(`no result: ${JSON.stringify(events.at(-1))} ${errors}`);
  return result;
};
