import { UsageError, type Call } from '../args.ts';
import { configOf } from '../config.ts';
import { FileStore, stateFolder } from '../operation-store.ts';
import type { Output } from '../output.ts';
import { historyRow, historyText } from '../text/history.ts';
import { openApplications, STDIN } from '../workspace.ts';

/** Runs `history`: the syncs that this user has started here, newest first. */
export async function history({ flags, paths }: Call, output: Output): Promise<number> {
  const json = flags.oneOf('format', ['text', 'json'], 'text') === 'json';
  if (paths.includes(STDIN)) throw new UsageError('history reads no manifests from the standard input');
  const store = new FileStore(stateFolder(flags.get('state-folder')), (text) => output.message(text));
  const names = await namesOf(paths, flags.get('application'), () => configOf(flags));
  const { records, unreadable } = await store.read();
  const meant = records.filter(({ application }) => names === undefined || names.has(application));
  const rows = await Promise.all(
    meant.map(async (record) => historyRow(record, record.ended === undefined && (await store.isAlive(record)))),
  );
  if (json) output.data(`${JSON.stringify({ version: 1, operations: rows, problems: unreadable })}\n`);
  else {
    output.data(`${historyText(rows, output)}\n`);
    for (const { file, problem } of unreadable) output.message(`${file} is left alone: ${problem}.`);
  }
  return 0;
}

/** The applications that are meant; undefined: all. */
async function namesOf(
  paths: readonly string[],
  wanted: string | undefined,
  config: () => ReturnType<typeof configOf>,
): Promise<ReadonlySet<string> | undefined> {
  if (paths.length === 0) return wanted === undefined ? undefined : new Set([wanted]);
  const { applications } = await openApplications(paths, await config(), wanted);
  return new Set(applications.map(({ name }) => name));
}
