import { expect, test } from 'vitest';
import { openService, treeFiles } from '#service';
import type { ApplicationPlan } from '#core/plan/model';
import { placesIn } from '#core/plan/query';
import { startSimulatedRun } from '../../client/src/vscode/sync/simulated-run.ts';
import { afterEvent, startOf, type RunState } from '../../client/src/vscode/sync/run-state.ts';
import { canFail, ruleNameOf, whatIfSentences, type Subject } from '../../client/src/vscode/sync/what-if.ts';
import { manifest } from '../workspace/memory-files.ts';
import { MemoryTree } from '../workspace/memory-tree.ts';

const HOOK = 'argocd.argoproj.io/hook';
const POLICY = 'argocd.argoproj.io/hook-delete-policy';
const POD = '{ template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: run, image: busybox }] } } }';
const JOB = `spec: { backoffLimit: 0, template: { spec: { restartPolicy: Never, containers: [{ name: run, image: busybox }] } } }\n`;
const WORKLOAD = `spec: ${POD.replace('{ template', '{ selector: { matchLabels: { app: a } }, template')}\n`;

const hook = (name: string, phase: string, policy?: string): string =>
  manifest('Job', name, { [HOOK]: phase, ...(policy === undefined ? {} : { [POLICY]: policy }) }) + JOB;
const workload = (kind: string, name: string, annotations: Readonly<Record<string, string>> = {}): string =>
  manifest(kind, name, annotations).replace(/^apiVersion: .*/, 'apiVersion: apps/v1') + WORKLOAD;

interface Told {
  readonly plan: ApplicationPlan;
  readonly run: RunState;
  readonly subject: Subject;
  readonly sentences: readonly string[];
}

/** Lets a task of the folder `shop` fail, as the command does, and gives what is told. */
async function whatIf(name: string, most: number, ...manifests: readonly string[]): Promise<Told> {
  const tree = new MemoryTree(new Map(manifests.map((text, i) => [`shop/${i}.yaml`, text])));
  const service = await openService(treeFiles(tree), [], { rootName: 'root' });
  const [application] = service.applications();
  if (!application) throw new Error('no application');
  const plan = service.plan(application);
  const subject = placesIn(plan.plans.sync).find(({ task }) => ruleNameOf(task) === name);
  if (!subject) throw new Error(`no ${name}`);
  let run = startOf({ folder: 'file:///w', path: 'shop', name: 'shop' }, 'simulation');
  const request = {
    mode: 'simulate',
    path: 'shop',
    application: 'shop',
    settings: { section: {}, filesExclude: {} },
    context: '',
    kubeconfig: '',
  } as const;
  await new Promise<void>((resolve) => {
    const scenario = { fail: ruleNameOf(subject.task), next: true };
    const running = startSimulatedRun(
      tree,
      'root',
      { ...request, scenario },
      {
        event: (event) => {
          run = afterEvent(run, event, 0);
          if (event.type === 'preflight') running.send({ type: 'confirm' });
        },
        message: (line) => (run = { ...run, error: line }),
        ended: () => resolve(),
      },
    );
  });
  return { plan, run, subject, sentences: whatIfSentences(subject, plan, run, most) };
}

const SETTINGS = manifest('ConfigMap', 'settings');
const SERVICE = `${manifest('Service', 'web')}spec: { ports: [{ port: 80 }] }\n`;

test('a hook that stays behind keeps the next sync from succeeding', async () => {
  const { sentences } = await whatIf('Job/migrate', 3, hook('migrate', 'PreSync', 'HookSucceeded'), SETTINGS);
  expect(sentences).toEqual([
    'If Job migrate fails, the sync of shop fails in PreSync: Job has reached the specified backoff limit.',
    'There is no SyncFail hook that would run.',
    'Not reached: ConfigMap settings.',
    'Deleted: nothing.',
    'Left in the cluster: Job migrate.',
    'Once its cause is gone, the next sync still does not succeed: it finds Job migrate as it was left (Job has reached the specified backoff limit).',
    'Delete it before, or give it the delete policy BeforeHookCreation.',
  ]);
});

test('a hook that the next sync replaces is no obstacle, and hooks of SyncFail run', async () => {
  const { sentences } = await whatIf(
    'Job/migrate',
    3,
    hook('migrate', 'PreSync', 'BeforeHookCreation'),
    hook('notify', 'SyncFail', 'HookSucceeded'),
    SETTINGS,
  );
  expect(sentences).toEqual([
    'If Job migrate fails, the sync of shop fails in PreSync: Job has reached the specified backoff limit.',
    'Hooks of SyncFail that run: Job notify.',
    'Not reached: ConfigMap settings.',
    'Deleted: nothing.',
    'Left in the cluster: Job migrate, Job notify.',
    'Once its cause is gone, the next sync succeeds.',
  ]);
});

test('what a policy deletes after the failure is named', async () => {
  const { sentences } = await whatIf('Job/migrate', 3, hook('migrate', 'PreSync', 'HookFailed'), SETTINGS);
  expect(sentences.slice(3)).toEqual([
    'Deleted: Job migrate.',
    'Left in the cluster: nothing.',
    'Once its cause is gone, the next sync succeeds.',
  ]);
});

test('a Deployment that never becomes available fails at its deadline, and recovers by itself', async () => {
  const { sentences } = await whatIf('Deployment/web', 3, workload('Deployment', 'web'), hook('after', 'PostSync'));
  expect(sentences).toEqual([
    'If Deployment web fails, the sync of shop fails in Sync: Deployment "web" exceeded its progress deadline.',
    'There is no SyncFail hook that would run.',
    'Not reached: Job after.',
    'Deleted: nothing.',
    'Left in the cluster: Deployment web.',
    'Once its cause is gone, the next sync succeeds.',
  ]);
});

test('a StatefulSet is waited for without end', async () => {
  const { sentences } = await whatIf('StatefulSet/db', 3, workload('StatefulSet', 'db'), hook('after', 'PostSync'));
  expect(sentences[0]).toBe(
    'If StatefulSet db fails, the sync of shop never ends (waiting for healthy state of apps/StatefulSet/db): terminating it is the way out.',
  );
  expect(sentences.some((sentence) => sentence.includes('next sync'))).toBe(false);
});

test('what cannot fail later is refused, and what stands beside it is applied all the same', async () => {
  const { sentences } = await whatIf('ConfigMap/settings', 3, SETTINGS, SERVICE, hook('after', 'PostSync'));
  expect(sentences).toEqual([
    expect.stringMatching(
      /^If ConfigMap settings is refused, the sync of shop fails in Sync: .*the scenario refuses it\.$/,
    ),
    'There is no SyncFail hook that would run.',
    'Not reached: Job after.',
    'Deleted: nothing.',
    'Left in the cluster: Service web.',
    'Once its cause is gone, the next sync succeeds.',
  ]);
});

test('a task that the sync does not come to is told as such', async () => {
  const broken = hook('first', 'PreSync').replace('image: busybox', 'image: busybox, command: [sh, -c, "exit 3"]');
  const { sentences } = await whatIf('ConfigMap/settings', 3, broken, SETTINGS);
  expect(sentences[0]).toBe(
    'The sync of shop does not come to ConfigMap settings: Job first (PreSync wave 0) fails first: Job has reached the specified backoff limit.',
  );
});

test('long lists are cut where a limit is given, and only there', async () => {
  const many = Array.from({ length: 6 }, (_, i) => manifest('ConfigMap', `c${i}`));
  const { sentences, subject, plan, run } = await whatIf('Job/migrate', 3, hook('migrate', 'PreSync'), ...many);
  expect(sentences).toContain('Not reached: ConfigMap c0, ConfigMap c1, ConfigMap c2 and 3 more.');
  expect(whatIfSentences(subject, plan, run).join()).toContain('ConfigMap c5');
});

test('what keeps the simulation from starting is told', async () => {
  const { sentences } = await whatIf('ConfigMap/settings', 3, SETTINGS, manifest('ConfigMap', '{{ .Values.name }}'));
  expect(sentences).toEqual([expect.stringMatching(/^What happens if ConfigMap settings fails cannot be told: /)]);
});

test('only what a sync applies can be let fail', async () => {
  const { subject } = await whatIf('ConfigMap/settings', 3, SETTINGS);
  expect(canFail(subject)).toBe(true);
  expect(canFail({ ...subject, phase: 'SyncFail' })).toBe(false);
  expect(canFail({ ...subject, task: { ...subject.task, prune: true } })).toBe(false);
});
