import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeJson } from '#core/json';
import type { KubeObject } from '#core/object';
import type { Pass, PassOutcome, Response, Step } from '#core/sync/model';
import { deniedTexts } from '../../../client/src/sync/access.ts';
import { diffLines } from '../../../client/src/sync/diff.ts';
import { CONCURRENCY, drive } from '../../../client/src/sync/drive.ts';
import { durationText } from '../../../client/src/sync/duration.ts';
import { parseDuration } from '#core/duration';
import { equal } from '../../../client/src/sync/json.ts';
import { Stopwatch } from '../../../client/src/sync/measure.ts';
import { Redactor } from '../../../client/src/sync/redact.ts';
import { isSelfReferenced, trackingId, trackingOf, withTracking } from '../../../client/src/sync/tracking.ts';
import { waveDelay } from '../../../client/src/sync/wave-delay.ts';

const object = (kind: string, apiVersion = 'v1', more: KubeObject = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'a', namespace: 'shop' },
  ...more,
});

describe('driving a pass', () => {
  const OUTCOME: PassOutcome = { valid: true, tasks: [], operation: { phase: 'Succeeded', message: '' }, results: [] };

  function* pass(stage: 'create' | 'serial', count: number, told: (readonly Response[])[]): Pass {
    const actions = Array.from({ length: count }, (_, i) => ({
      verb: 'apply' as const,
      key: String(i),
      object: object('ConfigMap'),
    }));
    told.push(yield { stage, dryRun: false, batch: 0, actions });
    return OUTCOME;
  }

  async function most(
    stage: 'create' | 'serial',
    count: number,
  ): Promise<{ most: number; keys: (string | undefined)[] }> {
    let under = 0;
    let peak = 0;
    const told: (readonly Response[])[] = [];
    await drive(pass(stage, count, told), {
      perform: async ({ key }) => {
        peak = Math.max(peak, ++under);
        await new Promise((resolve) => setTimeout(resolve, Number(key) % 3));
        under--;
        return { message: key };
      },
    });
    return { most: peak, keys: told[0]?.map(({ message }) => message) ?? [] };
  }

  test('a batch goes out in parallel, but not all of it at once, and is answered in its order', async () => {
    const { most: peak, keys } = await most('create', 50);
    expect(peak).toBe(CONCURRENCY);
    expect(keys).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
  });

  test('serial requests go out one after the other', async () => {
    expect((await most('serial', 5)).most).toBe(1);
  });

  test('where a group starts and ends is told, and answered with nothing', async () => {
    const steps: string[] = [];
    const answers: (readonly Response[])[] = [];
    function* groups(): Generator<Step, PassOutcome, readonly Response[]> {
      answers.push(yield { stage: 'run', dryRun: false, tasks: [0] });
      answers.push(yield { stage: 'waveHook', phase: 'Sync', wave: 0, final: false });
      return OUTCOME;
    }
    await drive(groups(), {
      perform: async () => ({}),
      started: () => void steps.push('run'),
      waveDone: async ({ wave }) => void steps.push(`done ${wave}`),
    });
    expect(steps).toEqual(['run', 'done 0']);
    expect(answers).toEqual([[], []]);
  });
});

describe('differences', () => {
  test('are told value by value, entries of lists by their names', () => {
    const before = object('Deployment', 'apps/v1', {
      spec: {
        replicas: 1,
        containers: [
          { name: 'web', image: 'a:1' },
          { name: 'side', image: 's:1' },
        ],
      },
    });
    const after = object('Deployment', 'apps/v1', {
      spec: {
        containers: [
          { name: 'side', image: 's:1' },
          { name: 'web', image: 'a:2', tty: true },
        ],
      },
    });
    expect(diffLines(before, after)).toEqual([
      '- spec.replicas: 1',
      '- spec.containers[web].image: "a:1"',
      '+ spec.containers[web].image: "a:2"',
      '+ spec.containers[web].tty: true',
    ]);
  });

  test('leave out what the server adds, and the status', () => {
    const live: KubeObject = {
      ...object('ConfigMap'),
      metadata: {
        name: 'a',
        namespace: 'shop',
        uid: 'u',
        resourceVersion: '1',
        generation: 2,
        managedFields: [],
        creationTimestamp: 'now',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
      status: { ready: true },
    };
    expect(diffLines(live, object('ConfigMap'))).toEqual([]);
  });

  test('hide every value of a Secret, however deep, and of nothing else', () => {
    const secret = (password: string): KubeObject => object('Secret', 'v1', { data: { password } });
    expect(diffLines(secret('b25l'), secret('dHdv'))).toEqual([
      '- data.password: (secret)',
      '+ data.password: (secret)',
    ]);
    expect(diffLines(object('Secret'), secret('dHdv'))).toEqual(['+ data.password: (secret)']);
    expect(diffLines(object('ConfigMap'), object('ConfigMap', 'v1', { data: { a: 'b' } }))).toEqual(['+ data.a: "b"']);
  });
});

describe('hiding values of Secrets', () => {
  test('finds them plain and encoded, line by line', () => {
    const redactor = new Redactor();
    redactor.learn(object('Secret', 'v1', { data: { key: Buffer.from('-----BEGIN\nabcdefgh\n').toString('base64') } }));
    redactor.learn(object('ConfigMap', 'v1', { data: { key: 'not-a-secret' } }));
    expect(redactor.hide('log: abcdefgh, not-a-secret')).toBe('log: (secret), not-a-secret');
  });

  test('leaves short values alone, which are words', () => {
    const redactor = new Redactor();
    redactor.learn(object('Secret', 'v1', { stringData: { enabled: 'true', name: 'admin' } }));
    expect(redactor.hide('admin says true')).toBe('admin says true');
  });

  test('decodes base64 as Node does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 6 }), (text) => {
        fc.pre(text.trim() === text && !text.includes('\n'));
        const redactor = new Redactor();
        redactor.learn(object('Secret', 'v1', { data: { v: Buffer.from(text).toString('base64') } }));
        expect(redactor.hide(`<${text}>`)).toBe('<(secret)>');
      }),
    );
  });
});

test('durations are read as Go writes them', () => {
  expect(['500ms', '15s', '1m30s', '2h', '1.5s', '0s'].map(parseDuration)).toEqual([
    500, 15_000, 90_000, 7_200_000, 1500, 0,
  ]);
  expect(['', '5', 's', '5 s', '-5s', '5sec', '1s1'].map(parseDuration)).toEqual(Array(7).fill(undefined));
  expect([400, 12_000, 125_000, 3_780_000].map(durationText)).toEqual(['0.4 s', '12 s', '2 min 5 s', '1 h 3 min']);
});

test('JSON keeps every digit', () => {
  const value = { a: 12345678901234567890n, b: [1.5, null, 'x'], c: {} };
  expect(writeJson(value)).toBe('{"a":12345678901234567890,"b":[1.5,null,"x"],"c":{}}');
  expect(writeJson(value, 2).split('\n')[1]).toBe('  "a": 12345678901234567890,');
  expect(equal(value, { c: {}, b: [1.5, null, 'x'], a: 12345678901234567890n })).toBe(true);
  expect(equal({ a: undefined as never }, {})).toBe(false);
});

describe('the tracking annotation', () => {
  test('is as Argo CD writes it', () => {
    expect(trackingId('shop', object('Deployment', 'apps/v1'), 'dest')).toBe('shop:apps/Deployment:shop/a');
    const role: KubeObject = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'r' },
    };
    expect(trackingId('shop', role, 'dest')).toBe('shop:rbac.authorization.k8s.io/ClusterRole:dest/r');
  });

  test('is read again, and names the object that carries it', () => {
    const tracked = withTracking(object('ConfigMap'), 'shop', 'dest');
    expect(trackingOf(tracked)).toEqual({
      application: 'shop',
      group: '',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'a',
    });
    expect(isSelfReferenced(tracked)).toBe(true);
    expect(isSelfReferenced({ ...tracked, kind: 'Secret' })).toBe(false);
    expect(trackingOf(object('ConfigMap'))).toBeUndefined();
  });

  test('is not written to definitions of kinds', () => {
    const crd = object('CustomResourceDefinition', 'apiextensions.k8s.io/v1');
    expect(withTracking(crd, 'shop', 'dest')).toBe(crd);
  });
});

test('the pause between waves is kept only where health may be of an older state', () => {
  const healthy = () => ({ status: 'Healthy', message: '' }) as const;
  const delay = (...objects: KubeObject[]): number => waveDelay(objects, healthy);
  expect(delay(object('Deployment', 'apps/v1'), object('Job', 'batch/v1'), object('Pod'))).toBe(0);
  expect(delay(object('Service'))).toBe(0);
  expect(delay(object('Service', 'v1', { spec: { type: 'LoadBalancer' } }))).toBe(2000);
  expect(delay(object('Deployment', 'apps/v1'), object('Certificate', 'cert-manager.io/v1'))).toBe(2000);
  expect(waveDelay([object('ServiceMonitor', 'monitoring.coreos.com/v1')], () => null)).toBe(0);
});

test('the critical path is the slowest task of each wave', () => {
  const watch = new Stopwatch();
  watch.start('a', 'Sync 0', 0);
  watch.start('b', 'Sync 0', 100);
  watch.start('c', 'Sync 1', 3000);
  watch.stop('a', 'Sync 0', 1000);
  watch.stop('b', 'Sync 0', 3000);
  watch.stop('b', 'Sync 0', 9000);
  watch.start('c', 'Sync 1', 5000);
  watch.stop('c', 'Sync 1', 3500);
  watch.start('never', 'Sync 1', 3000);
  expect(watch.measures()).toEqual({ criticalPath: { seconds: 3.4, tasks: ['b', 'c'] } });
  watch.nextAttempt();
  watch.start('b', 'Sync 0', 10_000);
  watch.stop('b', 'Sync 0', 11_000);
  expect(watch.measures().criticalPath).toEqual({ seconds: 4.4, tasks: ['b', 'c', 'b'] });
});

test('missing permissions are told in one sentence a resource', () => {
  const denied = (['create', 'patch'] as const).map((verb) => ({
    verb,
    group: 'batch',
    resource: 'jobs',
    namespace: 'shop',
  }));
  expect(deniedTexts(denied, 'alice')).toEqual([
    'alice may not create, patch jobs.batch in namespace shop. Ask for this rule of a Role in namespace shop: {apiGroups: [batch], resources: [jobs], verbs: [create, patch]}, or use another context.',
  ]);
});
