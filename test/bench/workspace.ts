import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BenchClient } from './client.ts';
import { manifestText } from './manifests.ts';
import type { Subject } from './typing.ts';

export interface WorkspaceTimes {
  /** From the start of the process until every application is known and planned, in ms. */
  readonly ready: number;
  /** The longest that a hover had to wait meanwhile, in ms. */
  readonly blocked: number;
  /** From a keystroke until the plan of its application is there, in ms. */
  readonly replanned: number;
  /** In MiB. */
  readonly memory: number;
}

/** A folder with so many files of one manifest each, five to an application. Gives its path. */
export async function makeWorkspace(files: number): Promise<string> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'argocd-hooks-bench-'));
  for (let n = 0; n < files; n++) {
    const folder = path.join(root, `app-${Math.floor(n / 5)}`);
    if (n % 5 === 0) await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, `${n}.yaml`), manifestText(n));
  }
  return root;
}

/** The floor: every file listed, read, and looked through for an annotation. */
export async function readAll(root: string): Promise<number> {
  const start = performance.now();
  const files = (await fs.readdir(root, { recursive: true })).filter((name) => name.endsWith('.yaml'));
  let found = 0;
  let next = 0;
  const reader = async (): Promise<void> => {
    for (let name = files[next++]; name !== undefined; name = files[next++]) {
      const text = await fs.readFile(path.join(root, name), 'utf8');
      for (const line of text.split('\n')) if (line.includes('argocd.argoproj.io/')) found++;
    }
  };
  await Promise.all(Array.from({ length: 32 }, reader));
  if (found === 0) throw new Error('The workspace holds no annotation.');
  return performance.now() - start;
}

/** Opens the folder with an editor that hovers all the while. */
export async function workspace({ command }: Subject, root: string): Promise<WorkspaceTimes> {
  const start = performance.now();
  const client = new BenchClient(command);
  try {
    const folder = pathToFileURL(root).href;
    const uri = `${folder}/app-0/3.yaml`;
    const text = manifestText(3);
    await client.initialize(folder);
    const document = { uri, languageId: 'yaml', version: 1, text };
    client.send(client.notification('textDocument/didOpen', { textDocument: document }));
    let indexed = false;
    const answer = client.request('argocdHooks/applications', null).finally(() => (indexed = true));
    let blocked = 0;
    while (!indexed) {
      const asked = performance.now();
      const { at } = await client.request('textDocument/hover', {
        textDocument: { uri },
        position: { line: 9, character: 10 },
      });
      blocked = Math.max(blocked, at - asked);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const ready = (await answer).at - start;
    const waits: number[] = [];
    const lines = text.split('\n');
    const line = lines.findIndex((each) => each.includes('sync-wave'));
    const character = (lines[line]?.length ?? 1) - 1;
    for (let n = 0; n < 30; n++) {
      const end = { line, character: n % 2 === 0 ? character : character + 1 };
      const edit = client.notification('textDocument/didChange', {
        textDocument: { uri, version: n + 2 },
        contentChanges: [{ range: { start: { line, character }, end }, text: n % 2 === 0 ? '1' : '' }],
      });
      const { frame, answer: planned } = client.prepared('argocdHooks/plan', {
        application: { folder, path: 'app-0', name: 'app-0' },
      });
      const asked = performance.now();
      client.send(edit, frame);
      waits.push((await planned).at - asked);
    }
    waits.sort((a, b) => a - b);
    return { ready, blocked, replanned: waits[waits.length >> 1] ?? 0, memory: client.memory() };
  } finally {
    client.end();
  }
}

/** From the start of the process to its answer to `initialize`, in ms: the least of several starts. */
export async function startTime({ command }: Subject): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < 9; n++) {
    const start = performance.now();
    const client = new BenchClient(command);
    await client.initialize(null);
    taken.push(performance.now() - start);
    client.end();
  }
  return Math.min(...taken);
}
