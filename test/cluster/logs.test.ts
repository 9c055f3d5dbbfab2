import { beforeAll, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '#core/object';
import type { PodLogLine } from '../../client/src/sync/cluster.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { FaultProxy } from './fault-proxy.ts';
import { freshNamespace, open, openThrough, pause, post, running, until } from './plane.ts';

let ns: string;
beforeAll(async () => {
  ns = await freshNamespace('logs');
});
const job = (name: string, annotations: JsonObject, pod: JsonObject = {}): Promise<KubeObject> =>
  post(`/apis/batch/v1/namespaces/${ns}/jobs`, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { annotations },
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.37' }], ...pod },
      },
    },
  });
const collect = () => {
  const lines: PodLogLine[] = [];
  return { lines, onLine: (line: PodLogLine) => void lines.push(line) };
};

test('follows every container of a Job’s pod from its start to its end', async () => {
  const hook = await job(
    'two',
    { 'test.argocd-hooks.dev/logs': 'migrating\nstill migrating\ndone', 'test.argocd-hooks.dev/after': '600ms' },
    {
      containers: [
        { name: 'main', image: 'busybox:1.37' },
        { name: 'side', image: 'busybox:1.37' },
      ],
    },
  );
  const { lines, onLine } = collect();
  await (await open()).logs(hook, onLine, running);
  for (const container of ['main', 'side']) {
    expect(lines.filter((line) => line.container === container).map((line) => line.line)).toEqual([
      'migrating',
      'still migrating',
      'done',
    ]);
  }
  expect(lines[0]?.pod).toMatch(/^two-/);
});

test('of a failing Job are read to their end', async () => {
  const hook = await job('bad', { 'test.argocd-hooks.dev/pod': 'fail', 'test.argocd-hooks.dev/logs': 'one\nboom' });
  const { lines, onLine } = collect();
  await (await open()).logs(hook, onLine, running);
  expect(lines.map((line) => line.line)).toEqual(['one', 'boom']);
});

test('of a Job that is finished already are read, too', async () => {
  const hook = await job('past', { 'test.argocd-hooks.dev/logs': 'old' });
  await pause(2500);
  const { lines, onLine } = collect();
  await (await open()).logs(hook, onLine, running);
  expect(lines.map((line) => line.line)).toEqual(['old']);
});

test('of a pod itself', async () => {
  const pod = await post(`/api/v1/namespaces/${ns}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'alone', annotations: { 'test.argocd-hooks.dev/logs': 'hello' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.37' }] },
  });
  const { lines, onLine } = collect();
  await (await open()).logs(pod, onLine, running);
  expect(lines).toEqual([{ pod: 'alone', container: 'main', line: 'hello' }]);
});

test('go on after the connection is cut, no line twice', async () => {
  const proxy = new FaultProxy();
  try {
    const all = Array.from({ length: 12 }, (_, i) => `line ${i}`);
    const hook = await job('cut', {
      'test.argocd-hooks.dev/logs': all.join('\n'),
      'test.argocd-hooks.dev/after': '2400ms',
    });
    const { lines, onLine } = collect();
    const reading = (await openThrough(await proxy.start())).logs(hook, onLine, running);
    await until('some lines', () => lines.length >= 4);
    proxy.cut();
    await reading;
    expect(lines.map((line) => line.line)).toEqual(all);
  } finally {
    proxy.stop();
  }
});

test('end at once when they are stopped, and when the hook is gone', async () => {
  const hanging = await job('hanging', { 'test.argocd-hooks.dev/pod': 'hang' });
  const stop = new Stop();
  const { lines, onLine } = collect();
  const reading = (await open()).logs(hanging, onLine, stop);
  await until('its first line', () => lines.length > 0);
  stop.stop();
  await reading;
  const gone = { ...hanging, metadata: { name: 'never', namespace: ns, uid: 'x' } };
  await (await open()).logs(gone, onLine, running);
});

test('of a Deployment as a hook are followed until they are stopped', async () => {
  const labels = { app: 'web-hook' };
  const hook = await post(`/apis/apps/v1/namespaces/${ns}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'test.argocd-hooks.dev/logs': 'serving' } },
        spec: { containers: [{ name: 'main', image: 'nginx:1.29' }] },
      },
    },
  });
  const stop = new Stop();
  const { lines, onLine } = collect();
  const reading = (await open()).logs(hook, onLine, stop);
  await until('its line', () => lines.some((line) => line.line === 'serving'));
  stop.stop();
  await reading;
});

test('of a kind without pods of its own end at once', async () => {
  const { lines, onLine } = collect();
  await (
    await open()
  ).logs({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: ns } }, onLine, running);
  expect(lines).toEqual([]);
});
