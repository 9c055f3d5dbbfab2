import { describe, expect, test } from 'vitest';
import type { ApplicationRef, ApplicationSummary, PlanResult, UnreadPlace } from '#protocol';
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
  readonly asked: string[] = [];
  lost: string[] = [];
  hold: Promise<void> = Promise.resolve();

  constructor(...names: string[]) {
    this.names = names;
  }

  async applications(): Promise<ApplicationSummary[]> {
    const names = [...this.names];
    await this.hold;
    return names.map(summary);
  }

  async plan(application: ApplicationRef): Promise<PlanResult> {
    this.asked.push(application.name);
    return result(application, this.version, this.namespace);
  }

  async unread(): Promise<UnreadPlace[]> {
    return this.lost.map((path) => ({ folder: 'file:///w', path, message: 'The folder cannot be read (EACCES).' }));
  }

  async applicationOf(): Promise<null> {
    return null;
  }
}

const versions = (store: PlanStore): (number | undefined)[] => store.views.map((view) => view.result?.version);
const finished = (application: ApplicationRef): RunState => ({
  ...startOf(application, 'simulation'),
  stage: 'finished',
});

describe('PlanStore', () => {
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
    await store.planChanged([summary('blog')]);
    expect([versions(store), source.asked]).toEqual([
      [undefined, 2],
      ['blog', 'blog'],
    ]);
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
    await store.planChanged([summary('shop')]);
    expect(store.hasFinishedRun).toBe(true);
    source.version = 2;
    source.namespace = 'another';
    await store.planChanged([summary('shop')]);
    expect(store.hasFinishedRun).toBe(false);
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
