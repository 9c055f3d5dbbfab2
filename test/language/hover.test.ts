import { describe, expect, it } from 'vitest';
import { planApplication } from '#core/plan/plan';
import { hover } from '../../server/src/language/hover.ts';
import { lensCommand, lenses } from '../../server/src/language/lens.ts';
import { viewOf, type PlanView } from '../../server/src/language/place.ts';
import { offsetInDocument, openFile, rangeOf, type SourceFile } from '../../server/src/manifest/source-file.ts';
import { objectsOfFile } from '../../server/src/workspace/objects.ts';
import { withCursor, yaml } from './fixture.ts';

/** The plan of an application that is this one file. */
function planOf(file: SourceFile): PlanView {
  const { objects, problems } = objectsOfFile(file, 'shop.yaml', 'directory');
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

      Sync starts only when it has completed; if it fails, nothing else is applied and SyncFail hooks run. ConfigMaps, Secrets and ServiceAccounts of the application do not exist yet at the first sync, and are the old ones at later syncs.

      Since Argo CD 0.8 · [Documentation](https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/)

      ---

      Here: PreSync, wave −1, 1st of 3, alone in wave −1. The next wave waits until it completes. After it: ConfigMap settings.

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

  describe('of an item of an Application’s syncOptions', () => {
    const application = (list: string): string =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: x\nspec:\n  syncPolicy:\n    syncOptions: ${list}\n`;

    it.each([
      ['\n    - Prune=fa|lse # never', 'Prune=false'],
      ["\n    - '|Prune=false'", "'Prune=false'"],
      ['[a=b, Prune=false|]', 'Prune=false'],
      ['["a=b", "Pr|une=false"]', '"Prune=false"'],
    ])('says what it does for all resources, and since when: %s', (list, about) => {
      const found = hovered(application(list));
      expect(found?.about).toBe(about);
      expect(found?.text).toBe(
        [
          '**Prune=false** — never prunes the object, also when it is gone from Git.',
          'Once the manifest is removed the object stays in the cluster and the application stays OutOfSync. Argo CD reads this from the live object. Here it holds for every resource of the Application.',
          'Since Argo CD 3.4 (in the annotation of a resource since 1.1) · [Documentation](https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/)',
        ].join('\n\n'),
      );
    });

    it.each([
      ['[For|ce=true]', 'only resources read it: in an Application it is ignored.'],
      ['[Replace=fa|lse]', 'what holds without it: it changes nothing.'],
      [
        '[createN|amespace=true]',
        'no sync option of Argo CD: the Application is synced without it. Did you mean CreateNamespace=true?',
      ],
      ['["Validate=false, Pr|une=false"]', 'Each item of the list is one option'],
      ['[tr|ue]', 'An option is a text: put it in quotes.'],
    ])('says of %s that it has no effect', (list, words) => {
      expect(hovered(application(list))?.text).toContain(words);
    });

    it('says nothing about a template, nor beside the items', () => {
      expect(hovered(application('["{{ .Values.op|tion }}"]'))).toBeUndefined();
      expect(hovered(application('[Prune=false,| a=b]'))).toBeUndefined();
      expect(hovered(application('[]').replace('syncOptions', 'sync|Options'))).toBeUndefined();
    });

    it('warns where the configured Argo CD does not read it there', () => {
      expect(hovered(application('[Prune=fa|lse]'), { argocdVersion: '3.3' })?.text).toContain(
        'Needs Argo CD 3.4 (in the annotation of a resource since 1.1): 3.3 does not know it.',
      );
    });
  });

  describe('of a sync option of a resource', () => {
    const option = (name: string): string =>
      SHOP.replace('argocd.argoproj.io/hook: PreSync', `argocd.argoproj.io/sync-options: ${name}`);

    it.each([
      ['CreateNames|pace=true', 'Only an Application’s `syncOptions` reads it: here it is ignored.'],
      [
        'Prune=tr|ue',
        '**Prune=true** — what holds anyway, unless the Application says otherwise: on the object it wins.',
      ],
      ['Replace=fa|lse', '**Replace=false** — what holds without it: it changes nothing.'],
      ['Prune=Fa|lse', 'no value that Argo CD knows for `argocd.argoproj.io/sync-options`. Did you mean Prune=false?'],
    ])('%s', (name, words) => {
      expect(hovered(option(name))?.text).toContain(words);
    });
  });

  describe('in odd places', () => {
    const text = (annotations: string): string =>
      `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\n  annotations:${annotations}\n`;

    it.each([
      ['in quotes', `\n    "argocd.argoproj.io/hook": 'Pre|Sync'`, `PreSync`],
      ['in a flow map', ' {argocd.argoproj.io/hook: PreS|ync}', 'PreSync'],
      ['at the end of the file', '\n    argocd.argoproj.io/hook: PreSync|', 'PreSync'],
      ['at an item behind a space', '\n    argocd.argoproj.io/hook: "Sync, |PreSync"', 'PreSync'],
      ['in a folded text', '\n    argocd.argoproj.io/hook: >-\n      Pre|Sync', '>-\n      PreSync'],
    ])('finds a value %s', (_where, annotations, about) => {
      const found = hovered(text(annotations));
      expect(found?.about.trim()).toBe(about);
      expect(found?.text).toContain('**PreSync** — runs before');
      expect(hovered(text(annotations).replaceAll('\n', '\r\n'))?.text).toBe(found?.text);
    });

    it('finds a key whose value is missing, in a document that cannot be read to its end', () => {
      expect(hovered(`${text('\n    argocd.argoproj.io/ho|ok:')}spec: [\n`)?.about).toBe('argocd.argoproj.io/hook');
    });

    it('finds an item of a list and a manifest in JSON', () => {
      const json =
        '{"apiVersion": "v1", "kind": "List", "items": [{"kind": "Pod", "metadata": {"name": "x", "annotations": {"argocd.argoproj.io/hook": "Pre|Sync"}}}]}';
      expect(hovered(`a: b\n---\n${json}`)?.about).toBe('"PreSync"'.slice(1, -1));
    });

    it.each([
      [
        'the value of another annotation',
        '\n    argocd.argoproj.io/hook: {{ .Values.phase }}\n    argocd.argoproj.io/sync-wave: "|1"',
      ],
      ['a key', '\n    argocd.argoproj.io/ho|ok: {{ .Values.phase }}'],
      [
        'a template beside it',
        '\n    {{- include "x.annotations" . | nindent 4 }}\n    argocd.argoproj.io/sync-wave: "@1"',
      ],
      ['a condition', '\n    {{- if .Values.hook }}\n    argocd.argoproj.io/ho|ok: PreSync\n    {{- end }}'],
    ])('does not guess the place where a template decides: %s', (_what, annotations) => {
      const marked = annotations.includes('@')
        ? text(annotations.replace('|', '¦').replace('@', '|'))
        : text(annotations);
      expect(hovered(marked)?.text).toContain('Here: a template decides about the place.');
    });

    it('knows the place where a template stands within another value', () => {
      expect(
        hovered(text('\n    a: {{ .Values.a }}\n    argocd.argoproj.io/ho|ok: PreSync'), { planned: false })?.text,
      ).toContain('Here: PreSync, wave 0');
    });

    it('says nothing of the same keys in labels, in templates of workloads and in texts', () => {
      expect(
        hovered(text(' {}').replace('annotations: {}', 'labels: {argocd.argoproj.io/ho|ok: PreSync}')),
      ).toBeUndefined();
      expect(
        hovered(
          'kind: Job\nspec:\n  template:\n    metadata:\n      annotations:\n        argocd.argoproj.io/ho|ok: PreSync\n',
        ),
      ).toBeUndefined();
      expect(
        hovered(
          'kind: ConfigMap\ndata:\n  a: >\n    metadata:\n      annotations:\n        argocd.argoproj.io/ho|ok: PreSync\n',
        ),
      ).toBeUndefined();
    });
  });

  it.each([
    SHOP.replace('apiVersion: v1', 'apiVersion: v|1'),
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

describe('hover on the name or the kind of a manifest', () => {
  it('says what it is, where it stands and what it needs', () => {
    const needy = SHOP.replace(
      '    argocd.argoproj.io/hook-delete-policy: HookSucceeded\n',
      '    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\nspec:\n  template:\n    spec:\n      serviceAccountName: migrator\n',
    ).replace('name: db-migration', 'name: db-mig|ration');
    const found = hovered(needy);
    expect(found?.about).toBe('db-migration');
    expect(found?.text).toMatchInlineSnapshot(`
      "**Job db\\-migration** — a hook of the application shop.

      ---

      Here: PreSync, wave −1, 1st of 3, alone in wave −1. The next wave waits until it completes. After it: ConfigMap settings.

      Stays after the sync; the next one deletes it right before it creates it anew (BeforeHookCreation, the default).

      Its pods do not start without: ServiceAccount migrator (runs as)."
    `);
  });

  it('says it of an ordinary resource too where the application uses hooks or waves', () => {
    const found = hovered(SHOP.replace('kind: ConfigMap', 'kind: Config|Map'));
    expect(found?.about).toBe('ConfigMap');
    expect(found?.text).toContain('**ConfigMap settings** — a resource of the application shop.');
    expect(found?.text).toContain('Before it: Job db-migration. After it: Deployment web.');
  });

  it('has nothing to say where nothing is ordered', () => {
    expect(hovered('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a|b\n')).toBeUndefined();
  });
});

describe('hover in other places of annotations', () => {
  it('explains those that an ApplicationSet gives to its Applications', () => {
    const set = (annotation: string): string =>
      `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: x\nspec:\n  template:\n    metadata:\n      annotations:\n        ${annotation}\n`;
    const key = hovered(set('argocd.argoproj.io/ref|resh: hard'));
    expect(key?.about).toBe('argocd.argoproj.io/refresh');
    expect(key?.text).toContain('every Application that the ApplicationSet generates gets it');
    expect(hovered(set('argocd.argoproj.io/refresh: ha|rd'))?.text).toContain('**hard** — renders');
    expect(hovered(set('argocd.argoproj.io/refresh: "{{ .x|y }}"'))).toBeUndefined();
    const option = set('a: b').concat(
      '    spec:\n      syncPolicy:\n        syncOptions:\n        - CreateNames|pace=true\n',
    );
    expect(hovered(option)?.text).toContain('**CreateNamespace=true**');
  });

  it('explains those that kustomize adds', () => {
    const text =
      'kind: Kustomization\ncommonAnnotations:\n  argocd.argoproj.io/sync-options: Prune=false, Dele|te=false\n';
    const found = hovered(text);
    expect(found?.about).toBe('Delete=false');
    expect(found?.text).toContain('Here: kustomize writes it on what it builds.');
  });

  it('says nothing in a pod template', () => {
    expect(
      hovered(
        'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      annotations:\n        argocd.argoproj.io/hook: Pre|Sync\n',
      ),
    ).toBeUndefined();
  });
});

describe('lenses', () => {
  const titles = (text: string): string[] => {
    const file = openFile('shop.yaml', text);
    const view = planOf(file);
    const found = lenses({ uri: 'file:///shop.yaml', file: 'shop.yaml', documents: file.documents, view });
    return found.map((lens) => {
      const { title } = 'command' in lens ? lens.command : lensCommand(lens.target, 'shop.yaml', view);
      return `${lens.range.start.line}: ${title}`;
    });
  };

  it('name no place where the text changed since', () => {
    const target = { uri: 'file:///shop.yaml', line: 3, about: 'place', nth: 0 } as const;
    expect(lensCommand(target, 'shop.yaml', planOf(openFile('shop.yaml', SHOP))).title).toBe('Show in Plan');
    expect(lensCommand({ ...target, line: 0 }, 'shop.yaml', undefined).title).toBe('Show in Plan');
  });

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
      '0: left out · "presync" is no phase of Argo CD: it never applies this manifest, and prunes a live copy. Did you mean PreSync?',
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

describe('hover on what was rendered', () => {
  it('tells what became of a template, and where it came from', () => {
    const text =
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ .Release.Name }}-migrate\n  annotations:\n    argocd.argoproj.io/ho|ok: {{ .Values.phase }}\n';
    const { text: plain, offset } = withCursor(text);
    const file = openFile('templates/job.yaml', plain);
    const placed = file.documentAt({ line: 0, character: 0 });
    const object = (name: string) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
    });
    const origin = 'Rendered by Helm from this template.';
    const rendered = (names: readonly string[]): PlanView =>
      viewOf(
        planApplication({
          name: 'shop',
          source: { kind: 'helm', path: '.', reason: '' },
          namespace: 'shop',
          objects: names.map((name) => ({ object: object(name), file: 'templates/job.yaml', line: 1, origin })),
        }),
      );
    const said = (view: PlanView): string =>
      hover(placed.document, offset, {
        argocdVersion: '3.6.1',
        place: { view, at: () => ({ file: 'templates/job.yaml', line: 1 }) },
      })?.markdown ?? '';
    expect(said(rendered(['shop-migrate']))).toContain('Here: PreSync, wave 0, 1st of 1, alone in wave 0.');
    expect(said(rendered(['shop-migrate']))).toContain(origin);
    expect(said(rendered(['a', 'b']))).toContain('Job b. Here: PreSync, wave 0, 2nd of 2');
    expect(said(rendered([]))).toContain('Here: a template decides about the place.');
  });
});
