import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { requireNodeForCluster } from '../../../client/src/cli/node-version.ts';
import { cli, eventsIn, folderWith } from './run-cli.ts';

test('without a terminal and without --yes it is refused: exit code 3', async () => {
  const ran = await cli(['sync']);
  expect(ran).toEqual({
    code: 3,
    stdout: '',
    stderr: 'Refused: there is no terminal to confirm on. Pass --yes to sync without asking.\n',
  });
});

test('without a cluster it says so: exit code 2', async () => {
  const ran = await cli(['sync', '--yes']);
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  const named = await cli(['sync', '--yes', '--kubeconfig', 'nowhere']);
  expect(named.code).toBe(2);
  expect(named.stderr).toContain('nowhere');
});

/** An API server that lets nobody in. */
async function withServer(use: (address: string) => Promise<void>): Promise<void> {
  const status = JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    code: 401,
    reason: 'Unauthorized',
    message: 'Unauthorized',
  });
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'content-type': 'application/json' }).end(status);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('a server that lets nobody in is told, also to a program, and no token with it', async () => {
  await withServer(async (server) => {
    const kubeconfig = {
      'current-context': 'there',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: { token: 'not-to-be-shown' } }],
      contexts: [{ name: 'there', context: { cluster: 'c', user: 'u' } }],
    };
    const cwd = folderWith({
      'kube/config.json': JSON.stringify(kubeconfig),
      'shop/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    });
    const args = ['sync', 'shop', '--yes', '--kubeconfig', 'kube/config.json', '--format', 'json'];
    const ran = await cli(args, { cwd });
    expect(ran.code).toBe(2);
    expect(eventsIn(ran.stdout)).toMatchObject([{ type: 'error', exitCode: 2 }]);
    expect(ran.stderr).toMatch(/there|u/);
    expect(ran.stdout + ran.stderr).not.toContain('not-to-be-shown');
  });
});

test('on a Node.js that is too old for a cluster it says so, and does not crash: exit code 2', async () => {
  const old = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.4'}})";
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(old)}` };
  expect(await cli(['sync', '--yes'], { env })).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'Syncing to a cluster needs Node.js 22.19 or newer, and this is 20.19.4. lint, plan and simulate work here.\n',
  });
  expect((await cli(['plan'], { env })).code).toBe(0);
});

test.each(['22.19.0', '22.20.1', '24.0.0', '25.1.0'])('Node.js %s is new enough for a cluster', (version) => {
  expect(() => requireNodeForCluster(version)).not.toThrow();
});

test.each(['18.20.0', '20.19.4', '22.18.0'])('Node.js %s is too old for a cluster', (version) => {
  expect(() => requireNodeForCluster(version)).toThrow(`and this is ${version}`);
});
