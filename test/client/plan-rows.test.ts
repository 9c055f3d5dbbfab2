import { describe, expect, test } from 'vitest';
import { filterNodes } from '../../client/src/vscode/plan/filter.ts';
import { PlanMemory } from '../../client/src/vscode/plan/memory.ts';
import { PlanNode, type NodeFields } from '../../client/src/vscode/plan/node.ts';
import { badgeText, problemsText, type RowProblem } from '../../client/src/vscode/plan/problems.ts';
import { Rows, type Row } from '../../client/src/vscode/plan/rows.ts';
import { EVERYTHING, shownFrom, shownText, withPart } from '../../client/src/vscode/plan/shown.ts';
import { spoken } from '../../client/src/vscode/plan/spoken.ts';

const APPLICATION = { folder: 'file:///w', path: '.', name: 'shop' };

type Tree = readonly (string | readonly [string, Tree])[];

/** Rows whose text is `label: description`; their ids are made of the labels on the way. */
function nodes(tree: Tree, parent = '', made: string[] = []): PlanNode[] {
  return tree.map((entry) => {
    const [text, below] = typeof entry === 'string' ? [entry, undefined] : entry;
    const [label = '', description = ''] = text.split(': ');
    const id = parent === '' ? label : `${parent} ${label}`;
    const fields: NodeFields = {
      ...{ id, label, description, kind: below ? 'phase' : 'task', fold: below ? 'open' : 'none' },
      ...{ application: APPLICATION, tooltip: () => '' },
      ...(description.includes('!') ? { problems: () => [{ severity: 'warning', message: 'wrong' }] } : {}),
      children: () => {
        made.push(id);
        return below ? nodes(below, id, made) : [];
      },
    };
    return new PlanNode(fields);
  });
}

/** Asks for all rows, as VS Code does for opened ones, and draws them. */
function draw(rows: Rows, row?: Row): string[] {
  return rows.children(row).flatMap((child) => {
    child.face = child.node.face;
    return [`${child.node.label}: ${child.node.description}`, ...draw(rows, child).map((line) => `  ${line}`)];
  });
}

const labels = (rows: readonly Row[] | undefined): string[] | undefined => rows?.map(({ node }) => node.label);

describe('the rows that VS Code holds', () => {
  const open = (): Rows => new Rows(() => false);
  const BEFORE: Tree = [
    ['PreSync', ['migrate: Job', 'seed: Job']],
    ['Sync', ['web: Deployment']],
  ];

  test('the first ones are all drawn', () => {
    const rows = open();
    expect(rows.update(nodes(BEFORE))).toBeUndefined();
    expect(draw(rows)).toEqual(['PreSync: ', '  migrate: Job', '  seed: Job', 'Sync: ', '  web: Deployment']);
  });

  test('nothing is drawn anew where nothing changed, and rows stay the same objects', () => {
    const rows = open();
    rows.update(nodes(BEFORE));
    draw(rows);
    const [first] = rows.roots;
    expect(rows.update(nodes(BEFORE))).toEqual([]);
    expect(rows.roots[0]).toBe(first);
  });

  test('one row that changed is drawn anew alone', () => {
    const rows = open();
    rows.update(nodes(BEFORE));
    draw(rows);
    const changed = rows.update(
      nodes([
        ['PreSync', ['migrate: Job', 'seed: Job · failed']],
        ['Sync', ['web: Deployment']],
      ]),
    );
    expect(labels(changed)).toEqual(['seed']);
  });

  test('a row that came is drawn with the one above it', () => {
    const rows = open();
    rows.update(nodes(BEFORE));
    draw(rows);
    const changed = rows.update(
      nodes([
        ['PreSync', ['migrate: Job', 'new: Job', 'seed: Job']],
        ['Sync', ['web: Deployment']],
      ]),
    );
    expect(labels(changed)).toEqual(['PreSync']);
    expect(draw(rows)).toContain('  new: Job');
  });

  test('a phase that went is a change of all', () => {
    const rows = open();
    rows.update(nodes(BEFORE));
    draw(rows);
    expect(rows.update(nodes(BEFORE.slice(1)))).toBeUndefined();
  });

  test('many changed rows are told as the one above them', () => {
    const rows = open();
    const many = (text: string): Tree => [['Sync', Array.from({ length: 1000 }, (_, i) => `m${i}: ${text}`)]];
    rows.update(nodes(many('Job')));
    draw(rows);
    expect(labels(rows.update(nodes(many('Pod'))))).toEqual(['Sync']);
  });

  test('nothing below a folded row is made', () => {
    const folded = new Rows((node) => node.label === 'PreSync');
    const made: string[] = [];
    folded.update(nodes(BEFORE, '', made));
    folded.children(folded.roots[1]);
    folded.update(nodes(BEFORE, '', made));
    expect(made.filter((id) => id.startsWith('PreSync'))).toEqual([]);
  });

  test('below a node that stayed nothing is looked at again', () => {
    const rows = open();
    const [node] = nodes(BEFORE);
    if (!node) throw new Error('no node');
    const { children } = node;
    let looks = 0;
    Object.defineProperty(node, 'children', { get: () => (looks++, children) });
    rows.update([node]);
    draw(rows);
    rows.update([node]);
    const before = looks;
    expect([rows.update([node]), looks, before > 0]).toEqual([[], before, true]);
  });

  test('a row is found by its id before VS Code has asked for it', () => {
    const rows = open();
    rows.update(nodes(BEFORE));
    const row = rows.find('PreSync seed');
    expect([row?.node.label, row?.parent?.node.label]).toEqual(['seed', 'PreSync']);
    expect(rows.find('PreSync gone')).toBeUndefined();
  });
});

describe('the filter', () => {
  const TREE: Tree = [
    ['PreSync', ['migrate: Job', 'seed: Pod !']],
    ['Sync', ['web: Deployment', 'tidy: Job']],
  ];
  const left = (filter: string): string[] => {
    const rows = new Rows(() => false);
    rows.update(filterNodes(nodes(TREE), filter).nodes);
    return draw(rows).map((line) => line.trim().split(':')[0] ?? '');
  };

  test.each([
    ['job', ['PreSync', 'migrate', 'Sync', 'tidy']],
    ['JOB  presync', ['PreSync', 'migrate']],
    ['web', ['Sync', 'web']],
    ['@problem', ['PreSync', 'seed']],
    ['wrong', ['PreSync', 'seed']],
    ['nowhere', []],
  ])('%s', (filter, expected) => {
    expect(left(filter)).toEqual(expected);
  });

  test('tells how many rows match', () => {
    expect(filterNodes(nodes(TREE), 'job')).toMatchObject({ matched: 2, total: 4 });
  });
});

describe('what is shown', () => {
  test('the last plan that is shown cannot be switched off', () => {
    const sync = withPart(withPart(EVERYTHING, 'delete', false), 'syncFail', false);
    expect([shownText(sync), shownText(withPart(sync, 'sync', false))]).toEqual(['Sync', 'Sync']);
    expect(shownText({ ...EVERYTHING, onlyOrdered: true })).toBe('with ordering only');
  });

  test.each([undefined, null, 7, { parts: [] }, { parts: ['other'], filter: 3 }])('of %j nothing was kept', (kept) => {
    expect(shownFrom(kept)).toEqual(EVERYTHING);
  });

  test('folds, selection and switches outlive a window', () => {
    const state = new Map<string, unknown>();
    const memento = {
      keys: () => [...state.keys()],
      get: (key: string) => state.get(key),
      update: async (key: string, value: unknown) => void state.set(key, JSON.parse(JSON.stringify(value))),
    };
    const before = new PlanMemory(memento);
    before.setFold('a', 'closed');
    for (let i = 0; i < 600; i++) before.setFold(`b${i}`, 'open');
    before.setFold('c', 'closed');
    before.selected = 'c d';
    before.shown = withPart(EVERYTHING, 'delete', false);
    const after = new PlanMemory(memento);
    expect([after.foldOf('a'), after.foldOf('b599'), after.foldOf('c'), after.selected]).toEqual([
      undefined,
      'open',
      'closed',
      'c d',
    ]);
    expect(after.shown).toEqual(before.shown);
  });
});

test('problems: a badge of two characters, and a text of a few lines', () => {
  expect([1, 99, 100].map(badgeText)).toEqual(['1', '99', '9+']);
  const problems = Array.from({ length: 8 }, (_, i): RowProblem => ({ severity: 'error', message: `no ${i % 7}` }));
  expect(problemsText(problems)).toBe('no 0\nno 1\nno 2\nno 3\nno 4\nand 2 more');
});

test('a screen reader says signs as words', () => {
  const [node] = nodes(['web: ⚓ Job · deleted · ⚠ can wait for ever !']);
  expect(node && spoken(node)).toBe('web, hook Job, deleted, can wait for ever !. 1 problem: wrong');
});
