import fs from 'node:fs';
import path from 'node:path';
import { installChromium, installHost } from '../vscode-host/install.ts';
import { ARTIFACTS, inRoot, ROOT } from './paths.ts';
import { ROOMS, roomsWithErrors } from './rooms.ts';
import { run } from './run.ts';
import { packageVsix, sizeReport, vsixChecks } from './vsix.ts';

/** What a suite came to. */
export interface Tally {
  readonly passed: number;
  /** One line for each test that failed. */
  readonly failures: readonly string[];
}

export interface Suite {
  readonly name: string;
  /** Rejects where the suite could not run, which counts as a failure. */
  run(): Promise<Tally>;
}

const bin = (name: string): string => inRoot('node_modules/.bin', name);

async function types(): Promise<Tally> {
  const failures = await roomsWithErrors();
  return { passed: ROOMS.length - failures.length, failures: failures.map((room) => `types of ${room}`) };
}

async function lint(): Promise<Tally> {
  const tools: readonly [string, readonly string[]][] = [
    ['eslint', ['.']],
    ['prettier', ['--check', '--log-level', 'warn', '.']],
  ];
  const failures: string[] = [];
  for (const [tool, args] of tools) {
    if ((await run(bin(tool), args, { cwd: ROOT })).code !== 0) failures.push(`${tool} has complaints, see above`);
  }
  return { passed: tools.length - failures.length, failures };
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

/** Reads vitest's report: a file that did not load is a failure, and in CI so is a test that was skipped. */
function readReport(file: string): Tally {
  const report = JSON.parse(fs.readFileSync(file, 'utf8')) as { readonly testResults: readonly VitestFile[] };
  let passed = 0;
  const failures: string[] = [];
  const skipFails = Boolean(process.env['CI']);
  for (const { name, status, message, assertionResults } of report.testResults) {
    const where = path.relative(ROOT, name);
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      failures.push(`${where}: ${message.split('\n')[0] ?? 'did not run'}`);
    }
    for (const test of assertionResults) {
      if (test.status === 'passed') passed++;
      else if (test.status === 'failed') failures.push(`${where}: ${test.fullName}`);
      else if (skipFails) failures.push(`${where}: ${test.fullName}: was skipped, which in CI is a failure`);
    }
  }
  return { passed, failures };
}

/** The tests that vitest runs; with folders of test/, only those. */
export function unitSuite(folders: readonly string[] = []): Suite {
  return {
    name: folders.length === 0 ? 'unit, property, corpus, language server, grammar' : folders.join(', '),
    run: async () => {
      const report = path.join(ARTIFACTS, 'vitest.json');
      fs.rmSync(report, { force: true });
      const filters = folders.map((folder) => `test/${folder}`);
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const result = await run(bin('vitest'), ['run', ...filters, ...reporters], { cwd: ROOT });
      if (!fs.existsSync(report)) throw new Error(`vitest made no report (exit code ${result.code})`);
      const tally = readReport(report);
      // An error outside any test (an unhandled rejection) shows in the exit code alone.
      if (result.code !== 0 && tally.failures.length === 0) {
        return {
          ...tally,
          failures: [`vitest ended with exit code ${result.code} although no test failed, see above`],
        };
      }
      return tally;
    },
  };
}

/** The VSIX of this run, once it was packed. */
let packed: Promise<string> | undefined;
const vsix = (): Promise<string> => (packed ??= packageVsix());

async function packaging(): Promise<Tally> {
  const file = await vsix();
  for (const line of sizeReport(file)) console.log(line);
  const checks = vsixChecks(file);
  const failed = checks.filter((check) => check.problem !== undefined);
  return { passed: checks.length - failed.length, failures: failed.map((c) => `${c.name}: ${c.problem ?? ''}`) };
}

interface WorkbenchReport {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

async function workbench(): Promise<Tally> {
  const report = path.join(ARTIFACTS, 'workbench.json');
  fs.rmSync(report, { force: true });
  const args = [inRoot('test/vscode/main.ts'), '--vsix', await vsix(), '--report', report];
  const result = await run(process.execPath, args, { cwd: ROOT });
  if (!fs.existsSync(report)) throw new Error(`the workbench tests made no report (exit code ${result.code})`);
  const { passed, failed } = JSON.parse(fs.readFileSync(report, 'utf8')) as WorkbenchReport;
  return { passed: passed.length, failures: failed };
}

export const SUITES: ReadonlyMap<string, Suite> = new Map([
  ['types', { name: 'types', run: types }],
  ['lint', { name: 'lint', run: lint }],
  ['unit', unitSuite()],
  ['package', { name: 'package', run: packaging }],
  ['workbench', { name: 'workbench', run: workbench }],
]);

/** Begins to install VS Code and Chromium while other suites run. What fails here fails again, and is told, where it is needed. */
export function installEarly(): void {
  void installHost()
    .then(installChromium)
    .catch(() => undefined);
}
