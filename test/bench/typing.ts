import path from 'node:path';
import { BenchClient } from './client.ts';
import { fileText } from './manifests.ts';

/** A server that types are measured on. */
export interface Subject {
  readonly name: string;
  readonly command: readonly string[];
}

const HERE = import.meta.dirname;
const ROOT = path.join(HERE, '../..');

/** The floor, ours as it ships, and Red Hat's. */
export const SUBJECTS: readonly Subject[] = [
  { name: 'floor', command: [process.execPath, path.join(HERE, 'floor-server.ts')] },
  { name: 'argocd-hooks', command: [process.execPath, path.join(ROOT, 'dist/server.mjs'), '--stdio'] },
  {
    name: 'yaml-language-server',
    command: [
      process.execPath,
      path.join(ROOT, 'node_modules/yaml-language-server/bin/yaml-language-server'),
      '--stdio',
    ],
  },
];

/** Median times in ms, memory in MiB. */
export interface TypingTimes {
  readonly open: number;
  readonly diagnostics: number;
  readonly diagnosticsP95: number;
  readonly completion: number;
  readonly hover: number;
  readonly cpu: number;
  readonly memory: number;
}

const URI = 'file:///bench/manifests.yaml';
const REPEATS = 150;
/** No measurement takes longer than this, in ms, once it has three figures. */
const BUDGET = 6_000;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function repeat(run: (n: number) => Promise<number>): Promise<readonly number[]> {
  const taken: number[] = [];
  const end = performance.now() + BUDGET;
  for (let n = 0; n < REPEATS && (taken.length < 3 || performance.now() < end); n++) {
    taken.push(await run(n));
    await pause();
  }
  return taken.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Types behind a hook’s value in the middle of a file of so many manifests, and asks as an editor does. */
export async function typing({ command }: Subject, documents: number): Promise<TypingTimes> {
  const client = new BenchClient(command);
  try {
    await client.initialize(null);
    const text = fileText(3, documents);
    const lines = text.split('\n');
    const line = lines.findIndex((each, i) => i >= lines.length / 2 - 100 && each.includes('argoproj.io/hook:'));
    const character = lines[line]?.length ?? 0;
    const textDocument = { uri: URI };
    let version = 1;
    const change = (n: number) => {
      // A letter comes, a letter goes.
      const typed = n % 2 === 0;
      const end = { line, character: typed ? character : character + 1 };
      const changes = [{ range: { start: { line, character }, end }, text: typed ? 'x' : '' }];
      return client.notification('textDocument/didChange', {
        textDocument: { uri: URI, version: ++version },
        contentChanges: changes,
      });
    };
    const diagnosed = async (frame: Buffer): Promise<number> => {
      const { frame: ask, answer } = client.pulls
        ? client.prepared('textDocument/diagnostic', { textDocument })
        : { frame: undefined, answer: client.published() };
      const start = performance.now();
      client.send(...(ask ? [frame, ask] : [frame]));
      return (await answer).at - start;
    };
    const document = { uri: URI, languageId: 'yaml', version, text };
    const open = await diagnosed(client.notification('textDocument/didOpen', { textDocument: document }));
    const before = client.cpu();
    const diagnostics = await repeat((n) => diagnosed(change(n)));
    const cpu = (client.cpu() - before) / diagnostics.length;
    const position = { line, character: character - 1 };
    const completion = await repeat(async (n) => {
      const edit = change(n + diagnostics.length);
      const { frame, answer } = client.prepared('textDocument/completion', { textDocument, position });
      const start = performance.now();
      client.send(edit, frame);
      return (await answer).at - start;
    });
    const hover = await repeat(async () => {
      const { frame, answer } = client.prepared('textDocument/hover', { textDocument, position });
      const start = performance.now();
      client.send(frame);
      return (await answer).at - start;
    });
    return {
      open,
      diagnostics: at(diagnostics, 0.5),
      diagnosticsP95: at(diagnostics, 0.95),
      completion: at(completion, 0.5),
      hover: at(hover, 0.5),
      cpu,
      memory: client.memory(),
    };
  } finally {
    client.end();
  }
}
