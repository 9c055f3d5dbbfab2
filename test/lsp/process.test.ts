import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-languageserver/node';
import { FrameReader, FrameWriter } from '../../server/src/lsp/framing.ts';

const ENTRY = new URL('../../server/src/node.ts', import.meta.url).pathname;

let running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running) child.kill();
  running = [];
});

/** The server as a process of its own, as an editor starts it with `--stdio`. */
function started(): { child: ChildProcess; client: MessageConnection } {
  const child = spawn(process.execPath, [ENTRY, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  const client = createMessageConnection(new FrameReader(child.stdout), new FrameWriter(child.stdin));
  client.listen();
  return { child, client };
}

const initialize = { processId: process.pid, rootUri: null, capabilities: {} };
const exitOf = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'exit')) as unknown[])[0];

describe('the server as a process', () => {
  it('ends with 0 after shutdown and exit', async () => {
    const { child, client } = started();
    const result = await client.sendRequest<{ serverInfo: { name: string } }>('initialize', initialize);
    expect(result.serverInfo.name).toBe('argocd-hooks');
    await client.sendRequest('shutdown');
    const exit = exitOf(child);
    await client.sendNotification('exit');
    expect(await exit).toBe(0);
  });

  it('ends with 1 when its input ends, or when it is told to exit without a shutdown', async () => {
    const first = started();
    await first.client.sendRequest('initialize', initialize);
    const ended = exitOf(first.child);
    first.child.stdin?.end();
    expect(await ended).toBe(1);
    const second = started();
    const exit = exitOf(second.child);
    await second.client.sendNotification('exit');
    expect(await exit).toBe(1);
  });

  it('ends when the editor that started it is gone', async () => {
    const editor = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    const { child, client } = started();
    await client.sendRequest('initialize', { ...initialize, processId: editor.pid });
    const exit = exitOf(child);
    editor.kill('SIGKILL');
    expect(await exit).toBe(1);
  });

  it('talks over Node’s own channel, as VS Code starts it', async () => {
    const child = fork(ENTRY, ['--node-ipc'], { silent: true });
    running.push(child);
    const client = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    client.listen();
    expect(await client.sendRequest('initialize', initialize)).toMatchObject({ capabilities: { hoverProvider: true } });
    const exit = exitOf(child);
    child.disconnect();
    expect(await exit).toBe(1);
  });

  it('says what it needs where no transport is named', async () => {
    const child = spawn(process.execPath, [ENTRY], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await exitOf(child)).toBe(2);
    expect(said).toContain('--stdio');
  });
});

describe('framing', () => {
  it('takes messages byte by byte, many in one piece, and goes on after one that is no JSON', async () => {
    const { child, client } = started();
    await client.sendRequest('initialize', initialize);
    const request = (id: string): string => {
      const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'no/such', params: { 'é🚀': '…' } });
      return `Content-Length: ${Buffer.byteLength(body)}\r\nContent-Type: x\r\n\r\n${body}`;
    };
    let answers = '';
    child.stdout?.on('data', (chunk: Buffer) => (answers += chunk.toString()));
    child.stdin?.write(`Content-Length: 4\r\n\r\n{"a:${request('glued-1')}${request('glued-2')}`);
    for (const byte of Buffer.from(request('dribble'))) child.stdin?.write(Buffer.from([byte]));
    await expect.poll(() => ['glued-1', 'glued-2', 'dribble'].filter((id) => answers.includes(id))).toHaveLength(3);
  });
});
