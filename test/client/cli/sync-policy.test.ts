import { expect, test } from 'vitest';
import { openService } from '#service';
import { Flags } from '../../../client/src/cli/args.ts';
import { policyOf } from '../../../client/src/cli/commands/sync.ts';
import { manifest, MemoryFiles } from '../../workspace/memory-files.ts';

const APPLICATION = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  source: {repoURL: https://example.com/shop.git, path: shop, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
`;

async function policy(application: string, ...flags: readonly (readonly [string, string])[]): Promise<unknown> {
  const files = { 'app.yaml': application, 'shop/a.yaml': manifest('ConfigMap', 'a') };
  const service = await openService(new MemoryFiles(files), [], { rootName: 'root' });
  const found = service.applications().find(({ name }) => name === 'shop');
  if (!found) throw new Error('no application');
  return policyOf(new Flags(new Map(flags.map(([name, value]) => [name, [value]]))), found);
}

test('a sync is tried again as the Application of the workspace says, unless a flag does', async () => {
  const declared = `${APPLICATION}  syncPolicy: {retry: {limit: 3, backoff: {duration: 30s}}}\n`;
  const backoff = { duration: 30_000, factor: 2, maxDuration: 180_000 };
  expect(await policy(declared)).toEqual({ retry: 3, backoff });
  expect(await policy(declared, ['retry', '1'])).toEqual({});
  expect(await policy(declared, ['retry-backoff-factor', '1'])).toEqual({ retry: 3 });
  // Its manifest is what is synced: that of the cluster does not count beside it.
  expect(await policy(APPLICATION)).toEqual({});
});

test('a folder that no manifest declares is synced as its Application in the cluster says', async () => {
  expect(await policy('')).toEqual({ adopts: true });
});
