// Argo CD's own Applications in the cluster: their operations are named, terminated, asked for and followed; and the
// destination namespace that is not there. The terminal client runs as a process of its own.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { at } from '#core/fields';
import type { JsonObject } from '#core/object';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { argoApplication } from '../client/argocd.ts';
import {
  applicationOf,
  applicationPath,
  installApplications,
  startController,
  type Controller,
} from './argocd-controller.ts';
import { argocdHooks, type Ended } from './program.ts';
import { admin, freshNamespace, get, pause, plane, post, until, writesOf, type User } from './plane.ts';

const PROGRAM = path.join(import.meta.dirname, '../../client/src/cli/main.ts');
let folder: string;
let argocd: string;
let namespace: string;
let controller: Controller;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-argocd-'));
  argocd = await freshNamespace('argocd');
  await installApplications(argocd);
  controller = startController(argocd);
});
afterAll(async () => {
  await controller.stop();
  rmSync(folder, { recursive: true, force: true });
});

const JOB = `
apiVersion: batch/v1
kind: Job
metadata:
  name: pre
  annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}
`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: "1"}\n';

beforeEach(async () => {
  controller.asleep = false;
  controller.script = SCRIPT;
  namespace = await freshNamespace('shop');
  mkdirSync(path.join(folder, namespace), { recursive: true });
  writeFileSync(path.join(folder, namespace, 'all.yaml'), `${JOB}---\n${CONFIG_MAP}`);
});

const job = (hookPhase: string, message: string): JsonObject => ({
  ...{ group: 'batch', version: 'v1', kind: 'Job', namespace: 'shop', name: 'pre', status: 'Synced' },
  ...{ syncPhase: 'PreSync', hookType: 'PreSync', hookPhase, message },
});
const WAITING = 'waiting for completion of hook batch/Job/pre';
const SCRIPT = [
  { phase: 'Running' },
  { phase: 'Running', message: WAITING, resources: [job('Running', 'job.batch/pre created')] },
  {
    phase: 'Succeeded',
    message: 'successfully synced (all tasks run)',
    resources: [job('Succeeded', 'Job completed')],
  },
] as const;

/** Syncs the folder of the test, whose name is the application's and its destination's. */
function sync(args: readonly string[], during?: (event: RunEvent, kill: () => void) => void): Promise<Ended> {
  const all = ['sync', '.', '--argocd-namespace', argocd];
  const cwd = path.join(folder, namespace);
  const named = args.includes('--namespace') ? [] : ['--namespace', namespace];
  return argocdHooks([...all, ...named, ...args], {
    cwd,
    ...(during ? { during: (event, kill) => during(event, () => kill('SIGINT')) } : {}),
  });
}

const messages = ({ events }: Ended): string[] =>
  events.flatMap((event) => (event.type === 'operation' ? [`${event.phase}: ${event.message}`] : []));
/** What was written in these namespaces, dry runs left out: `verb object code`. */
const written = (...places: string[]): string[] =>
  writesOf(places)
    .filter(({ uri }) => !uri.searchParams.has('dryRun'))
    .map(({ verb, object, code }) => `${verb} ${object} ${code}`);

const create = (): Promise<unknown> => post(applicationPath(argocd), argoApplication(namespace, { namespace: argocd }));

test('a sync is handed over to Argo CD: the operation is written once, and its state followed to the end', async () => {
  await create();
  const ran = await sync(['--yes', '--hand-over', '--force', '--retry', '1', '--resource', ':ConfigMap:a']);
  expect([ran.code, ran.errors]).toEqual([0, expect.any(String)]);
  expect(messages(ran)).toEqual([
    `Running: waiting for Argo CD to begin the operation on ${argocd}/${namespace}`,
    'Running: ',
    `Running: ${WAITING}`,
    'Succeeded: successfully synced (all tasks run)',
  ]);
  const writes = writesOf([argocd, namespace]).filter(({ uri }) => !uri.searchParams.has('dryRun'));
  const own = writes.filter(({ name }) => name === namespace);
  expect(own.map(({ verb, code }) => `${verb} ${code}`)).toEqual(['update 200']);
  expect(writes.filter((write) => write.namespace === namespace && !own.includes(write))).toEqual([]);
  const state = at(await applicationOf(argocd, namespace), 'status', 'operationState', 'operation');
  // What was sent is what was stored: the API server has dropped nothing.
  expect(state).toEqual(own[0]?.sent['operation']);
  expect(state).toMatchObject({
    sync: {
      syncStrategy: { hook: { force: true } },
      resources: [{ group: '', kind: 'ConfigMap', name: 'a' }],
      source: { path: 'apps/shop' },
    },
    retry: { limit: 1 },
  });
});

test('an operation of Argo CD that runs is named, and nothing is written beside it', async () => {
  await create();
  controller.script = [{ phase: 'Running' }, { phase: 'Running', message: WAITING }];
  const running = sync(['--yes', '--hand-over']);
  await until('the operation runs', async () => {
    const state = at(await applicationOf(argocd, namespace), 'status', 'operationState', 'message');
    return state === WAITING;
  });
  const second = await sync(['--yes']);
  expect(second.code).toBe(2);
  expect(second.errors).toMatch(
    new RegExp(
      `Argo CD is syncing ${argocd}/${namespace} right now: Running since .* UTC, asked for by argocd: ${WAITING}`,
    ),
  );
  expect(written(namespace)).toEqual([]);
  // Terminated on request, and a fresh one begun; the first client sees the end of its own.
  const third = sync(['--yes', '--hand-over', '--terminate-running'], (event) => {
    if (event.type === 'operation' && event.message.startsWith('waiting until Argo CD has terminated'))
      controller.script = [
        { phase: 'Running', message: WAITING },
        { phase: 'Succeeded', message: 'done' },
      ];
  });
  const [first, fresh] = await Promise.all([running, third]);
  expect([first.code, messages(first).at(-1)]).toEqual([1, 'Failed: Operation terminated']);
  expect([fresh.code, messages(fresh).at(-1)]).toEqual([0, 'Succeeded: done']);
});

test('Ctrl+C asks Argo CD to terminate what was handed over', async () => {
  await create();
  controller.script = [{ phase: 'Running' }, { phase: 'Running', message: WAITING }];
  let asked = false;
  const ran = await sync(['--yes', '--hand-over'], (event, interrupt) => {
    if (!asked && event.type === 'operation' && event.message === WAITING) {
      asked = true;
      interrupt();
    }
  });
  expect([ran.code, messages(ran).at(-1)]).toEqual([130, 'Failed: Operation terminated']);
});

test('what somebody else writes at the same time is kept', async () => {
  await create();
  let over = false;
  // A neighbor that changes the Application all the time.
  const neighbor = (async () => {
    for (let i = 0; !over; i++) {
      const patch = { metadata: { annotations: { neighbor: String(i) } } };
      await admin.request('PATCH', applicationPath(argocd, namespace), patch, 'application/merge-patch+json');
      await pause(20);
    }
    return Number(at(await applicationOf(argocd, namespace), 'metadata', 'annotations', 'neighbor'));
  })();
  const ran = await sync(['--yes', '--hand-over']);
  over = true;
  expect(await neighbor).toBeGreaterThan(5);
  expect([ran.code, ran.errors]).toEqual([0, expect.any(String)]);
  expect(messages(ran).at(-1)).toBe('Succeeded: successfully synced (all tasks run)');
});

test('a namespace that does not exist is named, and created where that is asked for', async () => {
  const missing = `${namespace}-new`;
  const refused = await sync(['--yes', '--namespace', missing]);
  expect(refused.code).toBe(2);
  expect(refused.errors).toContain(`Namespace ${missing} does not exist, and this sync does not make it.`);
  expect(written(missing)).toEqual([]);
  const made = await sync(['--yes', '--namespace', missing, '--create-namespace']);
  expect([made.code, made.errors]).toEqual([0, expect.any(String)]);
  // As Argo CD v3.6.1 does: the namespace, the hook, its finalizer, the resource, the deletion of the hook.
  expect(written(missing)).toEqual([
    `create namespaces/${missing} 201`,
    `create batch/jobs/${missing}/pre 201`,
    `update batch/jobs/${missing}/pre 200`,
    `create configmaps/${missing}/a 201`,
    `delete batch/jobs/${missing}/pre 200`,
  ]);
  expect(
    at(await get(`/api/v1/namespaces/${missing}`), 'metadata', 'annotations', 'argocd.argoproj.io/tracking-id'),
  ).toBeUndefined();
});

/** Runs `application` in the folder of the test. */
function application(
  args: readonly string[],
  user: User = 'argocd',
  input?: (line: string, say: (text: string) => void) => void,
): Promise<{ code: number; out: string; errors: string }> {
  const all = [PROGRAM, 'application', ...args, '--kubeconfig', plane.kubeconfigs[user]];
  const child = spawn(process.execPath, all, { cwd: path.join(folder, namespace), stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    input?.(text, (line) => child.stdin.write(line));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, out, errors })));
}

const NEW = ['--repo', 'https://example.com/shop.git', '--name'];

test('an Application is made of a folder and applied to the cluster, and then again with a change', async () => {
  const here = ['.', ...NEW, namespace, '--argocd-namespace', argocd];
  const made = await application([...here, '--apply', '--yes']);
  expect([made.code, made.out]).toEqual([0, `application.argoproj.io/${namespace} created\n`]);
  expect(at(await applicationOf(argocd, namespace), 'spec')).toEqual({
    project: 'default',
    source: { repoURL: 'https://example.com/shop.git', path: '.', targetRevision: 'HEAD' },
    destination: { server: 'https://kubernetes.default.svc', namespace },
    syncPolicy: { syncOptions: ['CreateNamespace=true'] },
  });
  const questions: string[] = [];
  const changed = await application([...here, '--apply', '--control', '--revision', 'v2'], 'argocd', (line, say) => {
    questions.push(line);
    say('{"type":"confirm"}\n');
  });
  expect(changed.code).toBe(0);
  const asked = JSON.parse(questions[0] ?? '') as { type: string; question: JsonObject };
  expect(asked).toMatchObject({
    type: 'question',
    question: {
      ...{ namespace: argocd, name: namespace, change: 'change' },
      diff: ['- spec.source.targetRevision: "HEAD"', '+ spec.source.targetRevision: "v2"'],
      warnings: [],
      cluster: { kind: 'kubernetes', user: 'argocd', server: plane.server },
    },
  });
  expect(at(await applicationOf(argocd, namespace), 'spec', 'source', 'targetRevision')).toBe('v2');
});

test('a no, and missing permissions, write no Application', async () => {
  const here = ['.', ...NEW, namespace, '--argocd-namespace', argocd, '--apply'];
  const refused = await application([...here, '--control'], 'argocd', (_, say) => say('{"type":"refuse"}\n'));
  expect([refused.code, refused.errors]).toEqual([3, 'Nothing was written.\n']);
  const denied = await application([...here, '--yes'], 'limited');
  expect([denied.code, denied.errors]).toEqual([
    2,
    expect.stringContaining(`may not get, create, patch applications.argoproj.io in namespace ${argocd}`),
  ]);
  await expect(applicationOf(argocd, namespace)).rejects.toThrow('not found');
});
