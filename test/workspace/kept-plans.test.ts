import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../server/src/manifest/source-file.ts';
import { openIndex, type WorkspaceIndex } from '../../server/src/workspace/index.ts';
import { application, manifest, MemoryFiles } from './memory-files.ts';

const WAVE = { 'argocd.argoproj.io/sync-wave': '3' };
const TEXTS = [
  manifest('ConfigMap', 'settings'),
  manifest('ConfigMap', 'settings', WAVE),
  `${manifest('Job', 'seed', { 'argocd.argoproj.io/hook': 'PreSync' })}---\n${manifest('Secret', 'keys')}`,
  'only: values\n',
  'kind: {{ .Values.kind }}\napiVersion: v1\nmetadata:\n  name: a\n',
  'kind: [\n',
];
/** Two Applications share a folder, so that a file belongs to both; the third one is a folder without one. */
const APPLICATIONS = {
  'apps/one.yaml': application('one', 'source:\n  path: shared\n'),
  'apps/two.yaml': application('two', 'source:\n  path: shared\n  directory:\n    exclude: b.yaml\n'),
};
const PATHS = ['shared/a.yaml', 'shared/b.yaml', 'folder/c.yaml', 'folder/Chart.yaml'];

const plansOf = (index: WorkspaceIndex) => index.applications().map((found) => [found, index.plan(found)]);

describe('plans that are kept', () => {
  it('are those that a fresh look at the files gives, whatever happened to the files', async () => {
    const path = fc.constantFrom(...PATHS, 'apps/one.yaml');
    const text = fc.constantFrom(...TEXTS, APPLICATIONS['apps/one.yaml']);
    const step = fc.record({ path, text, what: fc.constantFrom('write', 'type', 'close', 'delete', 'ask') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const files = new MemoryFiles({
          ...APPLICATIONS,
          'shared/a.yaml': TEXTS[0] ?? '',
          'folder/c.yaml': TEXTS[1] ?? '',
        });
        const index = await openIndex(files, { rootName: 'root' });
        const open = new Map<string, string>();
        for (const { path: at, text: now, what } of steps) {
          if (what === 'ask') plansOf(index);
          else if (what === 'type') {
            open.set(at, now);
            index.overlay(at, openFile(at, now));
          } else if (what === 'close') {
            open.delete(at);
            await index.close(at);
          } else {
            if (what === 'write') files.texts.set(at, now);
            else files.texts.delete(at);
            await index.refresh(at);
          }
        }
        for (const at of open.keys()) await index.close(at);
        const fresh = await openIndex(files, { rootName: 'root' });
        expect(plansOf(index)).toEqual(plansOf(fresh));
      }),
      { numRuns: 200 },
    );
  });

  it('stay the same objects while nothing of theirs changes', async () => {
    const index = await openIndex(
      new MemoryFiles({ ...APPLICATIONS, 'shared/a.yaml': TEXTS[0] ?? '', 'shared/b.yaml': '' }),
      {
        rootName: 'root',
      },
    );
    const [one, two] = index.applications();
    if (!one || !two) throw new Error('two applications were expected');
    const plans = [index.plan(one), index.plan(two)];
    index.overlay('shared/b.yaml', openFile('shared/b.yaml', TEXTS[2] ?? ''));
    expect(index.applications()).toEqual([one, two]);
    expect(index.keptCounts(one)).toBeUndefined();
    expect(index.plan(two)).toBe(plans[1]);
    expect(index.plan(one)).not.toBe(plans[0]);
  });

  it('hold a file that was saved and closed before anybody asked, and opened again', async () => {
    const files = new MemoryFiles({ ...APPLICATIONS, 'shared/a.yaml': TEXTS[0] ?? '' });
    const index = await openIndex(files, { rootName: 'root' });
    const file = openFile('shared/b.yaml', TEXTS[1] ?? '');
    index.overlay('shared/b.yaml', file);
    files.texts.set('shared/b.yaml', file.text);
    await index.refresh('shared/b.yaml');
    await index.close('shared/b.yaml');
    index.overlay('shared/b.yaml', file);
    await index.close('shared/b.yaml');
    expect(index.paths()).toContain('shared/b.yaml');
  });
});
