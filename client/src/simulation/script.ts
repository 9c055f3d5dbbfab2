import type { JsonObject } from '#core/object';

/** What a container's command plainly does; undefined parts are those that nobody can tell without running it. */
export interface PlainScript {
  /** Milliseconds that it sleeps; undefined where it does not plainly sleep. */
  readonly sleeps: number | undefined;
  /** Lines that it echoes, each after so many milliseconds, as far as it is plain. */
  readonly lines: readonly { readonly after: number; readonly line: string }[];
  /** Exit code, where it plainly says one other than 0. */
  readonly exitCode: number | undefined;
}

const UNITS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };
const NOTHING: PlainScript = { sleeps: undefined, lines: [], exitCode: undefined };

function sleepOf(amount: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(amount);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0) : undefined;
}

/** What is said is said plainly: no variable, no substitution, no redirection, no glob. */
const isPlain = (text: string): boolean => !/[$`<>|&*?(){}\\]/.test(text);

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

/**
 * Reads `sleep N` as a command of its own, and shell scripts that are no more than a row of `echo`, `sleep`, `true`,
 * `false`, `exit N` and `set`. Of any other script nothing is said.
 */
export function plainScript(container: JsonObject): PlainScript {
  const words = [container['command'], container['args']].flatMap((part) =>
    Array.isArray(part) ? part.filter((word) => typeof word === 'string') : [],
  );
  const [program = '', first = ''] = words;
  if (/(?:^|\/)sleep$/.test(program) && words.length === 2) return { ...NOTHING, sleeps: sleepOf(first) };
  if (!/(?:^|\/)(?:ba|da|a)?sh$/.test(program)) return NOTHING;
  const flag = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = words[flag + 1];
  return flag < 1 || script === undefined ? NOTHING : readScript(script);
}

function readScript(script: string): PlainScript {
  let sleeps: number | undefined;
  const lines: { after: number; line: string }[] = [];
  const statements = script.split(/;|&&|\n/).map((part) => part.trim());
  for (const [index, statement] of statements.entries()) {
    const [, command = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(statement) ?? [];
    if (!isPlain(rest)) return NOTHING;
    if (command === 'sleep') {
      const ms = sleepOf(rest);
      if (ms === undefined) return NOTHING;
      sleeps = (sleeps ?? 0) + ms;
    } else if (command === 'echo') lines.push({ after: sleeps ?? 0, line: unquoted(rest) });
    else if (command === 'exit') return { sleeps, lines, exitCode: Number(rest === '' ? 0 : rest) || undefined };
    else if (command === 'false' && index === statements.length - 1) return { sleeps, lines, exitCode: 1 };
    else if (!['', ':', 'true', 'set'].includes(command) && !command.startsWith('#')) return NOTHING;
  }
  return { sleeps, lines, exitCode: undefined };
}
