// The example application on a real control plane, compared with what the real Argo CD v3.6.1 did with its like.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { annotationOf, generateNameOf, isObject, nameOf, type JsonObject, type KubeObject } from '#core/object';
import { expectedOf, objectsIn, prepare } from './live-case.ts';
import { expectSame } from './live-compare.ts';
import { runStep, type Outcome } from './live-run.ts';
import { get } from './plane.ts';

const FOLDER = path.join(import.meta.dirname, '../fixtures/guide/sync-hooks');
const MIGRATION_MS = 1200;
const live = expectedOf('guide');

/** The example's manifests, with what their pods do in this test laid over. */
function application(pods: Readonly<Record<string, JsonObject>>): KubeObject[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return files
    .flatMap((file) => objectsIn(path.join(FOLDER, file)))
    .map((object) => {
      const script = pods[nameOf(object) || generateNameOf(object)];
      const spec = object['spec'];
      if (script === undefined || !isObject(spec) || !isObject(spec['template'])) return object;
      const template = { ...spec['template'], metadata: { annotations: script } };
      return { ...object, spec: { ...spec, template } };
    });
}

const SCRIPTS: Readonly<Record<string, Readonly<Record<string, JsonObject>>>> = {
  v1: {
    'db-migration-job': {
      'test.argocd-hooks.dev/logs': 'migrating\ndone',
      'test.argocd-hooks.dev/after': `${MIGRATION_MS}ms`,
    },
  },
  v2: { 'db-migration-job': { 'test.argocd-hooks.dev/pod': 'fail', 'test.argocd-hooks.dev/logs': 'migrating\ndone' } },
  v3: { 'db-migration-job': { 'test.argocd-hooks.dev/logs': 'migrating\ndone' } },
};

beforeAll(() => prepare(live));

/** Runs a step of the recording and compares. */
async function step(index: number): Promise<Outcome> {
  const expected = live.steps[index];
  if (!expected) throw new Error(`the recording has no step ${index}`);
  const files = live.steps.slice(0, index + 1).findLast(({ step }) => step.files !== undefined)?.step.files ?? 'v1';
  const outcome = await runStep(live, expected, application(SCRIPTS[files] ?? {}));
  await expectSame(live, expected, outcome);
  return outcome;
}

test('goes from PreSync to Sync to PostSync, waits for the migration, and leaves what Argo CD leaves', async () => {
  const { writes, events } = await step(0);
  const at = (verb: string, name: string): number =>
    Date.parse(writes.find((write) => write.verb === verb && write.object.includes(name))?.at ?? '');
  expect(at('create', 'deployments/guide/nginx') - at('create', 'db-migration-job')).toBeGreaterThan(MIGRATION_MS);
  expect(at('create', 'app-slack-notification-')).toBeGreaterThan(at('create', 'deployments/guide/nginx'));
  const web = await get(`/apis/apps/v1/namespaces/guide/deployments/nginx`);
  expect(annotationOf(web, 'argocd.argoproj.io/tracking-id')).toBe('guide:apps/Deployment:guide/nginx');
  const messages = events.flatMap((event) => (event.type === 'operation' ? [event.message] : []));
  expect(messages).toContain('waiting for completion of hook batch/Job/db-migration-job');
  const lines = events.flatMap((event) =>
    event.type === 'log' && event.task.endsWith('/db-migration-job') ? [event.line] : [],
  );
  expect(lines).toEqual(['migrating', 'done']);
});

test('a second sync changes nothing but the hooks', async () => {
  await step(1);
});

test('a failing migration stops it before the Deployment', async () => {
  const { writes } = await step(2);
  expect(writes.filter((write) => write.object.startsWith('apps/deployments/'))).toEqual([]);
});

test('the failed migration stands in the way of the next sync', async () => {
  await step(3);
});

test('and of its own repair', async () => {
  await step(4);
});
