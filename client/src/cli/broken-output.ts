/** What a process does: ends, or says something. */
export interface Process {
  exit(code: number): void;
  message(text: string): void;
}

/**
 * What follows when the standard output cannot be written. A reader that has had enough, as `head` has, ends every
 * command but `sync`: what it has begun in a cluster goes on to its end.
 * @param command what runs, as on the command line
 */
export function outputErrors(command: string | undefined, process: Process): (error: NodeJS.ErrnoException) => void {
  let told = false;
  return (error) => {
    if (error.code !== 'EPIPE') {
      process.message(`The output cannot be written: ${error.message}`);
      process.exit(2);
    } else if (command !== 'sync') {
      process.exit(0);
    } else if (!told) {
      told = true;
      process.message('Nobody reads the output any more; the sync goes on to its end.');
    }
  };
}
