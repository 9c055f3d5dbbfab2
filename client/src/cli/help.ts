import { SCENARIO_FORMAT } from '../simulation/scenario-file.ts';
import { COMMANDS, type Command, type Flag } from './flags.ts';

const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/** Columns of words and what they mean. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n');
}

const EXIT_CODES = table([
  ['0', 'fine'],
  ['1', 'the answer is no: errors were found, the sync or the simulation failed'],
  ['2', 'wrong usage, input that cannot be read, no cluster'],
  ['3', 'not allowed, or refused'],
  ['130', 'interrupted: the sync was terminated properly'],
]);

/** Help of the program. */
export const programHelp = (): string => `argocd-hooks: Argo CD's sync hooks and waves, without Argo CD

Usage: argocd-hooks COMMAND [FLAGS] [PATH…]

Commands:
${table(COMMANDS.map(({ name, summary }) => [name, summary]))}

Paths are files or folders with manifests; - reads manifests from the standard input.
argocd-hooks COMMAND --help tells the flags of a command.

Exit codes:
${EXIT_CODES}
`;

const shown = (flag: Flag): string => {
  const value = flag.value === undefined ? '' : flag.optional === true ? ` [${flag.value}]` : ` ${flag.value}`;
  return `--${flag.name}${value}`;
};

/** Help of one command. */
export function commandHelp(command: Command): string {
  const rows = command.flags.flatMap((flag) => (flag.help === undefined ? [] : [[shown(flag), flag.help] as const]));
  const scenario = command.name === 'simulate' ? `\nA scenario file:\n${indented(SCENARIO_FORMAT)}\n` : '';
  const more = command.more === undefined ? '' : `\n${command.more}\n`;
  return `argocd-hooks ${command.name}: ${command.summary}

Usage: argocd-hooks ${[command.name, '[FLAGS]', command.positionals].filter((part) => part !== '').join(' ')}

${table(rows)}
${more}${scenario}`;
}
