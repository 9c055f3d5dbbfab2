import { spawn } from 'node:child_process';
import { editorSettingsLine, type EditorSettings } from '../../sync/editor-settings.ts';
import type { RunEvent } from '../../sync/events.ts';
import type { Run, RunHandlers, RunRequest, RunScenario } from './run.ts';

/** The terminal client's arguments for a run that the editor controls. @param stateFolder where syncs are kept */
export function runArguments(request: RunRequest, stateFolder: string): string[] {
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined || value === '' ? [] : [name, String(value)];
  const common = [
    request.deletes === true && request.mode === 'sync' ? 'delete' : request.mode,
    ...['--editor-settings', '--application', request.application, '--format', 'json', '--control'],
    // A resumed sync goes on with what it was started with.
    ...option('--wave-delay', request.resume === true || request.deletes === true ? undefined : request.waveDelay),
  ];
  return request.mode === 'simulate'
    ? [...common, ...option('--speed', request.speed), ...scenarioArguments(request.scenario), '--', request.path]
    : [
        ...common,
        ...option('--context', request.context),
        ...option('--kubeconfig', request.kubeconfig),
        ...option('--state-folder', stateFolder),
        ...(request.resume === true ? ['--resume'] : (request.resources ?? []).map((one) => `--resource=${one}`)),
        '--',
        request.path,
      ];
}

const scenarioArguments = ({ upgrade, fail, hang, next, deletes }: RunScenario = {}): string[] => [
  ...(upgrade === undefined ? [] : [`--upgrade=${upgrade}`]),
  ...(fail === undefined ? [] : [`--fail=${fail}`]),
  ...(hang === undefined ? [] : [`--hang=${hang}`]),
  ...(next === true ? ['--next'] : []),
  ...(deletes === true ? ['--delete'] : []),
];

/** Calls back for each whole line of a stream of text, and for what is left at its end. */
export function lineReader(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') onLine(line);
    },
    end() {
      if (rest.trim() !== '') onLine(rest);
      rest = '';
    },
  };
}

/** Reads one line of the terminal client; undefined where it is none of its events. */
export function readEvent<E = RunEvent>(line: string): E | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as E) : undefined;
  } catch {
    return undefined;
  }
}

/** Where a process runs, and by what it goes. */
export interface RunPlace {
  /** The working folder. */
  readonly cwd: string;
  /** What the environment has beside that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Handed over first: the arguments hold `--editor-settings`. */
  readonly settings: EditorSettings;
}

/**
 * Runs in a process of its own, by a program that speaks the terminal client's protocol.
 * @param program Node, or Electron that is told to be Node
 */
export function startRun<E = RunEvent>(
  program: string,
  args: readonly string[],
  { cwd, env = {}, settings }: RunPlace,
  handlers: RunHandlers<E>,
): Run {
  const all = { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' };
  const child = spawn(program, args, { cwd, env: all, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const events = lineReader((line) => {
    const event = readEvent<E>(line);
    if (event) handlers.event(event);
    else handlers.message(line);
  });
  const messages = lineReader((line) => handlers.message(line));
  child.stdout.setEncoding('utf8').on('data', (text: string) => events.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => messages.push(text));
  // A process that is gone does not read: it tells its end by itself.
  child.stdin.on('error', () => undefined);
  child.stdin.write(editorSettingsLine(settings));
  let over = false;
  let killer: NodeJS.Timeout | undefined;
  const end = (code: number | undefined): void => {
    if (over) return;
    over = true;
    clearTimeout(killer);
    events.end();
    messages.end();
    handlers.ended(code);
  };
  child.on('error', (error) => {
    handlers.message(`The terminal client could not be started: ${error.message}`);
    end(undefined);
  });
  child.on('close', (code) => end(code ?? undefined));
  return {
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    close: (ms) => {
      child.stdin.end();
      killer ??= setTimeout(() => child.kill(), ms);
    },
  };
}

/** The terminal client's arguments for applying the Application of a file under the editor's control. */
export const applyArguments = (file: string, context: string, kubeconfig: string): string[] => [
  ...['application', '--editor-settings', '--apply', '--control', '--format', 'json', '--context', context],
  ...(kubeconfig === '' ? [] : ['--kubeconfig', kubeconfig]),
  ...['--', file],
];
