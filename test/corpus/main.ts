/** The program behind `npm run corpus -- FILE…`. */
import { runCorpus } from './program.ts';

process.exitCode = runCorpus(process.argv.slice(2), {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});
