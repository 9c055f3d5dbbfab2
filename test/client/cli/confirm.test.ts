import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { askOnTerminal } from '../../../client/src/cli/confirm.ts';
import { LiveView } from '../../../client/src/cli/text/live.ts';
import type { OperationChoices } from '../../../client/src/sync/model.ts';
import type { Preflight } from '../../../client/src/sync/events.ts';
import { Stop } from '../../../client/src/sync/signal.ts';

const PREFLIGHT: Preflight = {
  cluster: {
    kind: 'kubernetes',
    context: 'kind-dev',
    server: 'https://127.0.0.1:6443',
    namespace: 'shop',
    user: 'alice',
    origin: 'kubeconfig',
    version: 'v1.34.0',
  },
  application: 'shop',
  namespace: 'shop',
  revision: 'HEAD 1a2b3c4',
  rows: [
    { task: '/ConfigMap/shop/a', phase: 'Sync', wave: 0, hook: false, change: 'create', note: '', diff: [] },
    { task: 'batch/Job/shop/b', phase: 'PostSync', wave: 0, hook: true, change: 'create', note: '', diff: [] },
  ],
  warnings: [],
  blockers: [],
  additions: [],
  notRun: [],
  options: ['Prune is off'],
};

interface Asked {
  readonly yes: boolean | OperationChoices;
  readonly shown: string;
}

/** Asks, and gives an answer as a person would type it; undefined: the input ends without one. */
async function ask(
  answer: string | undefined,
  isProtected = false,
  interrupt = new Stop(),
  preflight = PREFLIGHT,
): Promise<Asked> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown = text(output);
  const terminal = { input, output, color: false, interrupted: () => undefined };
  const asked = askOnTerminal(preflight, terminal, interrupt, isProtected);
  if (answer === undefined) input.end();
  else input.write(`${answer}\n`);
  const yes = await asked;
  output.end();
  return { yes, shown: await shown };
}

test('what would happen and the question stand on the terminal', async () => {
  const { shown } = await ask('no');
  expect(shown).toContain('shop to kind-dev (https://127.0.0.1:6443, kubeconfig)');
  expect(shown).toContain('  +  Sync 0      ConfigMap/a');
  expect(shown).toContain('Sync shop to kind-dev (2 created)? [y/N] ');
});

test.each(['y', 'Y', 'yes', 'YES', ' yes '])('%j is a yes', async (answer) => {
  expect((await ask(answer)).yes).toBe(true);
});

test.each(['', 'n', 'no', 'yep', 'yesterday', 'okay', 'kind-dev'])('%j is a no', async (answer) => {
  expect((await ask(answer)).yes).toBe(false);
});

test('where the name is asked for, nothing else is a yes', async () => {
  expect((await ask('kind-dev', true)).yes).toBe(true);
  for (const answer of ['y', 'yes', '', 'kind', 'KIND-DEV']) expect((await ask(answer, true)).yes).toBe(false);
});

test('a deletion wants the name of the application, and in a protected context that of the context', async () => {
  const deletion = { ...PREFLIGHT, deletes: true } as const;
  const answered = async (answer: string, isProtected = false, preflight: Preflight = deletion) =>
    ask(answer, isProtected, new Stop(), preflight);
  const { yes, shown } = await answered('shop');
  expect(yes).toBe(true);
  expect(shown).toContain('Delete what shop has in kind-dev (2 created)? Type shop to agree: ');
  for (const answer of ['y', 'yes', '', 'kind-dev', 'Shop']) expect((await answered(answer)).yes).toBe(false);
  expect((await answered('shop', true)).yes).toBe(false);
  expect((await answered('kind-dev', true)).yes).toBe(true);
  // In the simulation nothing can be lost.
  const simulated = { ...deletion, cluster: { ...deletion.cluster, kind: 'simulation' } } as const;
  expect((await answered('y', false, simulated)).yes).toBe(true);
});

test('the end of the input is a no', async () => {
  expect((await ask(undefined)).yes).toBe(false);
  expect((await ask(undefined, true)).yes).toBe(false);
});

test('an interruption while it is asked is a no', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const interrupt = new Stop();
  const terminal = { input, output, color: false, interrupted: () => undefined };
  const asked = askOnTerminal(PREFLIGHT, terminal, interrupt, false);
  interrupt.stop();
  expect(await asked).toBe(false);
});

test('nothing is drawn over the confirmation, however long the answer takes', async () => {
  const drawn: string[] = [];
  const output = { message: () => undefined, color: false, live: true, columns: 140, rows: 40 };
  const view = new LiveView({ ...output, data: (part) => void drawn.push(part) }, () => Date.now());
  const time = '2026-11-26T03:00:00.000Z';
  expect(view.show({ type: 'preflight', time, preflight: PREFLIGHT })).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(drawn).toEqual([]);
  view.show({ type: 'operation', time, phase: 'Running', message: '' });
  view.close();
  expect(drawn.join('')).toContain('Job/b');
});

const CHOICES: OperationChoices = {
  ...{ prune: false, pruneLast: false, dryRun: false, force: false, replace: false, serverSide: true },
  ...{ forceConflicts: false, applyOutOfSyncOnly: false, createNamespace: false, retry: 0 },
};

test.each([
  [['y'], { ...CHOICES, forceConflicts: true }],
  [['n', 'y'], true],
  [['', 'n'], false],
])('where others own fields it asks first whether they are taken over: %j', async (answers, expected) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const rest = [...answers];
  let shown = '';
  output.setEncoding('utf8').on('data', (part: string) => {
    shown += part;
    if (part.includes('[y/N]')) input.write(`${rest.shift() ?? ''}\n`);
  });
  const preflight: Preflight = {
    ...PREFLIGHT,
    conflicts: true,
    choices: { chosen: CHOICES, selectable: [], further: [] },
  };
  const terminal = { input, output, color: false, interrupted: () => undefined };
  expect(await askOnTerminal(preflight, terminal, new Stop(), false)).toEqual(expected);
  expect(shown).toContain('Take the fields over that others own');
  expect(rest).toEqual([]);
});
