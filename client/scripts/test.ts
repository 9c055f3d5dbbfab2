// Runs every test and ends with one line: `N passed, N failed`. Exit 1 when any failed or a suite could not run.
//
//   npm test                    everything
//   npm test -- types core      these suites: types, lint, unit, package, workbench, or a folder of test/ (core, lsp, …)
import { installEarly, SUITES, type Tally, unitSuite } from './lib/suites.ts';

const chosen = process.argv.slice(2);
const suites = chosen.length === 0 ? [...SUITES.values()] : chosen.map((name) => SUITES.get(name) ?? unitSuite([name]));
if (chosen.length === 0 || chosen.includes('workbench')) installEarly();

let passed = 0;
let failed = 0;
const lines: string[] = [];
for (const suite of suites) {
  console.log(`\n── ${suite.name}`);
  const started = performance.now();
  let tally: Tally;
  try {
    tally = await suite.run();
  } catch (error) {
    tally = { passed: 0, failures: [`could not run: ${error instanceof Error ? error.message : String(error)}`] };
  }
  for (const failure of tally.failures) console.log(`  ✗ ${failure}`);
  passed += tally.passed;
  failed += tally.failures.length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  lines.push(`${seconds} s  ${suite.name}: ${tally.passed} passed, ${tally.failures.length} failed`);
}
console.log(`\n${lines.join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
