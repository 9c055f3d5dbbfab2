#!/usr/bin/env node
import { outputErrors } from './broken-output.ts';
import { readCall, type Call } from './args.ts';
import { EDITOR_SETTINGS } from './flags.ts';
import { commandHelp, programHelp } from './help.ts';
import { processOutput, wantsColor, type Output } from './output.ts';
import { VERSION } from './version.ts';

/** Runs a command line. The answer is the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const call = readCall(argv);
  if (!call) {
    if (argv[0] === '--version') return say(`${VERSION}\n`);
    if (argv[0] !== undefined) return say(programHelp());
    process.stderr.write(programHelp());
    return 2;
  }
  if (call.flags.has('help')) return say(commandHelp(call.command));
  if (call.flags.has('version')) return say(`${VERSION}\n`);
  const when = call.flags.oneOf('color', ['auto', 'always', 'never'], 'auto');
  const output = processOutput(wantsColor(when, process.stdout.isTTY));
  if (!call.flags.has(EDITOR_SETTINGS)) return runCommand(call, output);
  const { readEditorSettings } = await import('./editor-settings.ts');
  try {
    return await runCommand({ ...call, flags: call.flags.ofEditor(await readEditorSettings(process.stdin)) }, output);
  } finally {
    // The editor leaves it open, and what ended before it read on would wait for it.
    process.stdin.destroy();
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Each command is loaded when it is called. */
async function runCommand(call: Call, output: Output): Promise<number> {
  switch (call.command.name) {
    case 'lint':
      return (await import('./commands/lint.ts')).lint(call, output);
    case 'plan':
      return (await import('./commands/plan.ts')).plan(call, output);
    case 'simulate':
      return (await import('./commands/simulate.ts')).simulate(call, output);
    case 'application':
      return (await import('./commands/application.ts')).application(call, output);
    case 'history':
      return (await import('./commands/history.ts')).history(call, output);
    case 'status':
      return (await import('./commands/status.ts')).status(call, output);
    case 'sync':
      return (await import('./commands/sync.ts')).sync(call, output);
    case 'delete':
      return (await import('./commands/sync.ts')).deleteObjects(call, output);
    default:
      return (await import('./commands/language-server.ts')).languageServer(import.meta.url);
  }
}

process.stdout.on(
  'error',
  outputErrors(process.argv[2], {
    exit: (code) => process.exit(code),
    message: (text) => void process.stderr.write(`${text}\n`),
  }),
);

// Messages that nobody reads must not end what runs, a sync above all.
process.stderr.on('error', () => undefined);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const text = error instanceof Error ? error.message : 'an unknown error';
  // What the language itself throws is no message for a person, but one for us.
  const isOurs = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  process.stderr.write(isOurs ? `argocd-hooks has a bug, please report it: ${error.stack ?? text}\n` : `${text}\n`);
  process.exitCode = 2;
}
