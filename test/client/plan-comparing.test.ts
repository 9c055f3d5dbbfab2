import { describe, expect, it } from 'vitest';
import type { ApplicationPlan } from '#core/plan/model';
import type { ApplicationSummary, ComparePlanResult, GoneApplicationsResult, PlanChange, Revision } from '#protocol';
import { comparedNode, goneNode, markOfChange } from '../../client/src/vscode/plan/changes.ts';
import { Comparing, type Comparer } from '../../client/src/vscode/plan/comparing.ts';
import type { PlanNode } from '../../client/src/vscode/plan/node.ts';
import { PlanStore } from '../../client/src/vscode/plan/store.ts';

const FOLDER = 'file:///w';
const HEAD: Revision = { name: 'HEAD', commit: '1a2b3c4d5e', short: '1a2b3c4' };

const application = (name: string, folder = FOLDER): ApplicationSummary => ({
  ...{ folder, path: `apps/${name}`, name },
  ...{ resources: 1, hooks: 0, leftOut: 0, problems: 0, ordered: true },
});
const planOf = (name: string): ApplicationPlan => ({
  name,
  source: { kind: 'directory', path: `apps/${name}`, reason: 'The manifests of one folder.' },
  namespace: '',
  plans: { sync: { phases: [] }, syncFail: { phases: [] }, delete: { phases: [] } },
  skipped: [],
  problems: [],
});

const MOVED: PlanChange = {
  change: 'moved',
  task: 'batch/Job/shop/migrate',
  from: { phase: 'PreSync', wave: 0 },
  to: { phase: 'PreSync', wave: -1 },
  text: 'From wave 0 to wave −1.',
  file: 'apps/shop/migrate.yaml',
  line: 3,
};
const REMOVED: PlanChange = {
  change: 'removed',
  task: '/ConfigMap//settings',
  from: { phase: 'Sync', wave: 2 },
  to: null,
  text: 'Its manifest is gone.',
};
const DROPPED: PlanChange = {
  change: 'dropped',
  task: 'batch/Job//seed',
  from: null,
  to: null,
  text: 'Left out.',
};

const compared = (...diff: PlanChange[]): ComparePlanResult => ({
  revision: HEAD,
  diff,
  plan: planOf('shop'),
  version: 1,
});

const draw = (nodes: readonly PlanNode[], depth = 0): string[] =>
  nodes.flatMap((node) => [
    `${'  '.repeat(depth)}${node.label}  ${node.description}`.trimEnd(),
    ...draw(node.children ?? [], depth + 1),
  ]);

describe('the rows of a compared application', () => {
  it('stand by phase, each with its kind, its sign and what it means', () => {
    const node = comparedNode(application('shop'), compared(MOVED, REMOVED, DROPPED));
    expect(draw([node])).toEqual([
      'shop  apps/shop · 3 changes',
      '  PreSync  1 change',
      '    migrate  Job · moved · wave −1 · From wave 0 to wave −1.',
      '  Sync  1 change',
      '    settings  ConfigMap · removed · wave 2 · Its manifest is gone.',
      '  Left out  1 change',
      '    seed  Job · dropped · Left out.',
    ]);
    const [moved] = node.children?.[0]?.children ?? [];
    expect(moved?.place).toEqual({ folder: FOLDER, file: 'apps/shop/migrate.yaml', line: 3 });
    expect(moved?.tooltip).toContain('in namespace `shop`');
    expect(node.children?.[1]?.children?.[0]?.place).toBeUndefined();
  });

  it('tell whether they are compared yet, and why they cannot be', () => {
    const text = (result: ComparePlanResult | undefined): string =>
      comparedNode(application('shop'), result).description;
    expect(text(undefined)).toBe('apps/shop · comparing…');
    expect(text(compared())).toBe('apps/shop · no change');
    expect(text({ problem: 'There is no revision nope.' })).toBe('apps/shop · There is no revision nope.');
    expect(text({ revision: HEAD, diff: [MOVED], plan: null, version: 1 })).toBe(
      'apps/shop · 1 change · was not there',
    );
  });

  it('keep their ids, so that what a person folded stays folded', () => {
    const ids = (result: ComparePlanResult): string[] =>
      (comparedNode(application('shop'), result).children ?? []).map(({ id }) => id);
    expect(ids(compared(MOVED))[0]).toBe(ids(compared(MOVED, REMOVED))[0]);
    const { id, children } = comparedNode(application('shop'), compared(MOVED, REMOVED));
    for (const child of children ?? []) expect(child.id.startsWith(`${id} `)).toBe(true);
  });

  it('name what becomes a hook so', () => {
    expect(markOfChange({ ...MOVED, detail: 'becomes-hook' })).toMatchObject({
      word: 'becomes a hook',
      icon: { id: 'gear' },
    });
    expect(markOfChange({ ...MOVED, detail: 'becomes-resource' })).toMatchObject({ word: 'becomes a resource' });
    expect(markOfChange(MOVED)).toMatchObject({ word: 'moved', icon: { id: 'arrow-swap' } });
  });

  it('are folded under the name of an application that is gone', () => {
    const { folder, path, name } = application('wiki');
    const node = goneNode({ application: { folder, path, name }, plan: planOf('wiki'), diff: [REMOVED] });
    expect(node.fold).toBe('closed');
    expect(draw([node])).toEqual([
      'wiki  apps/wiki · gone · 1 change',
      '  Sync  1 change',
      '    settings  ConfigMap · removed · wave 2 · Its manifest is gone.',
    ]);
  });
});

/** Answers what it was told, and notes what it was asked. */
class Answers implements Comparer {
  readonly asked: string[] = [];
  readonly results = new Map<string, ComparePlanResult>();
  lost: GoneApplicationsResult = { revision: HEAD, gone: [] };

  compare({ name }: { name: string }): Promise<ComparePlanResult> {
    this.asked.push(name);
    return Promise.resolve(this.results.get(name) ?? compared());
  }

  gone(): Promise<GoneApplicationsResult> {
    this.asked.push('gone');
    return Promise.resolve(this.lost);
  }
}

describe('a comparison', () => {
  const shop = application('shop');
  const blog = application('blog');
  const begin = (answers: Answers): { comparing: Comparing; drawn: () => number } => {
    let drawn = 0;
    return { comparing: new Comparing(FOLDER, 'HEAD', answers, () => drawn++), drawn: () => drawn };
  };

  it('asks for one application after the other, and shows those that are different', async () => {
    const answers = new Answers();
    answers.results.set('shop', compared(MOVED));
    const { comparing, drawn } = begin(answers);
    const all = [blog, shop, application('other', 'file:///elsewhere')];
    expect(comparing.label).toBe('HEAD');
    expect(comparing.message(all)).toBe('Comparing with HEAD: 0 of 2 applications');
    expect(comparing.nodes(all).map(({ label }) => label)).toEqual(['blog', 'shop']);
    await comparing.update(all);
    expect(answers.asked).toEqual(['blog', 'shop', 'gone']);
    expect(drawn()).toBe(3);
    expect(comparing.isDone(all)).toBe(true);
    expect(comparing.label).toBe('HEAD (1a2b3c4)');
    expect(comparing.nodes(all).map(({ label }) => label)).toEqual(['shop']);
    expect(comparing.message(all)).toBe('Different from HEAD (1a2b3c4): 1 of 2 applications');
  });

  it('asks again only for what changed, and for what is gone only when applications come or go', async () => {
    const answers = new Answers();
    const { comparing } = begin(answers);
    await comparing.update([blog, shop]);
    answers.asked.length = 0;
    await comparing.update([blog, shop]);
    expect(answers.asked).toEqual([]);
    comparing.outdate([shop]);
    await comparing.update([blog, shop]);
    expect(answers.asked).toEqual(['shop']);
    await comparing.update([shop]);
    expect(answers.asked).toEqual(['shop', 'gone']);
  });

  it('shows applications of the revision alone, in the rows, above them and in texts', async () => {
    const answers = new Answers();
    const { folder, path, name } = application('wiki');
    const plan = planOf('wiki');
    answers.lost = { revision: HEAD, gone: [{ application: { folder, path, name }, plan, diff: [REMOVED] }] };
    const { comparing } = begin(answers);
    await comparing.update([shop]);
    expect(draw(comparing.nodes([shop]))[0]).toBe('wiki  apps/wiki · gone · 1 change');
    expect(comparing.message([shop])).toBe('Different from HEAD (1a2b3c4): 0 of 1 application; 1 application gone');
    const comparison = comparing.comparison(new PlanStore(() => undefined));
    expect(comparison?.gone).toEqual([{ plan, changes: [REMOVED] }]);
  });

  it('says of a comparison without a difference that there is none', async () => {
    const { comparing } = begin(new Answers());
    await comparing.update([shop]);
    expect(comparing.nodes([shop])).toEqual([]);
    expect(comparing.message([shop])).toBe('No plan is different from HEAD (1a2b3c4).');
  });

  it('says why nothing can be compared, also where no application is left', async () => {
    const answers = new Answers();
    answers.lost = { problem: 'Git is not there.' };
    answers.results.set('shop', { problem: 'Git is not there.' });
    const { comparing } = begin(answers);
    await comparing.update([shop]);
    expect(draw(comparing.nodes([shop]))).toEqual(['shop  apps/shop · Git is not there.']);
    await comparing.update([]);
    expect(draw(comparing.nodes([]))).toEqual(['HEAD  Git is not there.']);
  });

  it('asks nothing more once it is over', async () => {
    const answers = new Answers();
    const { comparing } = begin(answers);
    const updating = comparing.update([blog, shop]);
    comparing.end();
    await updating;
    expect(answers.asked).toEqual(['blog']);
  });

  it('hands texts the changes of the plans that were read', async () => {
    const answers = new Answers();
    answers.results.set('shop', compared(MOVED));
    const { comparing } = begin(answers);
    const plan = planOf('shop');
    const store = new PlanStore(() => undefined);
    await store.connect({
      applications: () => Promise.resolve([shop]),
      plan: () => Promise.resolve({ application: shop, version: 1, plan }),
      renderAgain: () => Promise.resolve(),
      applicationOf: () => Promise.resolve(null),
      unread: () => Promise.resolve([]),
    });
    expect(comparing.comparison(store)).toBeUndefined();
    await comparing.update([shop]);
    expect(comparing.comparison(store)?.changes.get(plan)).toEqual([MOVED]);
  });
});
