import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: data to one stream, progress and messages to the other. */
export interface Output {
  /** Data. */
  data(text: string): void;
  /** A message, one line or more. */
  message(text: string): void;
  readonly color: boolean;
  /** Data goes to a terminal, which can be redrawn. */
  readonly live: boolean;
  /** Size of the terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** Colors as `--color` and the environment say. */
export function wantsColor(
  when: 'auto' | 'always' | 'never',
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (when !== 'auto') return when === 'always';
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** The process's own streams. */
export function processOutput(color: boolean): Output {
  return {
    data: (text) => void process.stdout.write(text),
    message: (text) => void process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
    color,
    live: process.stdout.isTTY && process.env['TERM'] !== 'dumb',
    columns: process.stdout.columns || 80,
    rows: process.stdout.rows || 24,
  };
}

/** A text in a style, where colors are wanted. */
export const styled = (output: Pick<Output, 'color'>, style: Style, text: string): string =>
  output.color ? styleText(style, text, { validateStream: false }) : text;

/** Text without what a terminal would take for a command: names and logs come from files and pods. */
export const harmless = (text: string): string => text.replace(/[^\P{Cc}\t\n]/gu, '\uFFFD');
