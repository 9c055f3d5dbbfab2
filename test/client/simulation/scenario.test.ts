import { loadAll } from 'js-yaml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '#core/object';
import { readScenario, SCENARIO_FORMAT, ScenarioError } from '../../../client/src/simulation/scenario-file.ts';
import { DEFAULT_SCENARIO, ruleFor, ruleMatches } from '../../../client/src/simulation/scenario.ts';
import { plainScript } from '../../../client/src/simulation/script.ts';

const read = (text: string) => readScenario((loadAll(text)[0] ?? null) as Json);

describe('a scenario file', () => {
  test('the format that the help shows can be read', () => {
    const scenario = read(SCENARIO_FORMAT);
    expect(scenario).toMatchObject({ run: 2000, ready: 1000, loadBalancer: 3000, storage: 'WaitForFirstConsumer' });
    expect(scenario.kinds?.map(({ plural, namespaced }) => [plural, namespaced])).toEqual([
      ['servicemonitors', true],
      ['sites', false],
    ]);
    expect(scenario.objects).toEqual([
      { name: 'db-migration', outcome: 'fail', after: 15_000, failTimes: 1, exitCode: 3, logs: ['migrating'] },
    ]);
  });

  test('what it leaves out is as without it', () => {
    expect(read('')).toEqual(DEFAULT_SCENARIO);
    expect(read('loadBalancer: never').loadBalancer).toBeNull();
  });

  test.each([
    ['run: 5', 'run is no duration: write it as 500ms, 15s, 1m30s or 2h'],
    ['rum: 5s', /^the scenario has an unknown field rum: known are run, /],
    ['objects: [{outcome: fail}]', 'objects[0] has no name'],
    [
      'objects: [{name: a, outcome: faill}]',
      'objects[0].outcome is none of succeed, fail, hang, pending, image-pull-error, crash-loop, refused',
    ],
    ['objects: [{name: a, untill: 5s}]', /^objects\[0\] has an unknown field untill/],
    ['kinds: [Site]', 'kinds[0] is no kind: write it as group/version/Kind'],
    ['[]', 'the scenario is no mapping'],
  ])('%s is refused with its place', (text, message) => {
    expect(() => read(text)).toThrow(ScenarioError);
    expect(() => read(text)).toThrow(message);
  });
});

describe('a rule', () => {
  const named = { kind: 'Job', name: 'app-notify-1a2b3c4-postsync-1', generateName: 'app-notify-' };

  test('means an object by its name, kind, prefix or a pattern', () => {
    for (const rule of ['app-notify', 'app-notify-', 'Job/app-notify', 'app-*', '*', '*/app-notify', named.name])
      expect([rule, ruleMatches(rule, named)]).toEqual([rule, true]);
    for (const rule of ['app', 'notify', 'Pod/app-notify', 'app-*-x', 'App-notify'])
      expect([rule, ruleMatches(rule, named)]).toEqual([rule, false]);
  });

  test('of several the last one counts, for each thing that is said', () => {
    const objects = [
      { name: '*', outcome: 'hang', after: 5 },
      { name: 'Job/*', outcome: 'fail' },
    ] as const;
    expect(ruleFor({ ...DEFAULT_SCENARIO, objects }, [named])).toEqual({ outcome: 'fail', after: 5 });
  });

  test('patterns mean what a regular expression means', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, letters, (rule, name) => {
        fc.pre(name !== '');
        const wanted = new RegExp(`^${rule.replaceAll('*', '.*')}$`).test(name);
        expect(ruleMatches(rule, { kind: 'Job', name, generateName: '' })).toBe(wanted);
      }),
    );
  });
});

describe('what a command plainly does', () => {
  const sh = (script: string) => plainScript({ command: ['sh', '-c', script] });

  test('sleeping, echoing and ending are read', () => {
    expect(plainScript({ command: ['sleep', '15'] }).sleeps).toBe(15_000);
    expect(plainScript({ command: ['/bin/sh', '-ec'], args: ['sleep 1m'] }).sleeps).toBe(60_000);
    expect(sh('echo migrating; sleep 15; echo "all done"')).toEqual({
      sleeps: 15_000,
      lines: [
        { after: 0, line: 'migrating' },
        { after: 15_000, line: 'all done' },
      ],
      exitCode: undefined,
    });
    expect(sh('set -e\nsleep 1.5 && exit 3')).toMatchObject({ sleeps: 1500, exitCode: 3 });
    expect(sh('false').exitCode).toBe(1);
    expect(sh('exit 0').exitCode).toBeUndefined();
  });

  test.each([
    'sleep $N',
    './migrate && sleep 5',
    'sleep 5 &',
    'echo $(date); sleep 5',
    'for i in 1 2; do sleep 5; done',
    'echo a > b; sleep 1',
    'false; sleep 1',
    'sleep infinity',
    'echo "a; sleep 9"',
  ])('of %s nothing is said', (script) => {
    expect(sh(script)).toEqual({ sleeps: undefined, lines: [], exitCode: undefined });
  });

  test('nor of a program that nobody knows', () => {
    expect(plainScript({ command: ['python', '-c', 'sleep 5'] }).sleeps).toBeUndefined();
    expect(plainScript({}).sleeps).toBeUndefined();
  });
});
