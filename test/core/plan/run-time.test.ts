import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { JsonObject } from '../../../server/src/core/object.ts';
import { backOffSeconds, endlessLoopIn, runTimeOf } from '../../../server/src/core/plan/run-time.ts';

describe('the waiting between attempts', () => {
  test.each([
    [0, 'Never', 0],
    [1, 'Never', 10],
    [3, 'Never', 10 + 20 + 40],
    [6, 'Never', 630],
    [7, 'Never', 630 + 360],
    [6, 'OnFailure', 310 + 300],
    [100, 'OnFailure', 310 + 95 * 300],
  ] as const)('%i retries with %s take %i seconds', (retries, policy, seconds) => {
    expect(backOffSeconds(retries, policy)).toBe(seconds);
  });

  it('grows with each retry by ten seconds to six minutes, and is known at once for any number', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), fc.constantFrom('Never', 'OnFailure'), (retries, policy) => {
        const more = backOffSeconds(retries + 1, policy) - backOffSeconds(retries, policy);
        expect(more).toBeGreaterThanOrEqual(10);
        expect(more).toBeLessThanOrEqual(360);
      }),
    );
  });
});

const job = (spec: JsonObject, pod: JsonObject): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  spec: { ...spec, template: { spec: { containers: [], ...pod } } },
});
const pod = (spec: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [], ...spec } });

describe('what bounds the time of', () => {
  test.each<[string, JsonObject, JsonObject | undefined]>([
    ['a Job by default', job({}, {}), { kind: 'retried', attempts: 7, backOffSeconds: 630, byDefault: true }],
    [
      'a Job without retries',
      job({ backoffLimit: 0 }, {}),
      { kind: 'retried', attempts: 1, backOffSeconds: 0, byDefault: false },
    ],
    ['a Job with retries from a template', job({ backoffLimit: '{{ .x }}' }, {}), { kind: 'retried-as-told' }],
    ['a Job with a deadline', job({ activeDeadlineSeconds: 5 }, {}), { kind: 'bounded' }],
    [
      'a Job with a deadline that is null',
      job({ activeDeadlineSeconds: null, backoffLimit: 0 }, {}),
      { kind: 'retried', attempts: 1, backOffSeconds: 0, byDefault: false },
    ],
    ['a Job whose pods have one', job({}, { activeDeadlineSeconds: 5 }), { kind: 'bounded' }],
    ['a Job of another group', { ...job({}, {}), apiVersion: 'example.com/v1' }, undefined],
    ['a Job without a pod', { apiVersion: 'batch/v1', kind: 'Job', spec: {} }, undefined],
    ['a Pod by default', pod({}), { kind: 'kept-running' }],
    ['a Pod with a deadline', pod({ activeDeadlineSeconds: 5 }), { kind: 'bounded' }],
    ['a Pod with restartPolicy OnFailure', pod({ restartPolicy: 'OnFailure' }), { kind: 'restarted-for-ever' }],
    ['a Pod with a policy from a template', pod({ restartPolicy: '{{ .x }}' }), { kind: 'bounded' }],
    ['a Deployment', { ...job({}, {}), apiVersion: 'apps/v1', kind: 'Deployment' }, undefined],
  ])('%s', (_name, object, time) => {
    expect(runTimeOf(object)).toEqual(time);
  });
});

describe('an endless loop', () => {
  const of = (...scripts: readonly string[]) =>
    endlessLoopIn(
      pod({ containers: scripts.map((script, i) => ({ name: `c${i}`, command: ['sh', '-c'], args: [script] })) }),
      (text) => text.includes('{{'),
    );

  it('is found in any container, and in an init container', () => {
    expect(of('run', 'until nc -z db 1\ndo\n  sleep 1\ndone')).toEqual({ container: 'c1', word: 'until' });
    const initial = pod({ initContainers: [{ command: ['sh', '-c', 'while ! true; do sleep 1; done'] }] });
    expect(endlessLoopIn(initial, () => false)).toEqual({ container: '', word: 'while' });
  });

  it('is looked for in one walk, however long the script is', () => {
    expect(of('while x; do sleep 1; '.repeat(100_000))).toBeUndefined();
    expect(of(`${'while x; do sleep 1; '.repeat(100_000)}done`)).toEqual({ container: 'c0', word: 'while' });
  });

  it.each([
    'sleep 1000',
    'while read -r line; do echo $line; done',
    'n=0; while ! true; do n=$((n+1)); [ $n -ge 9 ] && exit 1; sleep 1; done',
    'while ! true; do sleep 1; break; done',
    'until curl --max-time 5 x; do sleep 1; done',
    'until {{ .x }}; do sleep 1; done',
  ])('is not seen in %s', (script) => {
    expect(of(script)).toBeUndefined();
  });
});
