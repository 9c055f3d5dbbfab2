// Measures syncs on a real control plane, each beside something of the same run:
//
//   npm run bench:sync                     all of it
//   npm run bench:sync -- --only NAME      waves | overhead | throughput | memory
//
// Argo CD's own seconds were recorded on such a control plane (argocd-seconds.json).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../client/scripts/lib/bundle.ts';
import { controlPlanePrograms } from '../../client/scripts/lib/control-plane-programs.ts';
import { start, stop, type ControlPlane } from '../cluster/control-plane/control-plane.mjs';
import { Api } from '../cluster/control-plane/lib/api.mjs';
import recorded from './argocd-seconds.json' with { type: 'json' };
import { table, times } from './measure.ts';
import { sync, timed, type SyncRun } from './sync-run.ts';

const CASES = path.join(import.meta.dirname, '../cluster/cases');

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** A control plane at work, and a folder for what is made in the run. */
interface Stage {
  readonly plane: ControlPlane;
  readonly api: Api;
  readonly kubectl: string;
  readonly scratch: string;
}

async function withStage(run: (stage: Stage) => Promise<void>): Promise<void> {
  const programs = controlPlanePrograms();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-bench-'));
  const dir = path.join(scratch, 'control-plane');
  try {
    const plane = await start({ dir, ownerPid: process.pid, assets: programs });
    const { clusters, users } = JSON.parse(fs.readFileSync(plane.kubeconfig, 'utf8')) as {
      clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
      users: [{ user: { token: string } }];
    };
    const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
    const api = new Api({ server, ca: Buffer.from(ca, 'base64'), token: users[0].user.token });
    await run({ plane, api, kubectl: path.join(programs, 'kubectl'), scratch });
    api.agent.destroy();
  } finally {
    await stop({ dir, remove: true });
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

const namespace = ({ api }: Stage, name: string): Promise<unknown> =>
  api.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

function folderOf({ scratch }: Stage, name: string, text: string): string {
  const folder = path.join(scratch, name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'manifests.yaml'), text);
  return folder;
}

const run = (stage: Stage, folder: string, name: string, args: readonly string[] = []): Promise<SyncRun> =>
  sync(folder, [
    '--kubeconfig',
    stage.plane.kubeconfigs.argocd,
    '--namespace',
    name,
    '--state-folder',
    path.join(stage.scratch, 'state'),
    ...args,
  ]);

/** The recorded cases: whole operation, and what is waited between writes beyond the critical path, beside Argo CD's. */
async function waves(stage: Stage): Promise<void> {
  const rows: string[][] = [];
  let ours = 0;
  let theirs = 0;
  for (const [name, argocd] of Object.entries(recorded.cases)) {
    await namespace(stage, name);
    const folder = folderOf(stage, name, fs.readFileSync(path.join(CASES, name, 'v1.yaml'), 'utf8'));
    const own = await run(stage, folder, name);
    const waited = Math.max(0, own.span - own.criticalPath);
    const waitedThere = Math.max(0, argocd.span * 1000 - own.criticalPath);
    ours += waited;
    theirs += waitedThere;
    rows.push([
      name,
      seconds(argocd.seconds * 1000),
      seconds(own.operation),
      times((argocd.seconds * 1000) / own.operation),
      seconds(waitedThere),
      seconds(waited),
    ]);
  }
  say('\nRecorded applications: the operation, and what was waited between the writes beside gates');
  say(table([['case', 'Argo CD', 'ours', 'quicker', 'waited there', 'waited here'], ...rows]));
  say(`All together ${seconds(theirs)} there, ${seconds(ours)} here: ${times(theirs / Math.max(1, ours))} less`);
}

const configMap = (name: string, wave = 0, data = 'value'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations:\n    argocd.argoproj.io/sync-wave: "${wave}"\ndata:\n  key: ${data}\n`;

const hook = (name: string, wave: number, after: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: ${name}\n  annotations:\n    argocd.argoproj.io/hook: Sync\n    argocd.argoproj.io/sync-wave: "${wave}"\nspec:\n  template:\n    metadata:\n      annotations:\n        test.argocd-hooks.dev/after: ${after}\n    spec:\n      restartPolicy: Never\n      containers: [{ name: main, image: busybox }]\n`;

const documents = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join('---\n');

/** A sync over its critical path: a long one of hooks, and a short one of waves that wait for nothing. */
async function overhead(stage: Stage): Promise<void> {
  await namespace(stage, 'long');
  const long = await run(
    stage,
    folderOf(
      stage,
      'long',
      documents(4, (n) => hook(`hook-${n}`, n, '4s')),
    ),
    'long',
  );
  const more = long.operation - long.criticalPath;
  say(
    `\nFour waves of a hook of four seconds: ${seconds(long.operation)}, critical path ${seconds(long.criticalPath)}`,
  );
  say(`Overhead ${seconds(more)}, ${((100 * more) / long.criticalPath).toFixed(1)} % of the critical path`);
  await namespace(stage, 'short');
  const short = await run(
    stage,
    folderOf(
      stage,
      'short',
      documents(20, (n) => configMap(`map-${n}`, n)),
    ),
    'short',
  );
  say(
    `Twenty waves that wait for nothing: ${seconds(short.operation)}, ${(short.operation / 20).toFixed(0)} ms a wave`,
  );
}

/** 1,000 ConfigMaps, beside kubectl; each takes its turn three times, in namespaces of its own. */
async function throughput(stage: Stage): Promise<void> {
  const folder = folderOf(
    stage,
    'thousand',
    documents(1_000, (n) => configMap(`map-${n}`)),
  );
  const taken = { kubectl: [] as number[], serverSide: [] as SyncRun[], plain: [] as SyncRun[] };
  for (let turn = 0; turn < 3; turn++) {
    const names = ['kubectl', 'server-side', 'plain'].map((name) => `${name}-${turn}`);
    for (const name of names) await namespace(stage, name);
    const [own = '', serverSide = '', plain = ''] = names;
    const kubectl = ['apply', '--server-side', '-f', folder, '-n', own, '--kubeconfig', stage.plane.kubeconfigs.argocd];
    taken.kubectl.push((await timed(stage.kubectl, kubectl)).ms);
    taken.serverSide.push(await run(stage, folder, serverSide, ['--server-side']));
    taken.plain.push(await run(stage, folder, plain));
  }
  const least = median(taken.kubectl);
  const row = (name: string, all: readonly number[]): string[] => [
    name,
    seconds(median(all)),
    times(median(all) / least),
  ];
  const rows = (name: string, all: readonly SyncRun[]): string[][] => [
    row(
      name,
      all.map(({ whole }) => whole),
    ),
    row(
      '  of it after the confirmation',
      all.map(({ operation }) => operation),
    ),
  ];
  say('\n1,000 ConfigMaps into an empty namespace, from the start of the process to its end');
  say(
    table([
      ['', 'time', 'beside kubectl'],
      row('kubectl apply --server-side', taken.kubectl),
      ...rows('argocd-hooks sync --server-side', taken.serverSide),
      ...rows('argocd-hooks sync', taken.plain),
    ]),
  );
}

/** Memory of a sync that watches a namespace of 10,000 objects while it waits for a hook. */
async function memory(stage: Stage): Promise<void> {
  await namespace(stage, 'crowded');
  const data = 'x'.repeat(1_000);
  const create = async (first: number): Promise<void> => {
    for (let n = first; n < 10_000; n += 16) {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `crowd-${n}` }, data: { data } };
      await stage.api.request('POST', '/api/v1/namespaces/crowded/configmaps', object);
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, n) => create(n)));
  const text = `${documents(100, (n) => configMap(`map-${n}`))}---\n${hook('slow', 1, '5s')}`;
  await namespace(stage, 'lonely');
  const folder = folderOf(stage, 'crowded', text);
  const lonely = await run(stage, folder, 'lonely');
  const crowded = await run(stage, folder, 'crowded');
  say('\nMemory of a sync of 101 objects at its peak');
  say(`alone ${lonely.memory.toFixed(0)} MiB; beside 10,000 ConfigMaps of 1 kB ${crowded.memory.toFixed(0)} MiB`);
}

const PARTS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = { waves, overhead, throughput, memory };

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = values.only === undefined ? Object.keys(PARTS) : [values.only];
await build({ production: true });
await withStage(async (stage) => {
  for (const name of chosen) {
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (!part) throw new Error(`"${name}" is no part of the benchmark. There are: ${Object.keys(PARTS).join(', ')}.`);
    await part(stage);
  }
});
