import { describe, expect, it } from 'vitest';
import { completed } from './fixture.ts';

const APPLICATION =
  'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  syncPolicy:\n';
const options = (list: string): string => `${APPLICATION}    syncOptions:${list}\n    automated: {}\n`;
const json = (list: string): string =>
  `{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",\n "spec": {"syncPolicy": {"syncOptions": [${list}]}}}\n`;
const CHOSEN = 'ServerSideApply=true';

describe('completion of the sync options of an Application', () => {
  it('offers what an Application reads, without what is there and what that excludes', () => {
    const labels = completed(
      options('\n      - Prune=false\n      - |\n      - PrunePropagationPolicy=orphan'),
    )?.labels;
    expect(labels).toContain('CreateNamespace=true');
    expect(labels).toContain('ServerSideApply=true');
    for (const name of ['Prune=false', 'Prune=confirm', 'PrunePropagationPolicy=background', 'Force=true'])
      expect(labels).not.toContain(name);
  });

  it.each([
    ['in an empty item', '\n      - |', `\n      - ${CHOSEN}`],
    ['right behind a dash', '\n      -|', `\n      - ${CHOSEN}`],
    ['half typed', '\n      - Serv|\n      - Prune=false', `\n      - ${CHOSEN}\n      - Prune=false`],
    ['in place of another, in front of a comment', '\n      - Cre|ate=true # why', `\n      - ${CHOSEN} # why`],
    ['in quotes', '\n      - "Cre|"', `\n      - "${CHOSEN}"`],
    ['in open quotes', "\n      - 'Cre|", `\n      - '${CHOSEN}'`],
    ['in a list that is not further in', '\n    - Prune=false\n    - |', `\n    - Prune=false\n    - ${CHOSEN}`],
    ['on a line without a dash', '\n      |', `\n      - ${CHOSEN}`],
    ['on a line below an item', '\n    - Prune=false\n    |', `\n    - Prune=false\n    - ${CHOSEN}`],
    [
      'below comments and templates',
      '\n    {{- if .x }}\n    - a=b\n    {{- end }}\n    # c\n    - |',
      `\n    {{- if .x }}\n    - a=b\n    {{- end }}\n    # c\n    - ${CHOSEN}`,
    ],
    ['in a flow list', ' [Prune=false, |]', ` [Prune=false, ${CHOSEN}]`],
    ['in an empty flow list', ' [|]', ` [${CHOSEN}]`],
    ['in an open flow list', ' [Prune=false, Ser|', ` [Prune=false, ${CHOSEN}`],
    ['in quotes of a flow list', ' ["Prune=false", "|"]', ` ["Prune=false", "${CHOSEN}"]`],
    ['in open quotes of a flow list', ' ["Prune=false", "|]', ` ["Prune=false", "${CHOSEN}"]`],
    [
      'in a flow list over lines',
      ' [\n      Cre|,\n      Prune=false,\n    ]',
      ` [\n      ${CHOSEN},\n      Prune=false,\n    ]`,
    ],
  ])('works %s', (_where, list, expected) => {
    expect(completed(options(list))?.choose(CHOSEN)).toBe(options(expected));
    const windows = (text: string): string => options(text).replaceAll('\n', '\r\n');
    expect(completed(windows(list))?.choose(CHOSEN)).toBe(windows(expected));
  });

  it('works at the end of a file, and where the rest cannot be read', () => {
    expect(completed(`${APPLICATION}    syncOptions:\n    - |`)?.choose(CHOSEN)).toBe(
      `${APPLICATION}    syncOptions:\n    - ${CHOSEN}`,
    );
    expect(completed(`${options('\n    - |')}foo: [\n`)?.choose(CHOSEN)).toBe(
      `${options(`\n    - ${CHOSEN}`)}foo: [\n`,
    );
  });

  it('writes the quotes of JSON', () => {
    expect(completed(json('"Prune=false", |'))?.choose(CHOSEN)).toBe(json(`"Prune=false", "${CHOSEN}"`));
    expect(completed(json('"Ser|"'))?.choose(CHOSEN)).toBe(json(`"${CHOSEN}"`));
  });

  it('works in an item of a list, and where the kind comes last', () => {
    const item = 'apiVersion: v1\nkind: List\nitems:\n- spec:\n    syncPolicy:\n      syncOptions:\n      - |\n';
    expect(completed(`${item}  apiVersion: argoproj.io/v1alpha1\n  kind: Application\n`)?.labels).toContain(CHOSEN);
  });

  it('marks what the configured Argo CD does not read in an Application, and offers it last', () => {
    const here = completed(options('\n    - |'), { argocdVersion: '3.0' });
    const old = ['SkipDryRunOnMissingResource=true', 'Prune=false', 'Delete=false', 'Prune=confirm', 'Delete=confirm'];
    expect(here?.labels.slice(-6)).toEqual([...old, 'ClientSideApplyMigration=false']);
    expect(here?.beside.get('Prune=false')).toBe('needs Argo CD 3.4');
    expect(here?.beside.get('CreateNamespace=true')).toBe('');
  });

  it('works in the template of an ApplicationSet, and not in its own policy', () => {
    const set = (spec: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n${spec}`;
    const list = (item: string): string =>
      set(`  template:\n    spec:\n      syncPolicy:\n        syncOptions:\n        - Prune=false\n        ${item}\n`);
    expect(completed(list('- |'))?.choose(CHOSEN)).toBe(list(`- ${CHOSEN}`));
    expect(completed(list('|'))?.choose(CHOSEN)).toBe(list(`- ${CHOSEN}`));
    const flow = (item: string): string => set(`  template: {spec: {syncPolicy: {syncOptions: [${item}]}}}\n`);
    expect(completed(flow('|'))?.choose(CHOSEN)).toBe(flow(CHOSEN));
    expect(completed(set('  syncPolicy:\n    syncOptions:\n    - |\n'))).toBeUndefined();
    expect(completed(list('- |').replace('ApplicationSet', 'AppProject'))).toBeUndefined();
  });

  it.each([
    ['another kind', 'apiVersion: v1\nkind: Pod\nspec:\n  syncPolicy:\n    syncOptions:\n    - |\n'],
    ['another kind, as a flow list', 'apiVersion: v1\nkind: Pod\nspec:\n  syncPolicy:\n    syncOptions: [|]\n'],
    [
      'another place',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    syncOptions:\n    - |\n',
    ],
    [
      'another place, as a flow list',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source: {syncOptions: [|]}\n',
    ],
    ['a comment', options('\n    - Prune=false # |')],
    ['the line behind the list', options('\n    - Prune=false\n  |')],
  ])('offers nothing in %s', (_where, text) => {
    expect(completed(text)?.labels.includes(CHOSEN) ?? false).toBe(false);
  });
});
