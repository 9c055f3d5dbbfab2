import { CancellationTokenSource, type Connection, type WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { expect, test } from 'vitest';
import { IndexProgress } from '../../server/src/lsp/index-progress.ts';

/** A client that shows progress, and what it was told. */
function client() {
  const told: string[] = [];
  const cancellation = new CancellationTokenSource();
  const reporter = {
    token: cancellation.token,
    begin: (title: string, percentage: number, message: string) =>
      void told.push(`${title}: ${message} ${percentage} %`),
    report: (percentage: number, message: string) => void told.push(`${message} ${percentage} %`),
    done: () => void told.push('done'),
  } as unknown as WorkDoneProgressServerReporter;
  const window = { createWorkDoneProgress: () => Promise.resolve(reporter) } as unknown as Connection['window'];
  return { connection: { window }, told, cancellation };
}

test('the reading of a folder is shown, and ends', async () => {
  const { connection, told } = client();
  const progress = new IndexProgress(connection, () => undefined, 0);
  progress.report(1200, 10000);
  await Promise.resolve();
  await Promise.resolve();
  progress.done();
  expect(told).toEqual(['Argo CD Hooks: reading manifests 1,200/10,000 12 %', 'done']);
});

test('nothing is shown of what is over soon', async () => {
  const { connection, told } = client();
  const progress = new IndexProgress(connection, () => undefined, Infinity);
  progress.report(1, 2);
  progress.done();
  await Promise.resolve();
  expect(told).toEqual([]);
});

test('who cancels it is heard', async () => {
  const { connection, cancellation } = client();
  let cancelled = false;
  const progress = new IndexProgress(connection, () => (cancelled = true), 0);
  progress.report(1, 2);
  await Promise.resolve();
  await Promise.resolve();
  cancellation.cancel();
  expect(cancelled).toBe(true);
});
