// Measures what must stay quick, each thing beside something that tells how quick the machine is at the moment:
//
//   npm run bench               all of it
//   npm run bench -- --files N  with a workspace of N files (default 10,000)
//   npm run bench -- --only typing|start|workspace|plan
//
// Times differ from machine to machine and from minute to minute; the ratios are what to look at. Typing is measured
// beside the least that a server can cost (floor-server.ts) and beside Red Hat's YAML language server.
import fs from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from '../../client/scripts/lib/bundle.ts';
import { isObject, type KubeObject } from '../../server/src/core/object.ts';
import { planApplication } from '../../server/src/core/plan/plan.ts';
import { readWithJsYaml } from '../../server/src/manifest/read-js-yaml.ts';
import { manifestText } from './manifests.ts';
import { measure, ms, table, times, type Times } from './measure.ts';
import { SUBJECTS, typing, type Subject, type TypingTimes } from './typing.ts';
import { makeWorkspace, readAll, startTime, workspace } from './workspace.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const [floor, ours] = SUBJECTS as readonly [Subject, Subject];

/** The figure, and how many times the floor’s it is. */
const beside = (own: number, least: number): string => `${ms(own)} (${times(own / least)})`;

async function typingTable(documents: number): Promise<void> {
  const rows: string[][] = [];
  let least: TypingTimes | undefined;
  for (const subject of SUBJECTS) {
    const own = await typing(subject, documents);
    least ??= own;
    rows.push([
      subject.name,
      beside(own.diagnostics, least.diagnostics),
      ms(own.diagnosticsP95),
      beside(own.completion, least.completion),
      beside(own.hover, least.hover),
      ms(own.cpu),
      ms(own.open),
      `${own.memory.toFixed(0)} MiB`,
    ]);
  }
  say(`\nTyping in a file of ${documents} ${documents === 1 ? 'manifest' : 'manifests'}`);
  const head = ['server', 'diagnostics', 'p95', 'completion', 'hover', 'CPU a key', 'opened', 'memory'];
  say(table([head, ...rows]));
}

async function starts(): Promise<void> {
  const least = await startTime(floor);
  say(`\nStart to the answer to initialize: floor ${ms(least)}, ours ${beside(await startTime(ours), least)}`);
}

async function workspaces(files: number): Promise<void> {
  const root = await makeWorkspace(files);
  try {
    const least = Math.min(await readAll(root), await readAll(root), await readAll(root));
    const own = await workspace(ours, root);
    say(`\nA workspace of ${files} files, a fifth as many applications`);
    say(
      table([
        ['', 'ready', 'longest wait of a hover', 'keystroke to its plan', 'memory'],
        ['list, read and scan', ms(least), '', '', ''],
        ['argocd-hooks', beside(own.ready, least), ms(own.blocked), ms(own.replanned), `${own.memory.toFixed(0)} MiB`],
      ]),
    );
  } finally {
    await fs.rm(root, { recursive: true });
  }
}

function objectOf(n: number): KubeObject {
  const reading = readWithJsYaml(manifestText(n));
  if (!('value' in reading) || !isObject(reading.value)) throw new Error(`manifest ${n} cannot be read`);
  return reading.value;
}

function plan(count: number): Promise<Times> {
  const objects = Array.from({ length: count }, (_, n) => ({ object: objectOf(n), file: 'a.yaml', line: 40 * n + 1 }));
  const source = { kind: 'directory', path: '.', reason: '' } as const;
  return measure(
    15,
    () => ({ name: 'shop', source, namespace: 'shop', objects }),
    (input) => planApplication(input),
  );
}

async function plans(): Promise<void> {
  const [thousand, tenThousand] = [await plan(1_000), await plan(10_000)];
  const growth = times(tenThousand.least / thousand.least);
  say(`\nPlan of 1,000 tasks ${ms(thousand.least)}; of 10,000 ${ms(tenThousand.least)}, ${growth} for 10 × the tasks`);
}

const { values } = parseArgs({ options: { files: { type: 'string', default: '10000' }, only: { type: 'string' } } });
const files = Number(values.files);
if (!Number.isInteger(files) || files < 10)
  throw new Error(`--files takes a whole number from 10 on, not "${values.files}".`);

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  typing: async () => {
    for (const documents of [1, 100, 2_000]) await typingTable(documents);
  },
  start: starts,
  workspace: () => workspaces(files),
  plan: plans,
};
const chosen = values.only === undefined ? Object.keys(PARTS) : [values.only];
await build({ production: true });
for (const name of chosen) {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (!part) throw new Error(`"${name}" is no part of the benchmark. There are: ${Object.keys(PARTS).join(', ')}.`);
  await part();
}
