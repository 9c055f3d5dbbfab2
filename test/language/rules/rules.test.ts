import { describe, expect, it } from 'vitest';
import { RULES, linkOf } from '../../../server/src/language/diagnostics/rules.ts';
import { actionsOf, edited, fixed, judge, yaml } from '../fixture.ts';

/** A Job with these annotations, and with what else is given. */
const job = (annotations: string, spec = 'spec: {}'): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: db-migration\n  annotations:\n${annotations
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}${spec}\n`;

const hook = (value: string): string => job(`argocd.argoproj.io/hook: ${value}`);

describe('unknown-hook-phase', () => {
  it('is an error where no phase is left, and says what happens to the object', () => {
    const { lines, marked } = judge(hook('presync'));
    expect(lines).toEqual([
      'error unknown-hook-phase: "presync" is no phase of Argo CD: Job db-migration is never applied, and a live copy of it is deleted when a sync prunes. Did you mean PreSync?',
    ]);
    expect(marked).toContain('hook: «presync»\n');
    expect(fixed(hook('presync'), 'Replace with PreSync')).toBe(hook('PreSync'));
  });

  it('is a warning where a phase is left', () => {
    const { lines, marked } = judge(hook('"PreSync, Typo"'));
    expect(lines).toEqual([
      'warning unknown-hook-phase: "Typo" is no phase of Argo CD: it is ignored, and Job db-migration runs as PreSync only.',
    ]);
    expect(marked).toContain('"PreSync, «Typo»"');
  });

  it('names the Helm hook that Argo CD falls back to', () => {
    const { lines } = judge(job('argocd.argoproj.io/hook: Garbage\nhelm.sh/hook: post-install'));
    expect(lines[0]).toContain(
      'it is ignored, and Job db-migration runs as PostSync because of helm.sh/hook: post-install.',
    );
  });

  it('knows the phases of a deletion, and the letters count', () => {
    expect(judge(hook('PreDelete,PostDelete')).lines).toEqual([]);
    expect(judge(hook('Predelete')).lines[0]).toContain('Did you mean PreDelete?');
  });

  it('finds the place within escapes and block scalars', () => {
    expect(judge(hook('"Pre\\u0053ync,Typo"')).marked).toContain('«"Pre\\u0053ync,Typo"»');
    expect(judge(hook('>-\n      PreSync,\n      Typo')).lines).toHaveLength(1);
  });

  it.each(['{{ .Values.phase }}', '"{{ .Values.phase }}"', '${PHASE}', 'PreSync,$(PHASE)'])(
    'never judges %s',
    (value) => {
      expect(judge(hook(value)).lines).toEqual([]);
    },
  );
});

describe('empty-hook', () => {
  it.each(['""', '","', '" "'])('fires for %s', (value) => {
    expect(judge(hook(value)).lines).toEqual([
      'error empty-hook: The hook annotation is empty: Job db-migration is never applied, and a live copy of it is deleted when a sync prunes. Remove it, or name a phase.',
    ]);
  });

  it('removes the annotation with its line, or names a phase', () => {
    const text = job('argocd.argoproj.io/hook: ""\nexample.com/a: b');
    expect(fixed(text, 'Remove the hook annotation')).toBe(job('example.com/a: b'));
    expect(fixed(text, 'Make it a PostSync hook')).toBe(job('argocd.argoproj.io/hook: "PostSync"\nexample.com/a: b'));
    expect(fixed(hook('""'), 'Remove the hook annotation')).toBe(
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: db-migration\nspec: {}\n',
    );
  });
});

describe('skip-combined', () => {
  it('warns where Skip stands beside a phase', () => {
    const { lines, marked } = judge(hook('PreSync,Skip'));
    expect(lines).toEqual([
      'warning skip-combined: Skip works only alone: Job db-migration is not left out but runs as PreSync. Remove Skip, or the rest.',
    ]);
    expect(marked).toContain('PreSync,«Skip»');
    expect(fixed(hook('PreSync,Skip'), 'Remove Skip')).toBe(hook('PreSync'));
    expect(fixed(hook('PreSync,Skip'), 'Keep Skip alone')).toBe(hook('Skip'));
  });

  it('says nothing where Skip stands alone', () => {
    expect(judge(hook('Skip')).lines).toEqual([]);
    expect(judge(hook('"Skip, Skip"')).lines).toEqual([]);
  });
});

describe('unknown-delete-policy', () => {
  const policy = (value: string): string =>
    job(`argocd.argoproj.io/hook: PostSync\nargocd.argoproj.io/hook-delete-policy: ${value}`);

  it('is a warning where BeforeHookCreation holds instead', () => {
    expect(judge(policy('HookSucceded')).lines).toEqual([
      'warning unknown-delete-policy: "HookSucceded" is no delete policy of Argo CD and is ignored: for Job db-migration BeforeHookCreation holds, so it stays after the sync and is deleted right before the next one creates it anew. Did you mean HookSucceeded?',
    ]);
    expect(fixed(policy('HookSucceded'), 'Replace with HookSucceeded')).toBe(policy('HookSucceeded'));
  });

  it('is an error where the rest takes BeforeHookCreation away', () => {
    const found = judge(policy('HookSucceded,HookFailed')).lines.filter((line) =>
      line.includes('unknown-delete-policy'),
    );
    expect(found).toEqual([
      'error unknown-delete-policy: "HookSucceded" is no delete policy of Argo CD and is ignored: for Job db-migration HookFailed alone holds, so after its first success it stays and never runs again. Did you mean HookSucceeded?',
    ]);
  });

  it('reads Helm’s policies too', () => {
    const text = job('helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: before-hook-creation,hook-sucess');
    expect(judge(text).lines[0]).toMatch(/^warning unknown-delete-policy: "hook-sucess" is no delete policy of Helm/);
  });
});

describe('delete-policy-without-hook', () => {
  const text = job('argocd.argoproj.io/hook-delete-policy: HookSucceeded');

  it('warns, and offers to remove the policy or to add a hook', () => {
    expect(judge(text).lines).toEqual([
      'warning delete-policy-without-hook: Job db-migration is no hook: its delete policy has no effect, and no sync deletes it. Remove the policy, or add argocd.argoproj.io/hook.',
    ]);
    expect(fixed(text, 'Make it a PreSync hook')).toBe(
      job('argocd.argoproj.io/hook-delete-policy: HookSucceeded\nargocd.argoproj.io/hook: "PreSync"'),
    );
    expect(fixed(text, 'Remove argocd.argoproj.io/hook-delete-policy')).not.toContain('annotations');
  });

  it('says nothing of Helm hooks, of hooks from templates, and only mentions it where kustomize may add the hook', () => {
    expect(judge(job('helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: before-hook-creation')).lines).toEqual([]);
    expect(
      judge(job('{{- include "x.hook" . | nindent 4 }}\nargocd.argoproj.io/hook-delete-policy: BeforeHookCreation'))
        .lines,
    ).toEqual([]);
    expect(
      judge(job('argocd.argoproj.io/hook: {{ .Values.x }}\nargocd.argoproj.io/hook-delete-policy: BeforeHookCreation'))
        .lines,
    ).toEqual([]);
    expect(judge(text, { listedByKustomization: true }).lines[0]).toMatch(/^info /);
  });
});

describe('invalid-sync-wave', () => {
  const wave = (value: string, more = ''): string => job(`argocd.argoproj.io/sync-wave: ${value}${more}`);

  it.each([
    ['"1.5"', 'The wave "1.5" is no integer, so Argo CD ignores it: Job db-migration is in wave 0.'],
    ['" 1"', 'The wave " 1" has white space around its number, so Argo CD ignores it: Job db-migration is in wave 0.'],
    ['""', 'The wave is empty, so Argo CD ignores it: Job db-migration is in wave 0.'],
    [
      '"99999999999999999999"',
      'The wave 99999999999999999999 is beyond 64 bits, so Argo CD ignores it: Job db-migration is in wave 0.',
    ],
    ['one', 'The wave "one" is no integer, so Argo CD ignores it: Job db-migration is in wave 0.'],
  ])('%s', (value, message) => {
    expect(judge(wave(value)).lines).toEqual([`error invalid-sync-wave: ${message}`]);
  });

  it('names the Helm weight that counts instead', () => {
    expect(judge(wave('"x"', '\nhelm.sh/hook-weight: "3"')).lines[0]).toContain(
      'is in wave 3, its helm.sh/hook-weight.',
    );
  });

  it.each(['"0"', '"-5"', '"+5"', '"01"', "'2'", '"{{ .Values.wave }}"', '${WAVE}'])(
    'says nothing about %s',
    (value) => {
      expect(judge(wave(value)).lines).toEqual([]);
    },
  );

  it('trims, or removes', () => {
    expect(fixed(wave('" 1"'), 'Replace with "1"')).toBe(wave('"1"'));
    expect(fixed(wave('"x"', '\na: b'), 'Remove the wave')).toBe(job('a: b'));
  });
});

describe('unquoted-annotation-value', () => {
  it.each([
    ['argocd.argoproj.io/sync-wave: 5', 'argocd.argoproj.io/sync-wave: 5 is a number to YAML, no text'],
    ['example.com/on: yes', 'example.com/on: yes is a boolean to YAML, no text'],
    ['example.com/none: ~', 'example.com/none: ~ is null to YAML, no text'],
    ['example.com/none:', 'The value of example.com/none is empty, which is null to YAML, no text'],
  ])('%s', (annotation, message) => {
    const [line] = judge(job(annotation)).lines;
    expect(line).toContain(`error unquoted-annotation-value: ${message}`);
    expect(line).toContain('Argo CD cannot generate the manifests of the application');
  });

  it('is an information where a kustomization lists the file', () => {
    expect(judge(job('a: true'), { listedByKustomization: true }).lines[0]).toMatch(/^info unquoted-annotation-value/);
  });

  it('says of a CRD that its annotations are lost', () => {
    const crd =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\n  annotations:\n    a: 1\n';
    expect(judge(crd).lines[0]).toContain('every annotation of CustomResourceDefinition x is lost');
  });

  it.each(['a: 2020-01-01', 'a: nUll', 'a: "5"', 'a: !!str 5', 'a: {{ .Values.x }}', 'a: ${N}', 'a: 5m'])(
    'takes %s for a text',
    (annotation) => {
      expect(judge(job(annotation)).lines).toEqual([]);
    },
  );

  it('quotes one value, or all of the file', () => {
    const text = `${job('a: 0o17\nb: on')}---\n${job('c: 1.50\nd:')}`;
    expect(fixed(text, 'Quote the value: "on"')).toContain('b: "on"\n');
    const all = fixed(text, 'Quote all 4 values in this file');
    expect(all).toContain('b: "on"\n');
    expect(all).toContain('c: "1.50"\n    d: ""\n');
    expect(judge(all).lines).toEqual([]);
  });
});

describe('unknown-argocd-annotation', () => {
  it.each([
    ['argocd.argoproj.io/sync-waves', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/syncwave', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/sync-option', 'argocd.argoproj.io/sync-options'],
    ['argocd.argoproj.io/hook-deletion-policy', undefined],
    ['argocd.argoproj.io/hook-delete-polcy', 'argocd.argoproj.io/hook-delete-policy'],
    ['argoproj.io/sync-wave', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoprj.io/sync-wave', 'argocd.argoproj.io/sync-wave'],
    ['sync-wave', 'argocd.argoproj.io/sync-wave'],
    ['argocd.argoproj.io/managed-by', undefined],
    ['argocd.argoproj.io/something-else', undefined],
    ['workflows.argoproj.io/description', undefined],
    ['example.com/hook', undefined],
    ['hook', undefined],
  ])('%s → %s', (key, meant) => {
    const text = job(`${key}: "1"`);
    const { lines, marked } = judge(text);
    if (meant === undefined) return expect(lines).toEqual([]);
    expect(lines).toEqual([
      `warning unknown-argocd-annotation: Argo CD knows no annotation ${key} and ignores it on Job db-migration. Did you mean ${meant}?`,
    ]);
    expect(marked).toContain(`«${key}»: "1"`);
    expect(fixed(text, `Rename to ${meant}`)).toBe(job(`${meant}: "1"`));
  });

  it('offers no rename where the right key is there already', () => {
    const text = job('argocd.argoproj.io/sync-waves: "1"\nargocd.argoproj.io/sync-wave: "2"');
    expect(actionsOf(text).map((action) => action.title)).toEqual(['Ignore unknown-argocd-annotation here']);
  });
});

describe('unknown-sync-option', () => {
  const options = (value: string): string => job(`argocd.argoproj.io/sync-options: ${value}`);

  it('warns of options that are none, in their own case alone', () => {
    expect(judge(options('Prune=False,Replace=true')).lines).toEqual([
      'warning unknown-sync-option: "Prune=False" is no sync option of Argo CD: it is ignored on Job db-migration. Did you mean Prune=false?',
    ]);
    expect(judge(options('SkipDryRunOnMissingResources=true')).lines[0]).toContain(
      'Did you mean SkipDryRunOnMissingResource=true?',
    );
    expect(fixed(options('Prune=False,Replace=true'), 'Replace with Prune=false')).toBe(
      options('Prune=false,Replace=true'),
    );
  });

  it.each(['Prune=true', 'CreateNamespace=true', 'Replace=false', 'ServerSideApply=false,Delete=confirm'])(
    'knows %s',
    (value) => {
      expect(judge(options(value)).lines).toEqual([]);
    },
  );

  it('reads syncOptions of an Application, item by item', () => {
    const text = yaml`
      apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata:
        name: shop
      spec:
        syncPolicy:
          syncOptions:
            - CreateNamespace=true
            - createNamespace=true
            - Force=true
            - "Validate=false, Prune=false"
            - "{{ .Values.option }}"
    `;
    const { lines, marked } = judge(text);
    expect(lines).toEqual([
      'warning unknown-sync-option: "createNamespace=true" is no sync option of Argo CD: Application shop is synced without it. Did you mean CreateNamespace=true?',
      'warning unknown-sync-option: Only resources read Force=true: in syncOptions of Application shop it is ignored. Put it into the annotation argocd.argoproj.io/sync-options of the resources that need it.',
      'warning unknown-sync-option: "Validate=false, Prune=false" is no sync option of Argo CD: Application shop is synced without it. Each item of the list is one option: give every option an item of its own.',
    ]);
    expect(marked).toContain('- «Force=true»\n');
    expect(fixed(text, 'Replace with CreateNamespace=true')).toContain(
      '- CreateNamespace=true\n      - CreateNamespace=true\n',
    );
  });
});

describe('stale-hook-reused', () => {
  const text = (phase: string, policy: string, spec?: string): string =>
    job(`argocd.argoproj.io/hook: ${phase}\nargocd.argoproj.io/hook-delete-policy: ${policy}`, spec);

  it.each([
    ['PreSync', 'HookFailed', 'error', 'runs in the first sync and never again after a success'],
    ['PostSync', 'HookFailed', 'warning', 'runs in the first sync and never again after a success'],
    [
      'PreSync',
      'HookSucceeded',
      'warning',
      'After one failure of Job db-migration every later sync fails at once without running it',
    ],
    ['SyncFail', 'HookSucceeded', 'warning', 'does not run on the second failure'],
  ])('%s with %s alone is %s: %s', (phase, policy, level, words) => {
    const [line, ...more] = judge(text(phase, policy)).lines;
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^${level} stale-hook-reused: `));
    expect(line).toContain(words);
    expect(fixed(text(phase, policy), 'Add BeforeHookCreation')).toBe(text(phase, `BeforeHookCreation,${policy}`));
  });

  it.each([
    ['PreSync', 'BeforeHookCreation'],
    ['PreSync', 'BeforeHookCreation,HookSucceeded'],
    ['PreSync', 'HookSucceeded,HookFailed'],
    ['SyncFail', 'HookFailed'],
    ['PostDelete', 'HookSucceeded'],
    ['{{ .Values.phase }}', 'HookSucceeded'],
  ])('says nothing about %s with %s', (phase, policy) => {
    expect(judge(text(phase, policy)).lines).toEqual([]);
  });

  it('says nothing about generated names and about kinds that do not end', () => {
    expect(judge(text('PreSync', 'HookSucceeded').replace('name:', 'generateName:')).lines).toEqual([]);
    expect(judge(text('PreSync', 'HookSucceeded').replace('kind: Job', 'kind: ConfigMap')).lines).toEqual([]);
    expect(judge(text('PreSync', 'HookSucceeded').replace('db-migration', 'db-{{ .Release.Revision }}')).lines).toEqual(
      [],
    );
  });

  it('counts Helm’s policies, which hold together with Argo CD’s', () => {
    const helm = (policy: string): string => job(`helm.sh/hook: pre-install\nhelm.sh/hook-delete-policy: ${policy}`);
    expect(judge(helm('hook-succeeded')).lines[0]).toMatch(/^warning stale-hook-reused/);
    expect(fixed(helm('hook-succeeded'), 'Add before-hook-creation')).toBe(helm('before-hook-creation,hook-succeeded'));
    expect(
      judge(
        `${helm('before-hook-creation')}`.replace(
          'spec',
          '    argocd.argoproj.io/hook-delete-policy: HookFailed\nspec',
        ),
      ).lines,
    ).toEqual([]);
  });

  it('is an information where Kubernetes deletes the Job by itself', () => {
    const [line] = judge(text('PreSync', 'HookSucceeded', 'spec:\n  ttlSecondsAfterFinished: 5')).lines;
    expect(line).toMatch(/^info stale-hook-reused/);
    expect(line).toContain('until Kubernetes deletes it, 5 s after its end');
    const [late] = judge(text('PreSync', 'HookFailed', 'spec:\n  ttlSecondsAfterFinished: 86400')).lines;
    expect(late).toMatch(/^warning stale-hook-reused/);
  });
});

describe('rules together', () => {
  it('have unique ids, documentation and a link', () => {
    expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
    for (const rule of RULES) {
      expect(rule.levels).toContain(rule.defaultLevel);
      expect(rule.title).toMatch(/\.$/);
      expect(rule.docs.length).toBeGreaterThan(80);
      expect(linkOf(rule.id)).toMatch(/^https:\/\/argo-cd\.readthedocs\.io\/en\/stable\//);
    }
  });

  it('obey the user’s levels', () => {
    expect(judge(hook('presync'), { levels: { 'unknown-hook-phase': 'hint' } }).lines[0]).toMatch(/^hint /);
    expect(judge(hook('presync'), { levels: { 'unknown-hook-phase': 'off' } }).lines).toEqual([]);
  });

  it('are silenced on the next line, or in the whole document', () => {
    const text = job('argocd.argoproj.io/hook: presync\nargocd.argoproj.io/sync-wave: "x"');
    const one = fixed(text, 'Ignore unknown-hook-phase here');
    expect(one).toContain('    # argocd-hooks: ignore unknown-hook-phase\n    argocd.argoproj.io/hook: presync\n');
    expect(judge(one).lines.map((line) => line.split(':')[0])).toEqual(['error invalid-sync-wave']);
    expect(judge(`# argocd-hooks: ignore unknown-hook-phase, invalid-sync-wave\n${text}`).lines).toEqual([]);
  });

  it('judge each document alone: one that is broken costs its neighbors nothing', () => {
    const text = `a: [\n---\n${hook('presync')}---\n"\n---\n${hook('postsync')}`;
    expect(judge(text).lines.map((line) => line.slice(0, 26))).toEqual([
      'error unknown-hook-phase: ',
      'error unknown-hook-phase: ',
    ]);
  });

  it('fix everything that is certain in one go, and nothing else', () => {
    const text = job(
      'argocd.argoproj.io/hook: pre-sync\nargocd.argoproj.io/hook-delete-policy: HookSucceded,beforehookcreation,hook-failed\nargocd.argoproj.io/sync-wave: 5',
    );
    const [action, ...more] = actionsOf(text, { only: ['source.fixAll'] });
    expect(more).toEqual([]);
    expect(edited(text, action?.edit?.changes?.['file:///test.yaml'] ?? [])).toBe(
      job(
        'argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/hook-delete-policy: HookSucceded,BeforeHookCreation,HookFailed\nargocd.argoproj.io/sync-wave: "5"',
      ),
    );
  });

  it('offer no fix-all action unless it was asked for', () => {
    expect(actionsOf(hook('presync')).every((action) => action.kind === 'quickfix')).toBe(true);
  });

  it('say nothing about things that merely look like annotations', () => {
    const text = yaml`
      # argocd.argoproj.io/hook: presync
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: x
        labels:
          argocd.argoproj.io/instance: shop
          argocd.argoproj.io/hook: presync
        annotations:
          kubectl.kubernetes.io/last-applied-configuration: |
            {"metadata":{"annotations":{"argocd.argoproj.io/hook":"presync"}}}
      data:
        job.yaml: |
          metadata:
            annotations:
              argocd.argoproj.io/hook: presync
    `;
    expect(judge(text).lines).toEqual([]);
  });
});
