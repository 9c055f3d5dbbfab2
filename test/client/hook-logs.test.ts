import { expect, test } from 'vitest';
import { HookLogs, logLabel } from '../../client/src/vscode/sync/hook-logs.ts';

const SHOP = { folder: 'file:///w', path: 'apps/shop', name: 'shop' };
const OTHER = { ...SHOP, path: 'apps/other' };
const MIGRATE = 'batch/Job/shop/migrate';

const event = (task: string, line: string, container = 'main') =>
  ({ type: 'log', time: '2026-11-26T03:00:00Z', task, container, line }) as const;

test('each hook of an operation has a log of its own, whose name its tab shows', () => {
  const changed: string[] = [];
  const logs = new HookLogs((path) => changed.push(path));
  const operation = logs.begin(SHOP, 'kind-dev', 0);
  expect(operation.add(event(MIGRATE, 'one')).isFirst).toBe(true);
  operation.add(event('batch/Job/shop/seed', 'other'));
  expect(operation.add(event(MIGRATE, 'two')).isFirst).toBe(false);
  expect(changed).toEqual([
    '/1/batch/Job/shop/migrate (shop).log',
    '/1/batch/Job/shop/seed (shop).log',
    '/1/batch/Job/shop/migrate (shop).log',
  ]);
  expect(logs.textOf('/1/batch/Job/shop/migrate (shop).log')).toBe('── main ──\none\ntwo\n');
  expect(logs.all.map((log) => [logLabel(log), log.lines, log.place])).toEqual([
    ['Job migrate (shop)', 2, 'kind-dev'],
    ['Job seed (shop)', 1, 'kind-dev'],
  ]);
});

test('where other containers speak, or a further attempt does, that is told', () => {
  const logs = new HookLogs(() => undefined);
  const operation = logs.begin(SHOP, 'kind-dev', 0);
  operation.add(event(MIGRATE, 'a', 'init'));
  operation.add(event(MIGRATE, 'b', 'main'));
  operation.retries(1);
  const { log } = operation.add(event(MIGRATE, 'c', 'main'));
  expect(logs.textOf(log.path)).toBe('── init ──\na\n── main ──\nb\n── retry 1, main ──\nc\n');
});

test('what only a terminal understands is not in it', () => {
  const logs = new HookLogs(() => undefined);
  const { log } = logs
    .begin(SHOP, 'kind-dev', 0)
    .add(event(MIGRATE, '\u001b[1;31mred\u001b[0m\tand\u0007 \u001b]52;c;x', ''));
  expect(logs.textOf(log.path)).toBe('red\tand\uFFFD \uFFFD]52;c;x\n');
});

test('the newest operation of an application is found, and the last ten are kept', () => {
  const logs = new HookLogs(() => undefined);
  const first = logs.begin(SHOP, 'kind-dev', 0).add(event(MIGRATE, 'old')).log;
  logs.begin(OTHER, 'kind-dev', 0).add(event(MIGRATE, 'of another'));
  const last = logs.begin(SHOP, 'kind-dev', 0).add(event(MIGRATE, 'new')).log;
  expect(logs.find(SHOP, MIGRATE)?.path).toBe(last.path);
  expect(logs.find(SHOP, 'batch/Job/shop/seed')).toBeUndefined();
  for (let i = 0; i < 8; i++) logs.begin(OTHER, 'kind-dev', 0).add(event(MIGRATE, 'later'));
  expect([logs.textOf(first.path), logs.all.length]).toEqual([undefined, 10]);
  expect(logs.all.map(({ path }) => Number(path.split('/')[1]))).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
});

test('a log that has no end loses its beginning, at the end of a line, and says so', () => {
  const logs = new HookLogs(() => undefined);
  const operation = logs.begin(SHOP, 'kind-dev', 0);
  const line = 'x'.repeat(100_000);
  for (let i = 0; i < 30; i++) operation.add(event(MIGRATE, `${i} ${line}`, ''));
  const text = logs.textOf('/1/batch/Job/shop/migrate (shop).log') ?? '';
  expect(text.length).toBeLessThan(2_000_001);
  expect(text).toMatch(/^… earlier lines are not kept\n\d+ x/);
  expect(text.endsWith(`29 ${line}\n`)).toBe(true);
});
