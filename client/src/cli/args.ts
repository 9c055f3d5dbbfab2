import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { nearest } from '#core/annotations/nearest';
import type { FolderSettings } from '#service';
import type { ProxySettings } from '../sync/editor-settings.ts';
import { COMMANDS, type Command, type Flag } from './flags.ts';

/** What an editor hands over, as it is read. */
export interface EditorGiven {
  readonly settings: FolderSettings;
  readonly proxy: ProxySettings;
}

/** Wrong usage: one clear line, exit code 2. */
export class UsageError extends Error {}

/** The flags of a call, by name. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  /** What the editor that started this process goes by; undefined: a person called, or a script. */
  readonly editor: FolderSettings | undefined;

  /** How the editor that started this process talks to a proxy; undefined: there is none. */
  readonly proxy: ProxySettings | undefined;

  constructor(values: ReadonlyMap<string, readonly string[]>, editor?: EditorGiven) {
    this.#values = values;
    this.editor = editor?.settings;
    this.proxy = editor?.proxy;
  }

  /** The same, of an editor with these settings. */
  ofEditor(given: EditorGiven): Flags {
    return new Flags(this.#values, given);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value given. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** One of several words. @throws UsageError */
  oneOf<T extends string>(name: string, words: readonly T[], fallback: T): T {
    const value = this.get(name);
    if (value === undefined) return fallback;
    const found = words.find((word) => word === value);
    if (found === undefined) throw new UsageError(`--${name} is one of ${words.join(', ')}, not ${value}`);
    return found;
  }
}

export interface Call {
  readonly command: Command;
  readonly flags: Flags;
  readonly paths: readonly string[];
}

/**
 * Reads a command line. Undefined: help or version of the program as a whole was asked for, or nothing at all.
 * @throws UsageError
 */
export function readCall(argv: readonly string[]): Call | undefined {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '--version' || name === 'help') return undefined;
  const command = COMMANDS.find((c) => c.name === name);
  if (!command) {
    const names = COMMANDS.map((c) => c.name);
    const what = name.startsWith('-') ? `unknown flag ${name}` : `unknown command ${name}`;
    throw new UsageError(`${what}: the commands are ${names.join(', ')}`);
  }
  return { command, ...readFlags(command, rest) };
}

function readFlags(command: Command, args: readonly string[]): { flags: Flags; paths: string[] } {
  const known = new Map(command.flags.map((flag) => [flag.name, flag]));
  const { tokens } = parseArgs({
    args: joinOptional(command.flags, args),
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(command.flags.map((flag) => [flag.name, { type: typeOf(flag) }])),
  });
  const values = new Map<string, string[]>();
  const paths: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') paths.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = token.rawName.startsWith('--') ? known.get(token.name) : undefined;
    if (!flag) throw unknownFlag(command, token.rawName);
    values.set(flag.name, [...(values.get(flag.name) ?? []), valueOf(flag, token.value, token.inlineValue === true)]);
  }
  return { flags: new Flags(values), paths };
}

const typeOf = (flag: Flag): 'string' | 'boolean' =>
  flag.value !== undefined && flag.optional !== true ? 'string' : 'boolean';

function valueOf(flag: Flag, value: string | undefined, inline: boolean): string {
  if (flag.value === undefined) {
    if (inline) throw new UsageError(`--${flag.name} takes no value`);
    return '';
  }
  if ((value ?? '') === '' && flag.optional !== true)
    throw new UsageError(`--${flag.name} needs a value: --${flag.name} ${flag.value}`);
  return value ?? '';
}

/** A flag whose value may be left out takes the next word, unless that is a flag or a path that exists. */
function joinOptional(flags: readonly Flag[], args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') return [...joined, ...args.slice(i)];
    const next = args[i + 1];
    const optional = flags.some((flag) => flag.optional === true && arg === `--${flag.name}`);
    if (optional && next !== undefined && !next.startsWith('-') && !existsSync(next)) {
      joined.push(`${arg}=${next}`);
      i++;
    } else joined.push(arg);
  }
  return joined;
}

function unknownFlag(command: Command, rawName: string): UsageError {
  const name = rawName.replace(/^-+/, '');
  const names = command.flags.filter(({ help }) => help !== undefined).map((flag) => flag.name);
  const near = names.find((known) => name !== '' && known.startsWith(name)) ?? nearest(name, names);
  const hint = near !== undefined ? `did you mean --${near}?` : `see argocd-hooks ${command.name} --help`;
  return new UsageError(`unknown flag ${rawName} of ${command.name}: ${hint}`);
}
