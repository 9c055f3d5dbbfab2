// npm run test:cluster: the tests that need a real Kubernetes. Gets the control plane's programs, starts one control
// plane, runs test/cluster, stops it, and ends with one line of counts.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { start, stop } from '../../test/cluster/control-plane/control-plane.mjs';
import { controlPlanePrograms } from './lib/control-plane-programs.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Runs vitest on the control plane; its exit code. */
function vitest(dir: string, programs: string, report: string, filters: readonly string[]): Promise<number> {
  const program = path.join(root, 'node_modules/vitest/vitest.mjs');
  const config = path.join(root, 'test/cluster/vitest.config.ts');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [program, 'run', '--config', config, ...reporters, ...filters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ARGOCD_HOOKS_CONTROL_PLANE: dir, ARGOCD_HOOKS_KUBECTL: path.join(programs, 'kubectl') },
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

function counts(report: string): { passed: number; failed: number } {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number;
    numTotalTests: number;
  };
  // A test that did not run is no test that passed.
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests };
}

async function main(): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error(`Node 24 is needed, this is ${process.version}: run the tests with npm run test:cluster.`);
  }
  const programs = controlPlanePrograms();
  const dir = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-cluster-'));
  const report = path.join(dir, '..', `${path.basename(dir)}.json`);
  try {
    const plane = await start({ dir, audit: true, ownerPid: process.pid, assets: programs });
    console.log(`control plane: ${plane.version} at ${plane.server}, ready after ${plane.startMs} ms`);
    const code = await vitest(dir, programs, report, process.argv.slice(2));
    const { passed, failed } = counts(report);
    const failures = code !== 0 && failed === 0 ? 1 : failed;
    console.log(`${passed} passed, ${failures} failed`);
    return failures > 0 || passed === 0 ? 1 : 0;
  } finally {
    await stop({ dir, remove: true });
    rmSync(report, { force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
