import { describe, expect, test } from 'vitest';
import type { ApplicationRef, ApplicationSummary, PlanResult, UnreadPlace } from '#protocol';
import type { LiveStatus } from '../../client/src/vscode/plan/live-marks.ts';
import { planIn } from '../../client/src/vscode/plan/plan-answer.ts';
import { PlanStore, type PlanSource } from '../../client/src/vscode/plan/store.ts';
import { startOf, type RunState } from '../../client/src/vscode/sync/run-state.ts';
import { unreadNode } from '../../client/src/vscode/plan/unread.ts';

const summary = (name: string): ApplicationSummary => ({
  ...{ folder: 'file:///w', path: name, name },
  ...{ resources: 1, hooks: 0, leftOut: 0, problems: 0, ordered: false },
});

const result = (application: ApplicationRef, version: number, namespace: string): PlanResult => ({
  application,
  version,
  plan: {
    name: application.name,
    source: { kind: 'directory', path: application.path, reason: '' },
    namespace,
    plans: { sync: { phases: [] }, syncFail: { phases: [] }, delete: { phases: [] } },
    skipped: [],
    problems: [],
  },
});

/** A language server that answers when it is told to, and remembers what it was asked. */
class Source implements PlanSource {
  names: string[];
  version = 1;
  namespace = '';
  resources = 1;
  readonly asked: string[] = [];
  /** Versions of the plans that were known when another was asked for. */
  readonly known: (number | undefined)[] = [];
  /** Names of the applications that were asked for. */
  readonly listed: (readonly string[] | 'all')[] = [];
  lost: string[] = [];
  /** How often everything was to be rendered anew. */
  rendered = 0;
  hold: Promise<void> = Promise.resolve();

  constructor(...names: string[]) {
    this.names = names;
  }

  async applications(only?: readonly ApplicationRef[]): Promise<ApplicationSummary[]> {
    this.listed.push(only?.map(({ name }) => name) ?? 'all');
    const names = this.names.filter((name) => only?.some((one) => one.name === name) ?? true);
    const { resources } = this;
    await this.hold;
    return names.map((name) => ({ ...summary(name), resources }));
  }

  async plan(application: ApplicationRef, known?: PlanResult): Promise<PlanResult> {
    this.asked.push(application.name);
    this.known.push(known?.version);
    return result(application, this.version, this.namespace);
  }

  async unread(): Promise<UnreadPlace[]> {
    return this.lost.map((path) => ({ folder: 'file:///w', path, message: 'The folder cannot be read (EACCES).' }));
  }

  async renderAgain(): Promise<void> {
    this.rendered++;
  }

  async applicationOf(): Promise<null> {
    return null;
  }
}

const versions = (store: PlanStore): (number | undefined)[] => store.views.map((view) => view.result?.version);
const LIVE: LiveStatus = {
  at: 0,
  tasks: new Map(),
  status: {
    ...{ application: 'blog', namespace: 'blog', revision: 'HEAD', sync: 'Synced', health: 'Healthy' },
    ...{ notes: [], resources: [] },
    cluster: { kind: 'kubernetes', ...{ context: '', server: '', namespace: '', user: '', origin: '', version: '' } },
  },
};

const finished = (application: ApplicationRef): RunState => ({
  ...startOf(application, 'simulation'),
  stage: 'finished',
});

describe('PlanStore', () => {
  test('a first plan that is on its way is not asked for again', async () => {
    const source = new Source('shop');
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const plan = source.plan.bind(source);
    source.plan = async (application, known) => {
      const found = plan(application, known);
      await held;
      return found;
    };
    const store = new PlanStore(() => undefined);
    const connected = store.connect(source);
    await expect.poll(() => source.asked).toEqual(['shop']);
    const changed = store.planChanged({ applications: [summary('shop')] });
    const loaded = store.load(summary('shop'));
    answer();
    await Promise.all([connected, changed, loaded]);
    expect(source.asked).toEqual(['shop']);
    expect(versions(store)).toEqual([1]);
    await store.load(summary('shop'));
    expect(source.known).toEqual([undefined, 1]);
  });

  test('what could not be read is a row with its reason, until it can be', async () => {
    const source = new Source('shop');
    source.lost = ['apps/secret', '.'];
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    const rows = (): string[] =>
      store.unread.map((place) => unreadNode(place, '')).map(({ label, description }) => `${label}: ${description}`);
    expect(rows()).toEqual([
      'apps/secret: The folder cannot be read (EACCES).',
      'This folder: The folder cannot be read (EACCES).',
    ]);
    expect(store.unread.map((place) => unreadNode(place, 'web').problems.length)).toEqual([1, 1]);
    source.lost = [];
    await store.refresh();
    expect(rows()).toEqual([]);
  });

  test('a refresh by hand has everything rendered anew before it asks', async () => {
    const source = new Source('shop');
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    await store.refreshAll();
    expect([source.rendered, source.asked.length]).toEqual([1, 2]);
  });

  test('the plan of a single application is asked for at once, of several only when one is opened', async () => {
    let redrawn = 0;
    const one = new PlanStore(() => redrawn++);
    await one.connect(new Source('shop'));
    expect([one.state, versions(one), redrawn]).toEqual(['ready', [1], 1]);

    const source = new Source('shop', 'blog');
    const two = new PlanStore(() => undefined);
    await two.connect(source);
    expect([versions(two), source.asked]).toEqual([[undefined, undefined], []]);
    await two.load(summary('blog'));
    expect([versions(two), source.asked]).toEqual([[undefined, 1], ['blog']]);
  });

  test('after a change only opened plans are asked for again', async () => {
    const source = new Source('shop', 'blog');
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    await store.load(summary('blog'));
    source.version = 2;
    await store.planChanged({ applications: [summary('blog')] });
    expect([versions(store), source.asked]).toEqual([
      [undefined, 2],
      ['blog', 'blog'],
    ]);
  });

  test('after a change only what changed is asked for, with what is known of it', async () => {
    const source = new Source('a', 'b', 'c');
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    await store.load(summary('b'));
    source.version = 2;
    source.resources = 7;
    await store.planChanged({ applications: [summary('b')] });
    expect([source.listed, source.known]).toEqual([
      ['all', ['b']],
      [undefined, 1],
    ]);
    expect(store.views.map((view) => [view.summary.name, view.summary.resources, view.result?.version])).toEqual([
      ['a', 1, undefined],
      ['b', 7, 2],
      ['c', 1, undefined],
    ]);
    source.names = ['a', 'b', 'c', 'd'];
    await store.planChanged({ applications: [summary('d')], list: true });
    expect(source.listed.at(-1)).toBe('all');
    expect(store.views.map((view) => view.summary.name)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a change whose answer was overtaken, or never came, is asked for with the next one', async () => {
    const source = new Source('a', 'b', 'c');
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    source.resources = 2;
    let release = (): void => undefined;
    source.hold = new Promise((resolve) => (release = resolve));
    const first = store.planChanged({ applications: [summary('a')] });
    source.hold = Promise.reject(new Error('the server is busy'));
    await expect(store.planChanged({ applications: [summary('b')] })).rejects.toThrow('busy');
    source.hold = Promise.resolve();
    await store.planChanged({ applications: [summary('c')] });
    release();
    await first;
    expect(source.listed).toEqual(['all', ['a'], ['a', 'b'], ['a', 'b', 'c']]);
    expect(store.views.map((view) => view.summary.resources)).toEqual([2, 2, 2]);
  });

  test('a list that was not had is asked for again', async () => {
    const source = new Source('a');
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    source.names = ['a', 'b'];
    source.hold = Promise.reject(new Error('the server is busy'));
    await expect(store.planChanged({ applications: [summary('b')], list: true })).rejects.toThrow('busy');
    source.hold = Promise.resolve();
    await store.planChanged({ applications: [summary('a')] });
    expect(store.views.map((view) => view.summary.name)).toEqual(['a', 'b']);
  });

  test('an older plan never replaces a newer one', async () => {
    const source = new Source('shop');
    source.version = 5;
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    source.version = 4;
    await store.load(summary('shop'));
    expect(versions(store)).toEqual([5]);
  });

  test('an answer that was overtaken by a later question is dropped', async () => {
    const source = new Source('old');
    let release = (): void => undefined;
    source.hold = new Promise((resolve) => (release = resolve));
    const store = new PlanStore(() => undefined);
    const first = store.connect(source);
    source.names = ['new'];
    source.hold = Promise.resolve();
    await store.refresh();
    release();
    await first;
    expect(store.views.map((view) => view.summary.name)).toEqual(['new']);
  });

  test('says why it is empty', async () => {
    const store = new PlanStore(() => undefined);
    expect(store.state).toBe('starting');
    await store.connect(new Source());
    expect(store.state).toBe('empty');
    await store.connect(undefined, true);
    expect([store.state, store.views]).toEqual(['failed', []]);
  });

  test('an edit takes away what a finished run left, not a run that goes on', async () => {
    const store = new PlanStore(() => undefined);
    await store.connect(new Source('shop', 'blog'));
    store.setRun(finished(summary('shop')));
    store.setRun(startOf(summary('blog'), 'simulation'));
    expect(store.hasFinishedRun).toBe(true);
    store.edited('file:///w', 'elsewhere/a.yaml');
    store.edited('file:///other', 'shop/a.yaml');
    expect(store.views.map((view) => view.run?.stage)).toEqual(['finished', 'preparing']);
    store.edited('file:///w', 'shop/a.yaml');
    store.edited('file:///w', 'blog/a.yaml');
    expect(store.views.map((view) => view.run?.stage)).toEqual([undefined, 'preparing']);
  });

  test('a plan that became another one takes it away too, a file that was saved does not', async () => {
    const source = new Source('shop');
    const store = new PlanStore(() => undefined);
    await store.connect(source);
    store.setRun(finished(summary('shop')));
    await store.planChanged({ applications: [summary('shop')] });
    expect(store.hasFinishedRun).toBe(true);
    source.version = 2;
    source.namespace = 'another';
    await store.planChanged({ applications: [summary('shop')] });
    expect(store.hasFinishedRun).toBe(false);
  });

  test('what stood there before holds until another run is confirmed, and is there again where it is refused', async () => {
    const store = new PlanStore(() => undefined);
    await store.connect(new Source('shop', 'blog'));
    const [shop, blog] = [summary('shop'), summary('blog')];
    store.setLive(blog, LIVE);
    store.setRun(finished(shop));
    for (const application of [shop, blog]) store.setRun(startOf(application, 'kind-dev'));
    expect(store.views.map(({ run, live }) => [run?.stage, live])).toEqual([
      ['preparing', undefined],
      ['preparing', LIVE],
    ]);
    store.dropRun(shop);
    store.dropRun(blog);
    expect(store.views.map(({ run, live }) => [run?.stage, live])).toEqual([
      ['finished', undefined],
      [undefined, LIVE],
    ]);
    store.setRun({ ...startOf(blog, 'kind-dev'), stage: 'running' });
    expect(store.views.map(({ run, live }) => [run?.stage, live])).toEqual([
      ['finished', undefined],
      ['running', undefined],
    ]);
  });

  test('what an edit has made untrue does not come back', async () => {
    const store = new PlanStore(() => undefined);
    await store.connect(new Source('shop', 'blog'));
    store.setRun(finished(summary('shop')));
    store.setLive(summary('blog'), LIVE);
    for (const name of ['shop', 'blog']) {
      store.setRun(startOf(summary(name), 'kind-dev'));
      store.edited('file:///w', `${name}/a.yaml`);
      store.dropRun(summary(name));
    }
    expect(store.views.map(({ run, live }) => [run, live])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test('Clear takes finished runs alone', async () => {
    const store = new PlanStore(() => undefined);
    await store.connect(new Source('shop', 'blog'));
    store.setRun(finished(summary('shop')));
    store.setRun(startOf(summary('blog'), 'simulation'));
    store.clearRuns();
    expect(store.views[1]?.run?.stage).toBe('preparing');
  });
});

describe('the answer of the server', () => {
  const shop = { folder: 'file:///w', path: 'shop', name: 'shop' };
  const known = result(shop, 1, 'old');
  const patch = { keys: [['namespace', { is: 'new' }]] } as const;

  test('is a plan, or what became of the one that is known', () => {
    expect(planIn(known, undefined)).toBe(known);
    const update = planIn({ application: shop, version: 2, since: 1, patch }, known);
    expect(update).toEqual(result(shop, 2, 'new'));
    expect(update?.plan.plans).toBe(known.plan.plans);
  });

  test('leaves the plan as it is where nothing changed, and is none where the application is gone', () => {
    expect(planIn({ application: shop, version: 2, since: 1, patch: null }, known)?.plan).toBe(known.plan);
    expect(planIn(null, known)).toBeNull();
  });
});
