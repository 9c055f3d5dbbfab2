import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { YamlServer } from './yaml-server.ts';

const yaml = new YamlServer();
beforeAll(() => yaml.start(), 60_000);
afterAll(() => yaml.end());

describe('x', () => {
  it('y', async () => {
    const uri = 'file:///a.yaml';
    const d = await yaml.open(uri, 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  annotations:\n    argocd.argoproj.io/hook: presync\n    argocd.argoproj.io/sync-wave: 1\n    argocd.argoproj.io/sync-wave: "2"\n    \n');
    console.log(JSON.stringify(d, null, 1));
    for (const p of [[4, 8], [4, 30], [7, 4], [5,35],[2,2]])
      console.log(JSON.stringify(await yaml.connection.sendRequest('textDocument/completion', { textDocument: { uri }, position: { line: p[0], character: p[1] } })), JSON.stringify(await yaml.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: p[0], character: p[1] } })));
    expect(1).toBe(1);
  }, 30000);
});
