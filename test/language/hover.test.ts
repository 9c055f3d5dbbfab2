import { describe, expect, it } from 'vitest';
import { planApplication } from '#core/plan/plan';
import { hover } from '../../server/src/language/hover.ts';
import { lenses } from '../../server/src/language/lens.ts';
import { viewOf, type PlanView } from '../../server/src/language/place.ts';
import { offsetInDocument, openFile, rangeOf, type SourceFile } from '../../server/src/manifest/source-file.ts';
import { objectsOfFile } from '../../server/src/workspace/objects.ts';
import { withCursor, yaml } from './fixture.ts';

/** The plan of an application that is this one file. */
function planOf(file: SourceFile): PlanView {
  const { objects, problems } = objectsOfFile(file, 'shop.yaml', false);
  const source = { kind: 'directory', path: '.', reason: '' } as const;
  return viewOf(planApplication({ name: 'shop', source, namespace: 'shop', objects, problems }));
}

/** What a hover at `|` says, and the text that it is about. */
function hovered(
  marked: string,
  options: { argocdVersion?: string; planned?: boolean } = {},
): { about: string; text: string } | undefined {
  const { text, offset } = withCursor(marked);
  const file = openFile('shop.yaml', text);
  const placed = file.documentAt(file.positionAt(offset));
  const found = hover(placed.document, offsetInDocument(placed, file.positionAt(offset)), {
    argocdVersion: options.argocdVersion ?? '3.6.1',
    place:
      options.planned === false
        ? undefined
        : { view: planOf(file), at: ({ span }) => ({ file: 'shop.yaml', line: rangeOf(placed, span).start.line + 1 }) },
  });
  return found && { about: placed.document.text.slice(found.span.start, found.span.end), text: found.markdown };
}

const SHOP = yaml`
  apiVersion: batch/v1
  kind: Job
  metadata:
    name: db-migration
    annotations:
      argocd.argoproj.io/hook: PreSync
      argocd.argoproj.io/sync-wave: "-1"
      argocd.argoproj.io/hook-delete-policy: HookSucceeded
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: settings
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
    annotations:
      argocd.argoproj.io/sync-wave: "2"
`;

describe('hover', () => {
  it('explains a phase: meaning, consequence, place, what comes after and what becomes of the hook', () => {
    const found = hovered(SHOP.replace('PreSync', 'Pre|Sync'));
    expect(found?.about).toBe('PreSync');
    expect(found?.text).toMatchInlineSnapshot(`
      "**PreSync** — runs before anything else of this application is applied.

      Sync starts only when it has completed; if it fails, nothing else is applied and SyncFail hooks run. ConfigMaps, Secrets and ServiceAccounts of the application do not exist yet at the first sync.

      Since Argo CD 0.8 · [Documentation](https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/)

      ---

      Here: PreSync, wave −1, 1st of 3, alone in wave −1. After it: ConfigMap settings.

      Deleted when the whole sync succeeds (HookSucceeded). If the sync fails it stays, and the next sync takes the failed Job for its own result without running it: add BeforeHookCreation."
    `);
  });

  it('explains a key, with the place that the annotations come to', () => {
    const found = hovered(SHOP.replace('argocd.argoproj.io/sync-wave: "2"', 'argocd.argoproj.io/sync|-wave: "2"'));
    expect(found?.about).toBe('argocd.argoproj.io/sync-wave');
    expect(found?.text).toContain('**argocd.argoproj.io/sync-wave** — places the manifest in a wave of its phase');
    expect(found?.text).toContain(
      'Here: Sync, wave 2, 3rd of 3, alone in wave 2. The sync does not wait for it: it is in the last wave',
    );
  });

  it('says of a wave what it means, and of a wrong one what it comes to', () => {
    expect(hovered(SHOP.replace('"-1"', '"-|1"'))?.text).toContain('**wave −1** — lower waves come before it');
    const wrong = hovered(SHOP.replace('"-1"', '"o|ne"'));
    expect(wrong?.text).toContain('**one** — no integer. Anything that is no integer is ignored');
    expect(wrong?.text).toContain('Here: PreSync, wave 0');
  });

  it('explains one item of a list, and says of an unknown one what was meant', () => {
    const list = SHOP.replace('HookSucceeded', 'BeforeHookCreation,Hook|Succeded');
    const found = hovered(list);
    expect(found?.about).toBe('HookSucceded');
    expect(found?.text).toContain(
      '**HookSucceded** — no value that Argo CD knows for `argocd.argoproj.io/hook-delete-policy`. Did you mean HookSucceeded?',
    );
  });

  it('says that a manifest is left out', () => {
    expect(hovered(SHOP.replace('PreSync', 'pre|sync'))?.text).toContain(
      'Here: left out. "presync" is no phase of Argo CD',
    );
    expect(hovered(SHOP.replace('PreSync', 'Sk|ip'))?.text).toContain('Here: neither applied nor pruned (Skip).');
  });

  it('says where the phase and wave come from where no plan is known', () => {
    const helm =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  annotations:\n    helm.sh/hook: post-in|stall\n    helm.sh/hook-weight: "3"\n';
    expect(hovered(helm, { planned: false })?.text).toContain(
      'Here: PostSync, wave 3 (helm.sh/hook-weight: "3"), from `helm.sh/hook`.',
    );
  });

  it('warns where the configured Argo CD is older', () => {
    const text = hovered(SHOP.replace('PreSync', 'Pre|Delete'), { argocdVersion: '2.9' })?.text;
    expect(text).toContain('Needs Argo CD 3.3: 2.9 does not know it.');
  });

  it('explains options of resources and of Applications', () => {
    const option =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    argocd.argoproj.io/sync-options: Prune=fa|lse\n';
    expect(hovered(option)?.text).toContain('**Prune=false** — never prunes the object');
    const application =
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: x\nspec:\n  syncPolicy:\n    syncOptions:\n      - CreateName|space=true\n';
    expect(hovered(application)?.text).toContain('**CreateNamespace=true** — creates the destination namespace');
  });

  it.each([
    SHOP.replace('ConfigMap', 'Config|Map'),
    'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    example.com/a: b|c\n',
    '|',
    'a: [b|',
  ])('says nothing elsewhere', (text) => {
    expect(hovered(text)).toBeUndefined();
  });

  it('shows no markup of the user’s', () => {
    expect(hovered(SHOP.replace('PreSync', '"[x](command:y)|"'))?.text).toContain('**\\[x\\]\\(command:y\\)**');
  });
});

describe('lenses', () => {
  const titles = (text: string): string[] => {
    const file = openFile('shop.yaml', text);
    return lenses({
      uri: 'file:///shop.yaml',
      file: 'shop.yaml',
      documents: file.documents,
      lineOf: (placed, { span }) => rangeOf(placed, span).start.line + 1,
      view: planOf(file),
    }).map(({ title, range }) => `${range.start.line}: ${title}`);
  };

  it('tell the place of each manifest and what waits for it', () => {
    expect(titles(SHOP)).toEqual([
      '0: PreSync · wave −1 · 1st of 3 · next waits until it completes',
      '0: Run Sync…',
      '9: Sync · wave 0 · 2nd of 3 · next does not wait',
      '14: Sync · wave 2 · 3rd of 3 · last',
    ]);
  });

  it('say of a manifest that is left out why', () => {
    expect(titles(SHOP.replace('PreSync', 'presync'))[0]).toBe(
      '0: left out · "presync" is no phase of Argo CD: it never applies this manifest, and prunes a live copy.',
    );
  });

  it('stand once for each phase of a hook', () => {
    expect(titles(SHOP.replace('PreSync', 'PreSync,PostSync')).filter((title) => title.startsWith('0:'))).toEqual([
      '0: PreSync · wave −1 · 1st of 4 · next waits until it completes',
      '0: PostSync · wave −1 · 4th of 4 · the sync waits until it completes',
      '0: Run Sync…',
    ]);
  });

  it('stand above an Application wherever it stands', () => {
    const application = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: x\n';
    expect(titles(`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n${application}`)).toEqual([
      '0: Run Sync…',
      '5: Run Sync…',
    ]);
  });
});
