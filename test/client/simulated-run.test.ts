import { expect, test } from 'vitest';
import type { RunEvent } from '../../client/src/sync/events.ts';
import type { Run, RunRequest } from '../../client/src/vscode/sync/run.ts';
import { startSimulatedRun } from '../../client/src/vscode/sync/simulated-run.ts';
import { manifest } from '../workspace/memory-files.ts';
import { MemoryTree } from '../workspace/memory-tree.ts';

const HOOK = 'argocd.argoproj.io/hook';
const POD =
  'spec: { template: { spec: { restartPolicy: Never, containers: [{ name: run, image: busybox, command: [sleep, "15"] }] } } }\n';
const FILES = {
  'shop/migrate.yaml': manifest('Job', 'migrate', { [HOOK]: 'PreSync' }) + POD,
  'shop/settings.yaml': manifest('ConfigMap', 'settings'),
};

const UNPACED: RunRequest = {
  mode: 'simulate',
  path: 'shop',
  application: 'shop',
  settings: { section: {}, filesExclude: {} },
  context: '',
  kubeconfig: '',
};
const REQUEST: RunRequest = { ...UNPACED, speed: 1000 };

interface Seen {
  readonly events: RunEvent[];
  readonly messages: string[];
  code: number | undefined;
}

/** Runs to the end. @param during what the person does at each event */
async function runToEnd(
  files: Readonly<Record<string, string>>,
  request: RunRequest,
  during: (run: Run, event: RunEvent) => void,
): Promise<Seen> {
  const seen: Seen = { events: [], messages: [], code: undefined };
  await new Promise<void>((resolve) => {
    const run = startSimulatedRun(new MemoryTree(new Map(Object.entries(files))), 'root', request, {
      event: (event) => {
        seen.events.push(event);
        during(run, event);
      },
      message: (line) => seen.messages.push(line),
      findings: async () => ['job.yaml:3: a finding'],
      ended: (code) => {
        seen.code = code;
        resolve();
      },
    });
  });
  return seen;
}

const confirm = (run: Run, { type }: RunEvent): void => {
  if (type === 'preflight') run.send({ type: 'confirm' });
};

const phaseOf = ({ events }: Seen): string | undefined =>
  events.map((event) => (event.type === 'result' ? event.operation.phase : undefined)).at(-1);

test('shows what other options come to, and runs what was confirmed of them', async () => {
  const seen = await runToEnd(FILES, REQUEST, (run, event) => {
    if (event.type !== 'preflight') return;
    const { edition = 1, choices } = event.preflight;
    if (edition === 1 && choices) run.send({ type: 'revise', edition, choices: { ...choices.chosen, dryRun: true } });
    else run.send({ type: 'confirm', edition });
  });
  const shown = seen.events.flatMap((event) => (event.type === 'preflight' ? [event.preflight] : []));
  expect(shown.map(({ choices }) => choices?.chosen.dryRun)).toEqual([false, true]);
  expect(shown.map(({ warnings }) => warnings)).toEqual([['job.yaml:3: a finding'], ['job.yaml:3: a finding']]);
  expect([phaseOf(seen), seen.events.some(({ type }) => type === 'log')]).toEqual(['Succeeded', false]);
});

test('runs what was confirmed to its end', async () => {
  const seen = await runToEnd(FILES, REQUEST, confirm);
  expect(seen.events[0]).toMatchObject({
    type: 'preflight',
    preflight: {
      application: 'shop',
      rows: [{ task: 'batch/Job/default/migrate' }, { task: '/ConfigMap/default/settings' }],
    },
  });
  const [first] = seen.events;
  expect(first?.type === 'preflight' ? first.preflight.revision : '').toMatch(/^content [\da-f]{7} \(no Git\)$/);
  expect([phaseOf(seen), seen.code]).toEqual(['Succeeded', 0]);
});

test('writes nothing where the person refused, and says so by its code', async () => {
  const seen = await runToEnd(FILES, REQUEST, (run, { type }) => {
    if (type === 'preflight') run.send({ type: 'refuse' });
  });
  expect([seen.events.map(({ type }) => type), seen.code]).toEqual([['preflight'], 3]);
});

test('is refused where it is closed before anybody confirmed', async () => {
  const seen = await runToEnd(FILES, REQUEST, (run) => run.close(60_000));
  expect([seen.events.map(({ type }) => type), seen.code]).toEqual([['preflight'], 3]);
});

test('ends properly where it is terminated', async () => {
  const seen = await runToEnd(FILES, { ...REQUEST, speed: 1 }, (run, event) => {
    confirm(run, event);
    if (event.type === 'task' && event.hookPhase === 'Running') run.send({ type: 'terminate' });
  });
  expect([phaseOf(seen), seen.code]).toEqual(['Failed', 1]);
  expect(seen.events.some((event) => event.type === 'operation' && event.phase === 'Terminating')).toBe(true);
});

test('names every place of what cannot be read for certain, and does not start', async () => {
  const files = { ...FILES, 'shop/broken.yaml': manifest('ConfigMap', '{{ .Values.name }}') };
  const seen = await runToEnd(files, REQUEST, confirm);
  expect(seen.events).toEqual([]);
  expect(seen.messages[0]).toBe('shop cannot be synced:');
  expect(seen.messages[1]).toMatch(/^shop\/broken\.yaml:\d+: /);
  expect(seen.code).toBe(2);
});

test('lets hang what it was told to, and waits until somebody has had enough', async () => {
  const seen = await runToEnd(FILES, { ...REQUEST, scenario: { hang: 'Job/migrate' } }, (run, event) => {
    confirm(run, event);
    if (event.type === 'stuck') run.send({ type: 'terminate' });
  });
  expect([phaseOf(seen), seen.code]).toEqual(['Failed', 1]);
});

test('ends by itself where nobody watches, and says that it would have waited for ever', async () => {
  const seen = await runToEnd(FILES, { ...UNPACED, scenario: { hang: 'Job/migrate', next: true } }, confirm);
  expect(phaseOf(seen)).toBe('Running');
  expect(seen.events.at(-1)).not.toHaveProperty('next');
});

test('knows no earlier revision', async () => {
  const seen = await runToEnd(FILES, { ...REQUEST, scenario: { upgrade: 'HEAD' } }, confirm);
  expect(seen.messages).toEqual([
    'There is no Git here, so no earlier revision can be simulated. Simulate a first install.',
  ]);
});

test('says that an application is not there any more', async () => {
  const seen = await runToEnd(FILES, { ...REQUEST, application: 'gone' }, confirm);
  expect(seen.messages).toEqual(['gone (shop) is not among the saved files any more. Refresh the plan.']);
  expect(seen.code).toBe(2);
});

test('finds what the plan shows by the settings of the folder alone', async () => {
  const settings = { section: { applications: [{ name: 'migration', path: 'shop', include: 'migrate.yaml' }] } };
  const request = { ...UNPACED, application: 'migration', settings: { ...settings, filesExclude: {} } };
  const seen = await runToEnd(FILES, request, confirm);
  const written = seen.events.flatMap((event) => (event.type === 'write' ? [event.object] : []));
  expect([seen.code, new Set(written)]).toEqual([0, new Set(['batch/Job/default/migrate'])]);
});

test('deletes what a sync of the saved files leaves, where that is the scenario', async () => {
  const files = { ...FILES, 'shop/bye.yaml': manifest('Job', 'bye', { [HOOK]: 'PostDelete' }) + POD };
  const seen = await runToEnd(files, { ...REQUEST, deletes: true, scenario: { deletes: true } }, confirm);
  const [first] = seen.events;
  expect(first).toMatchObject({ type: 'preflight', preflight: { deletes: true, warnings: [] } });
  const writes = seen.events.flatMap((event) => (event.type === 'write' ? [`${event.verb} ${event.object}`] : []));
  expect(writes.slice(-1)).toEqual(['create batch/Job/default/bye']);
  expect(writes).toContain('delete /ConfigMap/default/settings');
  expect([phaseOf(seen), seen.code]).toEqual(['Succeeded', 0]);
});
