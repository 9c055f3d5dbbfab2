import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPlans } from '#core/plan/diff';
import type { PlanChange } from '#core/plan/diff-model';
import type { ApplicationPlan } from '#core/plan/model';
import { allPlaces, taskKey } from '#core/plan/query';
import { manifest, planOf } from './plans.ts';

const point = (at: PlanChange['from']): string => (at ? `${at.phase} ${at.wave}` : '–');

/** A change as a person would note it down: `moved Job/migrate: PreSync 0 → Sync 1`, and its text below. */
const note = ({ change, detail, task, from, to, text }: PlanChange): string =>
  `${change}${detail ? ` (${detail})` : ''} ${task}: ${point(from)} → ${point(to)}\n  ${text}`;

const compare = (before: string, after: string): string =>
  diffPlans(planOf(before), planOf(after)).map(note).join('\n');

const WEB = manifest('Deployment web');

describe('the difference of two plans', () => {
  it('tells what was added and removed, and what that comes to', () => {
    const before = WEB + manifest('ConfigMap old') + manifest('Job seed', 'PostSync');
    const after = WEB + manifest('ConfigMap new') + manifest('Job migrate', 'PreSync', -1);
    expect(compare(before, after)).toBe(
      `added batch/Job/shop/migrate: – → PreSync -1
  New: runs in PreSync, wave −1, before anything else of the application is applied; what follows waits until it completes.
removed /ConfigMap/shop/old: Sync 0 → –
  Its manifest is gone: with pruning on, a sync deletes the live object; without, the object stays as it is.
added /ConfigMap/shop/new: – → Sync 0
  New: is applied in Sync, wave 0.
ungated apps/Deployment/shop/web: Sync 0 → Sync 0
  What follows does not wait for it any more: it is in the last wave, and the sync succeeds as soon as everything of it is applied.
removed batch/Job/shop/seed: PostSync 0 → –
  Does not run any more (PostSync): its manifest is gone. What an earlier sync left of it stays in the cluster, also with pruning on.`,
    );
  });

  it('tells what moved, past what, and what waits now', () => {
    const before = manifest('ConfigMap settings') + WEB + manifest('Service web', '', 1);
    const after = manifest('ConfigMap settings', '', 2) + WEB + manifest('Service web', '', 1);
    expect(compare(before, after)).toBe(
      `gated /Service/shop/web: Sync 1 → Sync 1
  What follows waits until it is healthy now. Before: the next wave does not wait for it: it is in the last wave, and the sync succeeds as soon as everything of it is applied.
moved /ConfigMap/shop/settings: Sync 0 → Sync 2
  From wave 0 to wave 2 of Sync: after Deployment web and 1 more now.`,
    );
    expect(compare(after, before)).toContain('From wave 2 to wave 0 of Sync: before Service web now.');
  });

  it('tells of a phase that changed', () => {
    expect(compare(manifest('Job a', 'PreSync'), manifest('Job a', 'PostSync', 3))).toBe(
      `moved batch/Job/shop/a: PreSync 0 → PostSync 3
  From PreSync to PostSync, wave 3: when everything of Sync is applied and healthy now, not before anything else of the application is applied.`,
    );
  });

  it('keeps a hook apart by its phases', () => {
    expect(compare(manifest('Job a', 'PreSync'), manifest('Job a', 'PreSync,SyncFail'))).toMatch(
      /^added batch\/Job\/shop\/a: – → SyncFail 0\n {2}In one more phase: runs in SyncFail, wave 0, only when the sync fails/,
    );
    expect(compare(manifest('Job a', 'PreSync,SyncFail'), manifest('Job a', 'PreSync'))).toBe(
      'removed batch/Job/shop/a: SyncFail 0 → –\n  Does not run in SyncFail any more.',
    );
  });

  it('tells of a resource that becomes a hook, and of one that ceases to be', () => {
    const resource = WEB + manifest('Job a');
    const inSync = WEB + manifest('Job a', 'Sync');
    expect(compare(resource, inSync)).toContain(
      'moved (becomes-hook) batch/Job/shop/a: Sync 0 → Sync 0\n  A hook now: each sync runs it anew',
    );
    expect(compare(inSync, resource)).toContain(
      'moved (becomes-resource) batch/Job/shop/a: Sync 0 → Sync 0\n  An ordinary resource now',
    );
    expect(compare(resource, WEB + manifest('Job a', 'PreSync'))).toContain(
      'moved (becomes-hook) batch/Job/shop/a: Sync 0 → PreSync 0',
    );
  });

  it('tells of a manifest that is left out now, and of one that is back', () => {
    const good = manifest('Job a', 'PreSync');
    const typo = manifest('Job a', 'presync');
    expect(compare(good, typo)).toBe(
      'dropped batch/Job/shop/a: PreSync 0 → –\n  Left out now. "presync" is no phase of Argo CD: it never applies this manifest, and prunes a live copy. Did you mean PreSync?',
    );
    expect(compare(typo, good)).toMatch(
      /^added \(restored\) .*– → PreSync 0\n {2}Not left out any more: runs in PreSync/,
    );
    expect(compare('', typo)).toMatch(/^dropped .*– → –\n {2}New, and left out\. "presync" is no phase/);
    expect(compare(typo, '')).toMatch(/^removed .*– → –\n {2}Its manifest is gone; Argo CD left it out before too/);
    expect(compare(typo, typo)).toBe('');
  });

  it('knows hooks of a deletion, and names that a sync makes', () => {
    expect(compare(manifest('Job a', 'PreDelete'), manifest('Job a', 'PostDelete'))).toContain(
      'moved batch/Job/shop/a: PreDelete 0 → PostDelete 0',
    );
    const slack = (hook: string): string => manifest('Job', hook, 0, { name: '', generateName: 'slack-' });
    expect(compare(slack('PostSync'), slack('SyncFail'))).toContain(
      'moved batch/Job/shop/slack-: PostSync 0 → SyncFail 0',
    );
    expect(compare(slack('PostSync') + slack('PostSync'), slack('PostSync'))).toContain(
      'removed batch/Job/shop/slack-',
    );
  });

  it('takes an application that is not there for an empty one', () => {
    expect(diffPlans(undefined, planOf(WEB)).map(note)).toEqual([
      'added apps/Deployment/shop/web: – → Sync 0\n  New: is applied in Sync, wave 0.',
    ]);
    expect(diffPlans(planOf(WEB), undefined)).toMatchObject([{ change: 'removed' }]);
    expect(diffPlans(undefined, undefined)).toEqual([]);
  });

  it('names the place of the manifest in the newer plan', () => {
    expect(diffPlans(planOf(WEB), planOf('{}\n---\n' + manifest('Job a', 'Sync') + WEB))).toContainEqual(
      expect.objectContaining({ change: 'added', file: 'a.yaml', line: 2 }),
    );
  });
});

const HOOKS = [
  '',
  'PreSync',
  'Sync',
  'PostSync',
  'SyncFail',
  'PreSync,PostSync',
  'PreDelete',
  'PostDelete',
  'Skip',
  'presync',
  ' ',
];
const object = fc
  .tuple(
    fc.constantFrom('Job', 'ConfigMap', 'Deployment', 'Namespace', 'Widget'),
    fc.constantFrom('a', 'b', 'c', ''),
    fc.constantFrom(...HOOKS),
    fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
  )
  .map(([kind, name, hook, wave]) => {
    const metadata: Readonly<Record<string, string>> = name === '' ? { name, generateName: 'made-' } : {};
    return manifest(`${kind} ${name}`, hook, wave, metadata);
  });
const application = fc.array(object, { maxLength: 12 }).map((objects) => planOf(objects.join('')));

const INVERSE = { added: 'removed', removed: 'added', moved: 'moved', gated: 'ungated', ungated: 'gated' } as const;

/** What undoes a change, without its text. */
function inverse({ change, detail, task, from, to }: PlanChange): string {
  const swapped = { task, from: point(to), to: point(from) };
  if (change === 'dropped') return JSON.stringify(from ? ['added', 'restored', swapped] : ['removed', '', swapped]);
  if (detail === 'restored' || (change === 'removed' && !from)) return JSON.stringify(['dropped', '', swapped]);
  const details = { 'becomes-hook': 'becomes-resource', 'becomes-resource': 'becomes-hook' } as const;
  return JSON.stringify([INVERSE[change], detail ? details[detail] : '', swapped]);
}
const plain = ({ change, detail, task, from, to }: PlanChange): string =>
  JSON.stringify([change, detail ?? '', { task, from: point(from), to: point(to) }]);

interface Stand {
  readonly task: string;
  place: string;
  waits: boolean | undefined;
}

const standing = (plan: ApplicationPlan): Stand[] =>
  allPlaces(plan).map(({ phase, wave, task }) => ({
    task: taskKey(task),
    place: `${phase} ${wave.wave}`,
    waits: wave.gate.for.some((entry) => entry.task === taskKey(task)),
  }));

/** The tasks of a plan after some changes; whether an added one is waited for is in its text alone. */
function applied(plan: ApplicationPlan, changes: readonly PlanChange[]): Stand[] {
  const tasks = standing(plan);
  const find = (task: string, place: string): Stand => {
    const found = tasks.find((stand) => stand.task === task && stand.place === place && !done.has(stand));
    if (!found) throw new Error(`no ${task} in ${place}`);
    return found;
  };
  const done = new Set<Stand>();
  const byKind = (...kinds: readonly string[]): readonly PlanChange[] =>
    changes.filter(({ change }) => kinds.includes(change));
  for (const { task, from } of byKind('removed', 'dropped'))
    if (from) tasks.splice(tasks.indexOf(find(task, point(from))), 1);
  const gates = byKind('gated', 'ungated').map(({ change, task, from, to }) => ({
    change,
    id: `${task} ${point(from)} ${point(to)}`,
  }));
  const flip = (stand: Stand, from: string, to: string): void => {
    const gate = gates.findIndex(({ id }) => id === `${stand.task} ${from} ${to}`);
    if (gate >= 0) stand.waits = gates.splice(gate, 1)[0]?.change === 'gated';
  };
  for (const { task, from, to } of byKind('moved')) {
    const stand = find(task, point(from));
    flip(stand, point(from), point(to));
    stand.place = point(to);
    done.add(stand);
  }
  for (const stand of tasks) if (!done.has(stand)) flip(stand, stand.place, stand.place);
  expect(gates).toEqual([]);
  return [...tasks, ...byKind('added').map(({ task, to }) => ({ task, place: point(to), waits: undefined }))];
}

const texts = (tasks: readonly Stand[]): string[] => tasks.map(({ task, place }) => `${place} ${task}`).sort();

describe('for any two plans', () => {
  it('nothing is different from itself', () => {
    fc.assert(
      fc.property(application, (a) => {
        expect(diffPlans(a, a)).toEqual([]);
      }),
    );
  });

  it('the difference back is the inverse', () => {
    fc.assert(
      fc.property(application, application, (a, b) => {
        expect(diffPlans(a, b).map(inverse).sort()).toEqual(diffPlans(b, a).map(plain).sort());
      }),
      { numRuns: 300 },
    );
  });

  it('the changes make one list of tasks from the other', () => {
    fc.assert(
      fc.property(application, application, (a, b) => {
        const made = applied(a, diffPlans(a, b));
        expect(texts(made)).toEqual(texts(standing(b)));
        const there = standing(b);
        for (const { task, place, waits } of made)
          if (waits !== undefined)
            expect(there.some((other) => other.task === task && other.place === place && other.waits === waits)).toBe(
              true,
            );
      }),
      { numRuns: 300 },
    );
  });

  it('the order is that of the newer plan, whatever the order of the manifests', () => {
    const phases = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete'];
    fc.assert(
      fc.property(application, application, (a, b) => {
        const changes = diffPlans(a, b);
        const ranks = changes.map(({ from, to }) => {
          const at = to ?? from;
          return at ? phases.indexOf(at.phase) * 100 + at.wave + 50 : 10_000;
        });
        expect(ranks).toEqual(ranks.toSorted((x, y) => x - y));
        expect(diffPlans(a, b)).toEqual(changes);
      }),
    );
  });

  it('each change has a text that ends like a sentence', () => {
    fc.assert(
      fc.property(application, application, (a, b) => {
        for (const { text } of diffPlans(a, b)) expect(text).toMatch(/^[A-Z].*[.?]$/);
      }),
    );
  });
});
