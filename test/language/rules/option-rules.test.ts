import { describe, expect, it } from 'vitest';
import { actionsOf, fixed, job, judge, yaml } from '../fixture.ts';

const options = (value: string): string => job(`argocd.argoproj.io/sync-options: ${value}`);
/** What one rule says. */
const says = (rule: string, text: string, argocdVersion = '3.6.1'): string[] =>
  judge(text, { argocdVersion })
    .lines.filter((line) => line.split(' ')[1] === `${rule}:`)
    .map((line) => line.replace(` ${rule}`, ''));
const application = (...items: readonly string[]): string => yaml`
  apiVersion: argoproj.io/v1alpha1
  kind: Application
  metadata:
    name: shop
  spec:
    syncPolicy:
      syncOptions:
${items.map((item) => `        - ${item}\n`).join('')}      retry: {}
`;

describe('option-value-case', () => {
  it.each([
    ['Prune=False', 'error', 'Job db-migration is not protected, and a sync that prunes deletes it.', 'Prune=false'],
    ['prune=false', 'error', 'Job db-migration is not protected, and a sync that prunes deletes it.', 'Prune=false'],
    [
      'Prune=Confirm',
      'error',
      'Job db-migration is not protected, and a sync that prunes deletes it without asking.',
      'Prune=confirm',
    ],
    [
      'Delete=FALSE',
      'error',
      'Job db-migration is not protected, and is deleted with its Application.',
      'Delete=false',
    ],
    ['Prune = false', 'error', 'Job db-migration is not protected, and a sync that prunes deletes it.', 'Prune=false'],
    ['Replace=True', 'warning', 'it is ignored for Job db-migration.', 'Replace=true'],
    ['Prune=True', 'warning', 'it is ignored for Job db-migration.', 'Prune=true'],
    ['serversideapply=true', 'warning', 'it is ignored for Job db-migration.', 'ServerSideApply=true'],
  ])('%s', (written, level, consequence, meant) => {
    const text = options(`Validate=false,${written}`);
    expect(says('option-value-case', text)).toEqual([
      `${level}: ${written} is no option of Argo CD, letters count: ${consequence} Write ${meant}.`,
    ]);
    expect(says('unknown-sync-option', text)).toEqual([]);
    expect(fixed(text, `Replace with ${meant}`)).toBe(options(`Validate=false,${meant}`));
  });

  it('looks at syncOptions of an Application too', () => {
    const text = application('CreateNamespace=True', 'Prune=False');
    expect(says('option-value-case', text)).toEqual([
      'warning: CreateNamespace=True is no option of Argo CD, letters count: it is ignored for what Application shop applies. Write CreateNamespace=true.',
      'error: Prune=False is no option of Argo CD, letters count: what Application shop applies is not protected, and a sync that prunes deletes it. Write Prune=false.',
    ]);
    expect(fixed(text, 'Replace with Prune=false')).toBe(application('CreateNamespace=True', 'Prune=false'));
  });

  it('is safe to repair', () => {
    const [action] = actionsOf(options('Prune=False'), { only: ['source.fixAll'] });
    expect(action?.edit).toBeDefined();
  });

  it.each(['Prune=false', 'Prune=no', '{{ .Values.option }}', 'Foo=True'])('says nothing about %s', (value) => {
    expect(says('option-value-case', options(value))).toEqual([]);
  });
});

describe('unknown-sync-option', () => {
  it('is about options of which nothing near is known', () => {
    expect(says('unknown-sync-option', options('SkipDryRunOnMissingResources=true'))).toEqual([
      'warning: "SkipDryRunOnMissingResources=true" is no sync option of Argo CD: it is ignored on Job db-migration. Did you mean SkipDryRunOnMissingResource=true?',
    ]);
    expect(says('unknown-sync-option', application('Force=true', 'Foo=bar'))).toEqual([
      'warning: Only resources read Force=true: in syncOptions of Application shop it is ignored. Put it into the annotation argocd.argoproj.io/sync-options of the resources that need it.',
      'warning: "Foo=bar" is no sync option of Argo CD: Application shop is synced without it.',
    ]);
  });

  it('tells options that are newer than the configured Argo CD', () => {
    expect(says('unknown-sync-option', application('Prune=false'), '3.3')).toEqual([
      'warning: Argo CD 3.3 does not know Prune=false in syncOptions of Application shop, which came with 3.4: it is ignored.',
    ]);
    expect(says('unknown-sync-option', application('Prune=false'), '3.4')).toEqual([]);
    expect(says('unknown-sync-option', options('Prune=confirm'), '2.13')).toEqual([
      'warning: Argo CD 2.13 does not know Prune=confirm on Job db-migration, which came with 2.14: it is ignored.',
    ]);
    expect(says('unknown-sync-option', options('Prune=false,Prune=confirm'), '2.14')).toEqual([]);
  });

  it.each([
    ['SkipPrune', 'Prune=false'],
    ['SkipPrune=true', 'Prune=false'],
    ['NoDelete', 'Delete=false'],
    ['SkipValidation=true', 'Validate=false'],
  ])('knows what %s is meant to say', (written, meant) => {
    expect(says('unknown-sync-option', options(written))[0]).toContain(`Did you mean ${meant}?`);
    expect(fixed(options(`${written},Replace=true`), `Replace with ${meant}`)).toBe(options(`${meant},Replace=true`));
  });

  it.each(['Prune=true', 'CreateNamespace=true', 'Replace=false', 'ServerSideApply=false,Delete=confirm'])(
    'leaves %s to others',
    (value) => {
      expect(says('unknown-sync-option', options(value))).toEqual([]);
    },
  );
});

describe('app-level-option-on-resource', () => {
  it.each([
    'CreateNamespace=true',
    'ApplyOutOfSyncOnly=true',
    'FailOnSharedResource=true',
    'RespectIgnoreDifferences=true',
    'PrunePropagationPolicy=orphan',
    'ClientSideApplyMigration=false',
    'CreateNamespace=True',
  ])('%s', (option) => {
    const text = options(`Prune=false, ${option}`);
    expect(says('app-level-option-on-resource', text)).toEqual([
      `warning: Only an Application reads ${option}: on Job db-migration it does nothing. Move it to spec.syncPolicy.syncOptions of the Application.`,
    ]);
    expect(fixed(text, `Remove ${option}`)).toBe(options('Prune=false'));
    expect(says('option-value-case', text)).toEqual([]);
    expect(says('unknown-sync-option', text)).toEqual([]);
  });

  it('removes the annotation with its only option', () => {
    expect(
      fixed(job('a: "b"\nargocd.argoproj.io/sync-options: CreateNamespace=true'), 'Remove CreateNamespace=true'),
    ).toBe(job('a: "b"'));
  });

  it('tells an Application that its own annotation is the wrong place', () => {
    const text = application('Prune=false').replace(
      'name: shop',
      'name: shop\n  annotations: {argocd.argoproj.io/sync-options: CreateNamespace=true}',
    );
    expect(says('app-level-option-on-resource', text)[0]).toContain(
      'in spec.syncPolicy.syncOptions of Application shop, not in its annotation',
    );
  });
});

describe('noop-sync-option', () => {
  it('says what does nothing, and what may do something after all', () => {
    expect(says('noop-sync-option', options('Replace=false,Validate=true,ServerSideApply=false,Prune=false'))).toEqual([
      'info: Replace=false does nothing on Job db-migration: Argo CD looks for Replace=true alone, and a resource cannot opt out of that of its Application. Remove it.',
      'info: Validate=true does nothing on Job db-migration: it says what holds anyway, and takes back nothing that the Application says. Remove it.',
    ]);
    expect(says('noop-sync-option', options('Prune=true'))).toEqual([
      'info: Prune=true does nothing on Job db-migration, unless its Application says Prune=false or Prune=confirm: it is the default. Remove it where that is not so.',
    ]);
    expect(says('noop-sync-option', options('Prune=true'), '3.3.2')).toEqual([
      'info: Prune=true does nothing on Job db-migration: it is the default. Remove it.',
    ]);
  });

  it('looks at syncOptions of an Application, and takes an item out', () => {
    const text = application('CreateNamespace=false', 'ServerSideApply=false', 'Prune=false');
    expect(says('noop-sync-option', text)).toEqual([
      'info: CreateNamespace=false does nothing in syncOptions of Application shop: it says what holds anyway. Remove it.',
      'info: ServerSideApply=false does nothing in syncOptions of Application shop: it says what holds anyway. Remove it.',
    ]);
    expect(fixed(text, 'Remove CreateNamespace=false')).toBe(application('ServerSideApply=false', 'Prune=false'));
    const flow =
      'kind: Application\napiVersion: argoproj.io/v1alpha1\nspec: {syncPolicy: {syncOptions: [A=b, Validate=true]}}\n';
    expect(fixed(flow, 'Remove Validate=true')).toBe(flow.replace(', Validate=true', ''));
  });
});

describe('comma-in-sync-options-item', () => {
  it('splits an item, in the quotes that it has', () => {
    const text = application('"Validate=false, Prune=false"', 'CreateNamespace=true');
    expect(says('comma-in-sync-options-item', text)).toEqual([
      'warning: "Validate=false, Prune=false" is one item, and Argo CD compares items as a whole: it matches no option, and Application shop is synced without any of them. Give each an item of its own.',
    ]);
    expect(says('unknown-sync-option', text)).toEqual([]);
    expect(fixed(text, 'Give each option an item of its own')).toBe(
      application('"Validate=false"', '"Prune=false"', 'CreateNamespace=true'),
    );
    const flow =
      "kind: Application\napiVersion: argoproj.io/v1alpha1\nspec: {syncPolicy: {syncOptions: ['A=b C=d']}}\n";
    expect(fixed(flow, 'Give each option an item of its own')).toBe(flow.replace("'A=b C=d'", "'A=b', 'C=d'"));
  });

  it('takes white space out of a single one', () => {
    expect(fixed(application('"CreateNamespace = true "'), 'Replace with CreateNamespace=true')).toBe(
      application('"CreateNamespace=true"'),
    );
  });

  it('keeps carriage returns', () => {
    const text = application('A=b,C=d').replaceAll('\n', '\r\n');
    expect(fixed(text, 'Give each option an item of its own')).toBe(application('A=b', 'C=d').replaceAll('\n', '\r\n'));
  });

  it('says nothing about the comma list of a resource, or about templates', () => {
    expect(says('comma-in-sync-options-item', options('Prune=false, Replace=true'))).toEqual([]);
    expect(says('comma-in-sync-options-item', application('"{{ .Values.a }}, Prune=false"'))).toEqual([]);
  });
});
