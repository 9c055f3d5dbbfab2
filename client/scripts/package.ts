// Builds for production, packs the VSIX and checks it. Exit 1 when it is too big or holds what must not ship.
import path from 'node:path';
import { ROOT } from './lib/paths.ts';
import { packageVsix, sizeReport, vsixChecks } from './lib/vsix.ts';

const file = await packageVsix();
for (const line of sizeReport(file)) console.log(line);
const failed = vsixChecks(file).filter((check) => check.problem !== undefined);
for (const { name, problem } of failed) console.error(`package: not so: ${name}: ${problem}`);
if (failed.length === 0) console.log(`package: ${path.relative(ROOT, file)} is ready`);
process.exitCode = failed.length === 0 ? 0 : 1;
