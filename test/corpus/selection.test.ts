import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedBatch, RecordedOp, RecordedPass, RecordedResult, RecordedTask } from './case.ts';
import { readCases, runCorpus } from './program.ts';
import { replay } from './replay.ts';

const FOLDER = join(import.meta.dirname, 'selection');
const files = readdirSync(FOLDER).sort();
const cases = files.flatMap((file) => readCases(join(FOLDER, file)));

describe.each(files)('recorded passes in %s', (file) => {
  it.each(readCases(join(FOLDER, file)))('$id', (recorded) => {
    expect(replay(recorded)).toEqual([]);
  });
});

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type AnyOp = Writable<RecordedOp>;
type AnyBatch = Omit<Writable<RecordedBatch>, 'ops' | 'tasks'> & { ops?: AnyOp[]; tasks?: number[] };

/** A pass of a copy, which may be changed. */
type AnyPass = Omit<Writable<RecordedPass>, 'tasks' | 'batches' | 'results' | 'operation'> & {
  tasks?: Writable<RecordedTask>[];
  batches?: AnyBatch[];
  results?: Writable<RecordedResult>[];
  operation: Writable<RecordedPass['operation']>;
};

/** Changes the first place of the selection that `change` finds in a pass, and tells how many differences that makes. */
function differencesAfter(change: (pass: AnyPass) => boolean): number {
  for (const recorded of cases) {
    const copy = structuredClone(recorded);
    const passes = copy.passes as unknown as AnyPass[];
    if (passes.some(change)) return replay(copy).length;
  }
  throw new Error('the selection holds no such place');
}

const batchesOf = (pass: AnyPass): AnyBatch[] => pass.batches ?? [];
const opOf = (pass: AnyPass, wanted: (op: AnyOp) => boolean): AnyOp | undefined =>
  batchesOf(pass)
    .flatMap((batch) => batch.ops ?? [])
    .find(wanted);
const resultOf = (pass: AnyPass): Writable<RecordedResult> | undefined => pass.results?.[0];

function changed<T>(value: T | undefined, change: (value: T) => void): boolean {
  if (value === undefined) return false;
  change(value);
  return true;
}

/** Swaps the first two neighbors of a list for which that makes a difference. */
function swapped<T>(list: T[] | undefined, differ: (a: T, b: T) => boolean): boolean {
  const at = (list ?? []).findIndex((item, i) => {
    const next = list?.[i + 1];
    return next !== undefined && differ(item, next);
  });
  if (!list || at < 0) return false;
  list.splice(at, 2, ...list.slice(at, at + 2).reverse());
  return true;
}

describe('a replay finds', () => {
  it.each<[string, (pass: AnyPass) => boolean]>([
    [
      'another phase of the operation',
      (pass) => changed(pass.operation, (operation) => (operation.phase = 'Terminating')),
    ],
    ['another message of it', (pass) => changed(pass.operation, (operation) => (operation.message += '!'))],
    ['another validity', (pass) => changed(pass, (own) => (own.valid = !own.valid))],
    ['another wave of a task', (pass) => changed(pass.tasks?.[0], (task) => (task.wave += 1))],
    ['another order of tasks', (pass) => swapped(pass.tasks, (a, b) => taskText(a) !== taskText(b))],
    ['a task too few', (pass) => (pass.tasks ?? []).length > 1 && pass.tasks?.pop() !== undefined],
    ['another state of a task', (pass) => changed(pass.tasks?.[0], (task) => (task.state = 'Error'))],
    ['another status of a result', (pass) => changed(resultOf(pass), (result) => (result.status = 'Pruned'))],
    ['another phase of a result', (pass) => changed(resultOf(pass), (result) => (result.hookPhase = 'Error'))],
    ['another type of a result', (pass) => changed(resultOf(pass), (result) => (result.hookType = 'Skip'))],
    ['another message of a result', (pass) => changed(resultOf(pass), (result) => (result.message = 'other'))],
    ['another version of a result', (pass) => changed(resultOf(pass), (result) => (result.version = 'v9'))],
    ['other images of a result', (pass) => changed(resultOf(pass), (result) => (result.images = ['other']))],
    ['a result too few', (pass) => pass.results?.pop() !== undefined],
    [
      'another key of a request',
      (pass) =>
        changed(
          opOf(pass, () => true),
          (op) => (op.key += 'x'),
        ),
    ],
    [
      'another verb',
      (pass) =>
        changed(
          opOf(pass, ({ verb }) => verb === 'apply'),
          (op) => (op.verb = 'create'),
        ),
    ],
    [
      'another validation',
      (pass) =>
        changed(
          opOf(pass, ({ validate }) => validate === true),
          (op) => (op.validate = false),
        ),
    ],
    [
      'a missing force',
      (pass) =>
        changed(
          opOf(pass, ({ force }) => force === true),
          (op) => delete op.force,
        ),
    ],
    [
      'a missing server side',
      (pass) =>
        changed(
          opOf(pass, ({ serverSide }) => serverSide === true),
          (op) => delete op.serverSide,
        ),
    ],
    [
      'another manager',
      (pass) =>
        changed(
          opOf(pass, ({ manager }) => manager !== undefined),
          (op) => (op.manager = 'me'),
        ),
    ],
    [
      'another propagation',
      (pass) =>
        changed(
          opOf(pass, ({ propagation }) => propagation !== undefined),
          (op) => (op.propagation = 'Other'),
        ),
    ],
    [
      'an object sent otherwise',
      (pass) =>
        changed(
          opOf(pass, ({ sent }) => sent?.finalizers !== undefined),
          (op) => delete op.sent,
        ),
    ],
    [
      'an object sent with more',
      (pass) =>
        changed(
          opOf(pass, ({ verb, sent }) => verb === 'apply' && !sent),
          (op) => (op.sent = { name: 'other' }),
        ),
    ],
    [
      'another patch',
      (pass) =>
        changed(
          opOf(pass, ({ patch }) => patch !== undefined),
          (op) => (op.patch = []),
        ),
    ],
    [
      'another order of batches',
      (pass) => swapped(pass.batches, (a, b) => a.stage === 'create' && b.stage === 'create' && a.dryRun === b.dryRun),
    ],
    [
      'another order of serial requests',
      (pass) =>
        swapped(
          batchesOf(pass).find(({ stage, ops }) => stage === 'serial' && (ops ?? []).length > 1)?.ops,
          (a, b) => a.key !== b.key,
        ),
    ],
    [
      'another group',
      (pass) =>
        changed(
          batchesOf(pass).find(({ tasks }) => (tasks ?? []).length > 1),
          (batch) => batch.tasks?.pop(),
        ),
    ],
    [
      'another end of a group',
      (pass) =>
        changed(
          batchesOf(pass).find(({ stage }) => stage === 'waveHook'),
          (batch) => (batch.final = !batch.final),
        ),
    ],
    [
      'a dry run that is none',
      (pass) =>
        changed(
          batchesOf(pass).find(({ dryRun }) => dryRun === true),
          (batch) => delete batch.dryRun,
        ),
    ],
  ])('%s', (_title, change) => {
    expect(differencesAfter(change)).toBeGreaterThan(0);
  });

  const taskText = (task: RecordedTask): string => JSON.stringify(task);
});

describe('a replay does not mind', () => {
  it('the order of requests in a parallel batch', () => {
    const parallel = ({ stage, ops }: AnyBatch): boolean =>
      stage !== 'serial' && new Set((ops ?? []).map(({ key }) => key)).size > 1;
    const reverse = (pass: AnyPass): boolean =>
      changed(batchesOf(pass).find(parallel), (batch) => batch.ops?.reverse());
    expect(differencesAfter(reverse)).toBe(0);
  });
});

describe('the program', () => {
  const run = (...args: readonly string[]) => {
    const lines: string[] = [];
    const errors: string[] = [];
    const code = runCorpus(args, { out: (line) => lines.push(line), err: (line) => errors.push(line) });
    return { code, lines, errors };
  };

  it('tells how many cases passed', () => {
    expect(run(...files.map((file) => join(FOLDER, file)))).toEqual({
      code: 0,
      lines: [`${cases.length} passed, 0 failed`],
      errors: [],
    });
  });

  it.each([
    [[], /^usage: /],
    [['--all'], /^unknown option --all; usage: /],
    [['missing.jsonl'], /^cannot read missing\.jsonl: /],
    [[import.meta.filename], /selection\.test\.ts:1 is no JSON: /],
  ])('answers %j with one line and 2', (args, line) => {
    const { code, lines, errors } = run(...args);
    expect({ code, lines, errors: errors.length }).toEqual({ code: 2, lines: [], errors: 1 });
    expect(errors[0]).toMatch(line);
  });

  it('knows every theme of the corpus', () => {
    const themes = ['crd-ns', 'failures', 'hooks', 'mixed', 'odd', 'options', 'prune', 'terminate', 'waves'];
    expect([...new Set(cases.map(({ theme }) => theme))].sort()).toEqual(themes);
    expect(themes.every((theme) => existsSync(join(FOLDER, `${theme}.jsonl`)))).toBe(true);
  });
});
