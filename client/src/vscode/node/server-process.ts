import { fork, type ChildProcess } from 'node:child_process';

/** Set by a developer: the language server waits for a debugger on this port. */
const INSPECT = 'ARGOCD_HOOKS_SERVER_INSPECT';

/**
 * Starts the language server, which is spoken to over Node's channel between processes.
 * @param module path of dist/server.mjs
 * @param onOutput what it writes beside the protocol
 */
export function spawnLanguageServer(module: string, onOutput: (text: string) => void): ChildProcess {
  const port = process.env[INSPECT];
  const child = fork(module, ['--node-ipc', `--clientProcessId=${process.pid}`], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    execArgv: port === undefined ? [] : [`--inspect=${port}`],
    silent: true,
  });
  const take = (text: string): void => onOutput(text.trimEnd());
  child.stdout?.setEncoding('utf8').on('data', take);
  child.stderr?.setEncoding('utf8').on('data', take);
  child.on('error', (error) => onOutput(`could not be started: ${error.message}`));
  return child;
}
