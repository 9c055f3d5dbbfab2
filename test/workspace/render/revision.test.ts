import { expect, it } from 'vitest';
import type { RenderJob } from '../../../server/src/workspace/render/model.ts';
import { revisionRenderer } from '../../../server/src/workspace/revision-renderer.ts';

it('a render of a revision sees its files alone', async () => {
  const jobs: RenderJob[] = [];
  const fail = (): never => {
    throw new Error('the disk was asked');
  };
  const renderer = revisionRenderer(
    {
      network: false,
      render: (job) => {
        jobs.push(job);
        return Promise.resolve({ kind: 'rendered', output: 'ok' });
      },
      chart: fail,
      entry: fail,
      read: fail,
      list: fail,
    },
    {
      entry: (path) => Promise.resolve(path === 'base' ? 'folder' : undefined),
      bytes: (path) => Promise.resolve(path.startsWith('gone') ? undefined : new TextEncoder().encode(`old ${path}`)),
      text: (path) => Promise.resolve(`old ${path}`),
      list: (folder) => Promise.resolve([`${folder}/b`, `${folder}/a`]),
    },
  );
  const job: RenderJob = {
    tool: 'kustomize',
    folder: 'base',
    files: ['base/a', 'gone', 'base/edited'],
    copies: new Map([
      ['there/c', 'base/c'],
      ['there/d', 'gone/d'],
    ]),
    texts: new Map([['base/edited', 'edited']]),
    extra: new Map(),
    calls: [['build']],
  };
  expect(await renderer.render(job, { cancelled: false, onCancelled: () => undefined })).toEqual({
    kind: 'rendered',
    output: 'ok',
  });
  const [made] = jobs;
  expect([made?.files, [...(made?.copies ?? [])]]).toEqual([['base/a', 'base/edited'], [['there/c', 'base/c']]]);
  const texts = [...(made?.texts ?? [])].map(([path, content]) => [
    path,
    typeof content === 'string' ? content : new TextDecoder().decode(content),
  ]);
  expect(texts.sort()).toEqual([
    ['base/a', 'old base/a'],
    ['base/c', 'old base/c'],
    ['base/edited', 'edited'],
  ]);
  expect([await renderer.entry('base'), await renderer.read('x'), await renderer.list('base')]).toEqual([
    'folder',
    'old x',
    ['base/a', 'base/b'],
  ]);
});
