import { describe, expect, test } from 'vitest';
import type { ApplicationPlan } from '#core/plan/model';
import { openService, treeFiles } from '#service';
import {
  choiceEntries,
  readChoice,
  scenarioOf,
  scenarioWords,
  taskEntries,
  type Choice,
} from '../../client/src/vscode/sync/simulate-choices.ts';
import { manifest } from '../workspace/memory-files.ts';
import { MemoryTree } from '../workspace/memory-tree.ts';

const HOOK = 'argocd.argoproj.io/hook';
const WAVE = 'argocd.argoproj.io/sync-wave';

async function planOf(...manifests: readonly string[]): Promise<ApplicationPlan> {
  const tree = new MemoryTree(new Map(manifests.map((text, i) => [`shop/${i}.yaml`, text])));
  const service = await openService(treeFiles(tree), [], { rootName: 'root' });
  const [application] = service.applications();
  if (!application) throw new Error('no application');
  return service.plan(application);
}

const SHOP = await planOf(
  manifest('Job', 'migrate', { [HOOK]: 'PreSync', [WAVE]: '-1' }),
  manifest('Job', 'warm', { [HOOK]: 'PreSync,PostSync' }),
  manifest('Job', 'notify', { [HOOK]: 'SyncFail' }),
  manifest('ConfigMap', 'settings'),
  manifest('Deployment', 'web'),
);

const shown = (last: Choice | undefined, hasGit = true, plan = SHOP): string[] =>
  choiceEntries(plan, last, hasGit).map(({ label, description }) => `${label} · ${description}`);

const ALL = [
  '$(beaker) First Install · the cluster is empty',
  '$(git-commit) Upgrade from HEAD · what is committed is live',
  '$(history) Upgrade from a Git Revision… · what that revision leaves is live',
  '$(error) Let a Hook Fail… · choose which one',
  '$(watch) Let a Hook Hang… · choose which one',
  '$(trash) Delete the Application · what a sync of these manifests leaves is live',
];

describe('what can be simulated', () => {
  test('everything, where there is Git', () => {
    expect(shown(undefined)).toEqual(ALL);
  });

  test('no upgrade without Git, and nothing hangs where nothing has pods', async () => {
    const plan = await planOf(manifest('ConfigMap', 'settings'));
    expect(shown(undefined, false, plan)).toEqual([ALL[0], ALL[3], ALL[5]]);
  });

  test.each<[Choice, string[]]>([
    [{ kind: 'first' }, [`${ALL[0] ?? ''} · as last time`, ...ALL.slice(1)]],
    [{ kind: 'upgrade', revision: 'HEAD' }, [`${ALL[1] ?? ''} · as last time`, ALL[0] ?? '', ...ALL.slice(2)]],
    [{ kind: 'upgrade', revision: 'v1' }, ['$(git-commit) Upgrade from v1 · as last time', ...ALL]],
    [{ kind: 'fail', name: 'Job/migrate' }, ['$(error) Job migrate Fails · as last time', ...ALL]],
    [{ kind: 'hang', name: 'Deployment/web' }, ['$(watch) Deployment web Hangs · as last time', ...ALL]],
  ])('the last choice comes first: %o', (last, expected) => {
    expect(shown(last)).toEqual(expected);
  });

  test.each<[Choice]>([[{ kind: 'fail', name: 'Job/gone' }], [{ kind: 'hang', name: 'ConfigMap/settings' }]])(
    'a last choice that is none any more is left out: %o',
    (last) => {
      expect(shown(last)).toEqual(ALL);
    },
  );

  test('nor is an upgrade offered again without Git', () => {
    expect(shown({ kind: 'upgrade', revision: 'v1' }, false)[0]).toBe(ALL[0]);
  });
});

describe('which one', () => {
  const listed = (how: 'fail' | 'hang') =>
    taskEntries(SHOP, how).map(({ label, description, name }) =>
      name === undefined ? `— ${label}` : `${label} · ${description} · ${name}`,
    );

  test('hooks first, each once, none of SyncFail', () => {
    expect(listed('fail')).toEqual([
      '— hooks',
      'migrate · Job · PreSync wave −1 · Job/migrate',
      'warm · Job · PreSync wave 0 · Job/warm',
      '— resources',
      'settings · ConfigMap · Sync wave 0 · ConfigMap/settings',
      'web · Deployment · Sync wave 0 · Deployment/web',
    ]);
  });

  test('what has no pods cannot hang', () => {
    expect(listed('hang').filter((line) => line.includes('settings'))).toEqual([]);
    expect(listed('hang')).toHaveLength(5);
  });
});

test.each<[Choice, object, string]>([
  [{ kind: 'first' }, {}, 'first install'],
  [{ kind: 'upgrade', revision: 'v1' }, { upgrade: 'v1' }, 'upgrade from what v1 leaves'],
  [{ kind: 'delete' }, { deletes: true }, 'deletion of what a sync of these manifests leaves'],
  [{ kind: 'fail', name: 'Job/a' }, { fail: 'Job/a' }, 'first install; Job a fails'],
  [{ kind: 'hang', name: 'Job/a-' }, { hang: 'Job/a-' }, 'first install; Job a-… never ends'],
])('the scenario of %o, which is read as it was kept', (choice, scenario, words) => {
  expect(scenarioOf(choice)).toEqual(scenario);
  expect(scenarioWords(scenarioOf(choice))).toBe(words);
  expect(readChoice(JSON.parse(JSON.stringify(choice)))).toEqual(choice);
});

test.each([[undefined], [null], ['first'], [{}], [{ kind: 'upgrade' }], [{ kind: 'fail', name: 3 }], [{ kind: 'x' }]])(
  '%o is no choice',
  (kept) => expect(readChoice(kept)).toBeUndefined(),
);
