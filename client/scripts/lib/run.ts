import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** `stream`: shown as it comes (on the standard error when `toStderr`); `collect`: kept and returned. */
  readonly output?: 'stream' | 'collect';
  readonly toStderr?: boolean;
}

export interface RunResult {
  /** Exit code; 127 where the program could not be started, 128 + number where a signal ended it. */
  readonly code: number;
  /** Both streams, when collected; the reason where the program could not be started. */
  readonly output: string;
}

/** Runs a program to its end. Never rejects: a program that cannot be started has code 127. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const stream = options.output !== 'collect';
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: stream ? ['ignore', options.toStderr ? 2 : 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code, signal) => resolve({ code: code ?? (signal === null ? 1 : 128), output }));
  });
}
