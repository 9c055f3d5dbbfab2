import { loadAll } from 'js-yaml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#core/object';
import type { PlanInput } from '#core/plan/drafts';
import { planApplication } from '#core/plan/plan';
import { allPlaces, placesIn, taskName, usesOrdering } from '#core/plan/query';
import type { ApplicationPlan, Gate } from '#core/plan/model';

const plan = (yaml: string, options: Partial<PlanInput> = {}): ApplicationPlan =>
  planApplication({
    name: 'shop',
    source: { kind: 'directory', path: '.', reason: 'test' },
    namespace: 'shop',
    objects: (loadAll(yaml) as (KubeObject | null)[])
      .filter((object) => object !== null)
      .map((object, i) => ({ object, file: 'a.yaml', line: i + 1 })),
    ...options,
  });

const short = (key: string): string => key.split('/').slice(1).filter(Boolean).join('/').replace('/shop/', '/');

function gateText(gate: Gate): string {
  const parts = [
    gate.for.length > 0
      ? `waits for ${gate.for.map((f) => `${short(f.task)} ${f.until}`).join(', ')}`
      : 'does not wait',
    gate.mayHang.length > 0 ? `may hang: ${gate.mayHang.map((h) => `${short(h.task)}: ${h.reason}`).join('; ')}` : '',
  ];
  return parts.filter(Boolean).join(' | ');
}

/** The plan as a person would note it down. */
function draw(p: ApplicationPlan): string {
  const lines = Object.values(p.plans).flatMap((list) =>
    (list as ApplicationPlan['plans']['sync']).phases.flatMap(({ phase, waves }) =>
      waves.flatMap(({ wave, gate, batches }) => [
        `${phase} ${wave} (${gateText(gate)})`,
        ...batches.map(({ tasks }) => `  ${tasks.map((t) => `${t.kind}/${taskName(t)}`).join(' ')}`),
      ]),
    ),
  );
  return [...lines, ...p.skipped.map((s) => `left out: ${s.kind}/${s.name} (${s.reason.code})`)].join('\n');
}

const job = (name: string, annotations: Record<string, string> = {}, spec = ''): string => `
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: ${JSON.stringify(annotations)}}
spec: {template: {spec: {containers: [{name: main, image: x}], restartPolicy: Never${spec}}}}
---`;
const simple = (kind: string, name: string, annotations: Record<string, string> = {}, apiVersion = 'v1'): string => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}, annotations: ${JSON.stringify(annotations)}}
---`;
const hook = (phases: string, more: Record<string, string> = {}) => ({ 'argocd.argoproj.io/hook': phases, ...more });
const wave = (n: string) => ({ 'argocd.argoproj.io/sync-wave': n });

describe('the plan of an application', () => {
  it('puts hooks around the resources, and waits in between', () => {
    const p = plan(
      simple('Deployment', 'web', {}, 'apps/v1') +
        simple('Service', 'web') +
        job('migrate', hook('PreSync')) +
        job('notify', hook('PostSync')),
    );
    expect(draw(p)).toBe(
      [
        'PreSync 0 (waits for Job/migrate completes)',
        '  Job/migrate',
        'Sync 0 (waits for Service/web healthy, Deployment/web healthy)',
        '  Service/web',
        '  Deployment/web',
        'PostSync 0 (waits for Job/notify completes)',
        '  Job/notify',
      ].join('\n'),
    );
  });

  it('does not wait for the last wave when no hook is in it', () => {
    const p = plan(simple('Service', 'a') + simple('Deployment', 'b', wave('1'), 'apps/v1'));
    expect(draw(p)).toBe(
      ['Sync 0 (waits for Service/a healthy)', '  Service/a', 'Sync 1 (does not wait)', '  Deployment/b'].join('\n'),
    );
    expect(placesIn(p.plans.sync).at(-1)?.wave.gate.notWaitedFor[0]?.reason).toContain('last wave');
  });

  it('does not wait for siblings of a Sync hook in a single wave, unless a SyncFail hook makes it many steps', () => {
    const both = simple('Deployment', 'web', {}, 'apps/v1') + job('seed', hook('Sync'));
    expect(draw(plan(both))).toContain('Sync 0 (waits for Job/seed completes)');
    expect(draw(plan(both + job('rescue', hook('SyncFail'))))).toContain(
      'Sync 0 (waits for Deployment/web healthy, Job/seed completes)',
    );
  });

  it('says that a kind without a health check is not waited for', () => {
    const p = plan(
      simple('ConfigMap', 'a') + simple('Thing', 'b', {}, 'x.example.com/v1') + simple('Pod', 'c', wave('1')),
    );
    const gate = placesIn(p.plans.sync)[0]?.wave.gate;
    expect(gate?.waits).toBe(false);
    expect(gate?.notWaitedFor.map((n) => n.reason)).toEqual([
      'Argo CD has no health check for ConfigMap: it counts as done as soon as it exists',
      'Argo CD has no health check for Thing: it counts as done as soon as it exists',
    ]);
  });

  it('tells what can hang: a pod that needs what a later phase brings', () => {
    const needs = `, volumes: [{name: v, configMap: {name: settings}}]`;
    const p = plan(job('migrate', hook('PreSync'), needs) + simple('ConfigMap', 'settings'));
    expect(draw(p)).toContain(
      'may hang: Job/migrate: its pod mounts ConfigMap settings, which is applied only in Sync wave 0',
    );
  });

  it('tells no hang where an earlier group brings what a later one brings again', () => {
    const needs = `, volumes: [{name: v, configMap: {name: settings}}]`;
    const early = simple('ConfigMap', 'settings', { ...hook('PreSync,PostSync'), ...wave('-1') });
    expect(draw(plan(early + job('migrate', hook('PreSync'), needs)))).not.toContain('may hang');
  });

  it('tells that a paused Deployment can hang, and no other', () => {
    const deployment = (paused: string): string =>
      simple('Deployment', 'web', wave('-1'), 'apps/v1').replace('\n---', `\nspec: {${paused}}\n---`);
    const after = simple('ConfigMap', 'settings');
    expect(draw(plan(deployment('paused: true') + after))).toContain(
      'may hang: Deployment/web: the Deployment is paused',
    );
    expect(draw(plan(deployment('paused: false') + after))).not.toContain('may hang');
    expect(draw(plan(deployment('paused: false') + after))).toContain('waits for Deployment/web healthy');
  });

  it('says of a file of kustomize that nothing is pruned for it', () => {
    for (const apiVersion of ['kustomize.config.k8s.io/v1beta1', '""']) {
      const p = plan(simple('Kustomization', 'base', hook('presync'), apiVersion) + simple('ConfigMap', 'a'));
      expect(p.skipped.map(({ reason }) => reason.text)).toEqual([expect.stringContaining('nothing pruned')]);
    }
  });

  it('pulls a Namespace forward to its first user, and says why', () => {
    const inNamespace = job('migrate', { ...hook('PreSync'), ...wave('-5') }).replace(
      'name: migrate,',
      'name: migrate, namespace: team,',
    );
    const p = plan(inNamespace + simple('Namespace', 'team', wave('5')));
    const place = placesIn(p.plans.sync)[0];
    expect([place?.phase, place?.task.kind, place?.task.wave, place?.task.declaredWave]).toEqual([
      'PreSync',
      'Namespace',
      -5,
      5,
    ]);
    expect(place?.task.phaseReason).toEqual({
      code: 'pulled-forward',
      text: 'Moved to PreSync before Job migrate, which needs it.',
    });
  });

  it('creates the destination namespace where the application asks for it', () => {
    const p = plan(simple('ConfigMap', 'a'), { syncOptions: ['CreateNamespace=true'] });
    expect(draw(p)).toContain('PreSync 0 (does not wait)\n  Namespace/shop');
    expect(placesIn(p.plans.sync)[0]?.task.phaseReason.code).toBe('namespace-creation');
    expect(draw(plan(simple('Namespace', 'shop'), { syncOptions: ['CreateNamespace=true'] }))).not.toContain('PreSync');
  });

  it('keeps every object whose name is a template: equal ones may come to different names', () => {
    const p = plan(
      simple('ConfigMap', '"{{ $app }}"') + simple('ConfigMap', '"{{ $app }}"') + simple('ConfigMap', 'e'),
    );
    expect(draw(p)).toBe('Sync 0 (does not wait)\n  ConfigMap/e ConfigMap/{{ $app }} ConfigMap/{{ $app }}');
  });

  it('names what Argo CD leaves out, and why', () => {
    const p = plan(
      job('a', hook('presync')) +
        job('b', hook('')) +
        job('c', hook('Skip')) +
        job('d', { 'helm.sh/hook': 'test' }) +
        simple('ConfigMap', 'e') +
        simple('ConfigMap', 'e'),
    );
    expect(draw(p)).toBe(
      [
        'Sync 0 (does not wait)',
        '  ConfigMap/e',
        'left out: Job/a (unknown-hook)',
        'left out: Job/b (empty-hook)',
        'left out: Job/c (skip)',
        'left out: Job/d (helm-hook-ignored)',
        'left out: ConfigMap/e (duplicate)',
      ].join('\n'),
    );
  });

  it('keeps SyncFail and deletion apart from the sync', () => {
    const p = plan(job('fail', hook('SyncFail')) + job('bye', hook('PreDelete,PostDelete')) + simple('ConfigMap', 'a'));
    expect(draw(p)).toBe(
      [
        'Sync 0 (does not wait)',
        '  ConfigMap/a',
        'SyncFail 0 (waits for Job/fail completes)',
        '  Job/fail',
        'PreDelete 0 (waits for Job/bye completes)',
        '  Job/bye',
        'PostDelete 0 (waits for Job/bye completes)',
        '  Job/bye',
      ].join('\n'),
    );
  });

  it('shows a hook of two phases twice and keeps a generated name open', () => {
    const p = plan(job('x', hook('PreSync,PostSync')).replace('name: x', 'generateName: x-'));
    expect(draw(p)).toBe(
      [
        'PreSync 0 (waits for Job/x- completes)',
        '  Job/x-…',
        'PostSync 0 (waits for Job/x- completes)',
        '  Job/x-…',
      ].join('\n'),
    );
    expect(placesIn(p.plans.sync)[0]?.task).toMatchObject({
      name: '',
      generateName: 'x-',
      hook: ['PreSync', 'PostSync'],
    });
  });

  it('knows whether an application uses the order at all', () => {
    expect(usesOrdering(plan(simple('ConfigMap', 'a')))).toBe(false);
    expect(usesOrdering(plan(simple('ConfigMap', 'a', wave('1'))))).toBe(true);
  });
});

describe('any manifests', () => {
  const value = fc.constantFrom(
    '',
    'PreSync',
    'PostSync',
    'Sync',
    'SyncFail',
    'Skip',
    'presync',
    'PreDelete',
    '1',
    '-3',
    'x',
  );
  const object = fc.record(
    {
      apiVersion: fc.constantFrom('v1', 'apps/v1', 'batch/v1', 'apiextensions.k8s.io/v1', 'x.io/v1', ''),
      kind: fc.constantFrom('Job', 'Pod', 'Namespace', 'CustomResourceDefinition', 'Deployment', 'Thing', ''),
      metadata: fc.oneof(
        fc.record(
          {
            name: fc.constantFrom('a', 'b', 'shop'),
            namespace: fc.constantFrom('', 'b', 'shop'),
            generateName: fc.constantFrom('g-', ''),
            annotations: fc.dictionary(
              fc.constantFrom(
                'argocd.argoproj.io/hook',
                'argocd.argoproj.io/sync-wave',
                'helm.sh/hook',
                'helm.sh/hook-weight',
              ),
              value,
            ),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom(null, 'text', 3, []),
      ),
      spec: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );

  it('give a plan in which each of them stands or is left out', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 12 }), (objects) => {
        const p = planApplication({
          name: 'x',
          source: { kind: 'directory', path: '.', reason: '' },
          namespace: 'shop',
          objects: objects.map((o, i) => ({ object: o as KubeObject, file: 'f', line: i + 1 })),
        });
        const seen = new Set([...allPlaces(p).map(({ task }) => task.line), ...p.skipped.map(({ line }) => line)]);
        expect([...seen].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(objects.map((_, i) => i + 1));
      }),
    );
  });
});
