/** What a process does: ends, or says something. */
export interface Process {
  exit(code: number): void;
  message(text: string): void;
}

/** Nobody reads any more: what comes first, and what every further write then meets. */
const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/**
 * What follows when the standard output cannot be written. A reader that has had enough, as `head` has, changes nothing
 * about the answer: the command goes on to its end, so that its exit code is the one that it has with any reader.
 * @param command what runs, as on the command line
 */
export function outputErrors(command: string | undefined, process: Process): (error: NodeJS.ErrnoException) => void {
  let told = false;
  return (error) => {
    if (!GONE.has(error.code)) {
      process.message(`The output cannot be written: ${error.message}`);
      process.exit(2);
    } else if (command === 'sync' && !told) {
      told = true;
      process.message('Nobody reads the output any more; the sync goes on to its end.');
    }
  };
}
