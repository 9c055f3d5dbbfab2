// Measures what must stay quick, each thing beside something that tells how quick the machine is at the moment:
//
//   npm run bench               all of it
//   npm run bench -- --files N  with a workspace of N files (default 2,000)
//
// Times differ from machine to machine and from minute to minute; the ratios are what to look at.
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isObject, type KubeObject } from '../../server/src/core/object.ts';
import { planApplication } from '../../server/src/core/plan/plan.ts';
import { NEWEST_ARGOCD } from '../../server/src/core/versions.ts';
import { nodeFiles } from '../../server/src/files-node.ts';
import { DiagnosticsKeeper } from '../../server/src/language/diagnostics/report.ts';
import { readWithJsYaml } from '../../server/src/manifest/read-js-yaml.ts';
import { openFile } from '../../server/src/manifest/source-file.ts';
import { openIndex } from '../../server/src/workspace/index.ts';
import { fileText, manifestText } from './manifests.ts';
import { measure, ms, times, type Times } from './measure.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

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

/** Something new is typed behind a hook's value in the middle of the file: until the file's report is there. */
async function keystroke(documents: number): Promise<Times> {
  const keeper = new DiagnosticsKeeper(
    { argocdVersion: NEWEST_ARGOCD, listedByKustomization: false, levels: {} },
    { codeDescription: true },
  );
  const text = fileText(3, documents);
  const lines = text.split('\n');
  const line = lines.findIndex((at, i) => i >= lines.length / 2 - 100 && at.includes('argoproj.io/hook:'));
  const end = lines[line]?.length ?? 0;
  let file = openFile('a.yaml', text);
  keeper.report(file.documents);
  return measure(
    200,
    (run) => {
      const typed = run === 0 ? 0 : String(run - 1).length;
      return { range: { start: { line, character: end }, end: { line, character: end + typed } }, text: String(run) };
    },
    (change) => {
      file = file.changed(change, file.version + 1);
      keeper.report(file.documents);
    },
  );
}

async function workspace(
  files: number,
): Promise<{ readonly floor: Times; readonly index: Times; readonly again: Times }> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'argocd-hooks-bench-'));
  try {
    for (let n = 0; n < files; n++) {
      const folder = path.join(root, `app-${Math.floor(n / 5)}`);
      await fs.mkdir(folder, { recursive: true });
      await fs.writeFile(path.join(folder, `${n}.yaml`), manifestText(n));
    }
    const list = () => nodeFiles(root);
    const floor = await measure(3, list, async (port) => {
      for (const file of await port.list('.')) await fs.readFile(path.join(root, file), 'utf8');
    });
    const all = async (port: ReturnType<typeof list>): Promise<void> => {
      const opened = await openIndex(port, { rootName: 'root' });
      for (const application of opened.applications()) opened.plan(application);
    };
    const index = await measure(3, list, all);
    const opened = await openIndex(list(), { rootName: 'root' });
    const plans = (): void => opened.applications().forEach((application) => void opened.plan(application));
    plans();
    const again = await measure(
      40,
      (run) => openFile('app-0/0.yaml', manifestText(run % 2)),
      (file) => {
        opened.overlay('app-0/0.yaml', file);
        plans();
      },
    );
    return { floor, index, again };
  } finally {
    await fs.rm(root, { recursive: true });
  }
}

const { values } = parseArgs({ options: { files: { type: 'string', default: '2000' } } });
const files = Number(values.files);
if (!Number.isInteger(files) || files < 1)
  throw new Error(`--files takes a whole number above 0, not "${values.files}".`);

const [thousand, tenThousand] = [await plan(1_000), await plan(10_000)];
say(`plan of 1,000 tasks          ${ms(thousand.least)}`);
say(
  `plan of 10,000 tasks         ${ms(tenThousand.least)}, ${times(tenThousand.least / thousand.least)} for 10 × the tasks`,
);

const [small, large] = [await keystroke(1), await keystroke(2_000)];
say(`keystroke in 1 manifest      ${ms(small.median)}`);
say(`keystroke in 2,000 manifests ${ms(large.median)}, ${ms(large.median - small.median)} more`);

const { floor, index, again } = await workspace(files);
say(`list and read ${files} files     ${ms(floor.least)}`);
say(`index and plan ${files} files    ${ms(index.least)}, ${times(index.least / floor.least)} of the reading`);
say(`after one changed file       ${ms(again.median)}`);
