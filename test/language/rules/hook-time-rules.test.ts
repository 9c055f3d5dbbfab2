import { describe, expect, it } from 'vitest';
import { fixed, job, judging, yaml } from '../fixture.ts';

const POD = (fields: string): string => `spec:
  template:
    spec:
${fields
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}`;
const CONTAINER = 'restartPolicy: Never\ncontainers: [{name: main, image: busybox}]';
const PRESYNC = 'argocd.argoproj.io/hook: PreSync';
const at = (spec: string, more: string): string => spec.replace('spec:\n', `spec:\n${more}`);

describe('hook-may-never-finish', () => {
  const judge = judging('hook-may-never-finish');
  const of = (text: string): readonly string[] => judge(text).lines;

  it('says how long a failing Job is tried, and that one that hangs is never ended', () => {
    const { lines, marked } = judge(job(PRESYNC, POD(CONTAINER)));
    expect(lines).toEqual([
      'info hook-may-never-finish: Job db-migration has no activeDeadlineSeconds, and Argo CD has no time limit: if a container hangs, the sync hangs until somebody ends it. If one fails it is tried 7 times (backoffLimit 6, the default), with about 11 minutes of waiting in between. Add activeDeadlineSeconds and backoffLimit.',
    ]);
    expect(marked).toContain('name: «db-migration»');
  });

  it.each([
    ['backoffLimit: 0', 'if a container hangs, the sync hangs until somebody ends it. Add activeDeadlineSeconds.'],
    ['backoffLimit: 1', 'it is tried 2 times (backoffLimit 1), with 10 seconds of waiting in between'],
    ['backoffLimit: 4', 'it is tried 5 times (backoffLimit 4), with about 3 minutes of waiting in between'],
  ])('reads %s', (limit, words) => {
    expect(of(job(PRESYNC, at(POD(CONTAINER), `  ${limit}\n`)))[0]).toContain(words);
  });

  it.each([
    'activeDeadlineSeconds: 300',
    'activeDeadlineSeconds: {{ .Values.deadline }}',
    '{{- if .Values.deadline }}\n  activeDeadlineSeconds: 300\n  {{- end }}',
    '{{- toYaml .Values.job | nindent 2 }}',
    '{{ include "shop.limits" . }}',
  ])('is silent where %s bounds it, or may', (field) => {
    expect(of(job(PRESYNC, at(POD(CONTAINER), `  ${field}\n`)))).toEqual([]);
  });

  it('is silent where the pod is bounded, and where there is no pod: a patch', () => {
    expect(of(job(PRESYNC, POD(`activeDeadlineSeconds: 60\n${CONTAINER}`)))).toEqual([]);
    expect(of(job(PRESYNC, 'spec: {}'))).toEqual([]);
    expect(of(job(PRESYNC, 'spec:\n  parallelism: 2'))).toEqual([]);
    expect(of(job(PRESYNC, POD('serviceAccountName: x')))).toEqual([]);
  });

  it('speaks beside templates that write somewhere else', () => {
    const text = job(PRESYNC, POD(`${CONTAINER}\nvolumes:\n  {{- toYaml .Values.volumes | nindent 8 }}`));
    expect(of(text)).toHaveLength(1);
    expect(of(job(`{{- toYaml .Values.annotations | nindent 4 }}\n${PRESYNC}`, POD(CONTAINER)))).toHaveLength(1);
    const limit = at(POD(CONTAINER), '  backoffLimit: {{ .Values.retries }}\n');
    expect(of(job(PRESYNC, limit))[0]).toContain('ends it. Add activeDeadlineSeconds.');
  });

  it.each(['{{ .Values.hook }}', '"${HOOK}"', 'Skip', 'Presync'])('does not judge the hook %s', (value) => {
    expect(of(job(`argocd.argoproj.io/hook: ${value}`, POD(CONTAINER)))).toEqual([]);
  });

  it('is no matter of Jobs that are no hooks', () => {
    expect(of(job('a: b', POD(CONTAINER)))).toEqual([]);
    expect(of(job('helm.sh/hook: test', POD(CONTAINER)))).toEqual([]);
  });

  it('counts Helm’s hooks, and those after a deletion', () => {
    expect(of(job('helm.sh/hook: pre-install,pre-upgrade', POD(CONTAINER)))[0]).toContain('the sync hangs');
    expect(of(job('argocd.argoproj.io/hook: PostDelete', POD(CONTAINER)))[0]).toContain(
      'the deletion of the Application hangs',
    );
    expect(of(job('argocd.argoproj.io/hook: PreDelete', POD(CONTAINER)))).toEqual([]);
  });

  it('warns where the retries alone take more than an hour', () => {
    const spec = (policy: string, limit: number): string =>
      job(PRESYNC, at(POD(CONTAINER.replace('Never', policy)), `  backoffLimit: ${limit}\n`));
    expect(of(spec('OnFailure', 50))[0]).toMatch(
      /^warning .*tried 51 times \(backoffLimit 50\), which takes about 4 hours/,
    );
    expect(of(spec('Never', 20))[0]).toMatch(/^warning .*about 95 minutes/);
    expect(of(spec('OnFailure', 12))[0]).toMatch(/^info /);
  });

  const waits = (command: string): readonly string[] =>
    of(
      job(
        PRESYNC,
        POD(`restartPolicy: Never\ncontainers:\n  - name: wait\n    command: ["sh", "-c", ${JSON.stringify(command)}]`),
      ),
    );

  it('warns of a loop that waits without end', () => {
    expect(waits('until nc -z db 5432; do echo waiting; sleep 2; done; migrate')[0]).toMatch(
      /^warning .*Nothing ends Job db-migration: container wait waits in a loop \(until … sleep\)/,
    );
    expect(waits('while ! curl -sf http://db; do sleep 1; done')[0]).toMatch(/^warning /);
  });

  it.each([
    'for i in $(seq 1 30); do nc -z db 5432 && exit 0; sleep 2; done; exit 1',
    'i=0; until nc -z db 5432; do i=$((i+1)); [ $i -gt 30 ] && exit 1; sleep 2; done',
    'timeout 60 sh -c "until nc -z db 5432; do sleep 2; done"',
    'until nc -z {{ .Values.host }} 5432; do sleep 2; done',
    'until=5; sleep $until',
  ])('does not warn of %s', (command) => {
    expect(waits(command)[0]).toMatch(/^info /);
  });

  it('tells Pods apart by how they are restarted', () => {
    const pod = (policy: string): string => yaml`
      apiVersion: v1
      kind: Pod
      metadata:
        name: wait
        annotations:
          argocd.argoproj.io/hook: PreSync
      spec:
        ${policy}
        containers: [{name: main, image: busybox}]
    `;
    expect(of(pod('restartPolicy: Never'))[0]).toMatch(/^info .*Pod wait has no activeDeadlineSeconds/);
    expect(of(pod('restartPolicy: OnFailure'))[0]).toMatch(/^warning .*starts a failing container again for ever/);
    expect(of(pod('restartPolicy: Always'))[0]).toMatch(/^warning .*has no end: its restartPolicy is Always/);
    expect(of(pod('hostNetwork: true'))[0]).toMatch(/^warning .*has no end/);
    expect(of(pod('activeDeadlineSeconds: 60'))).toEqual([]);
    expect(fixed(pod('hostNetwork: true'), 'Set restartPolicy: Never')).toBe(
      pod('hostNetwork: true').replace('spec:\n', 'spec:\n  restartPolicy: Never\n'),
    );
  });

  it('writes what is missing at the top of the spec, as the file indents', () => {
    const text = job(PRESYNC, `spec: # bounded?\n  # the pod\n${POD(CONTAINER).slice('spec:\n'.length)}`);
    expect(fixed(text, 'Add activeDeadlineSeconds: 600 and backoffLimit: 2')).toBe(
      text.replace('# bounded?\n', '# bounded?\n  activeDeadlineSeconds: 600\n  backoffLimit: 2\n'),
    );
    const limited = job(PRESYNC, at(POD(CONTAINER), '  backoffLimit: 3\n')).replaceAll('\n', '\r\n');
    expect(fixed(limited, 'Add activeDeadlineSeconds: 600')).toBe(
      limited.replace('spec:\r\n', 'spec:\r\n  activeDeadlineSeconds: 600\r\n'),
    );
  });

  it('writes into JSON and into an item of a list', () => {
    const json =
      '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x", "annotations": {"argocd.argoproj.io/hook": "Sync"}}, "spec": {"backoffLimit": 1, "template": {"spec": {"containers": []}}}}';
    expect(fixed(json, 'Add activeDeadlineSeconds: 600')).toBe(
      json.replace('"spec": {"backoffLimit"', '"spec": {"activeDeadlineSeconds": 600, "backoffLimit"'),
    );
    const list = yaml`
      apiVersion: v1
      kind: List
      items:
        - apiVersion: batch/v1
          kind: Job
          metadata:
            name: one
            annotations: {argocd.argoproj.io/hook: PreSync}
          spec:
            activeDeadlineSeconds: 5
            template: {spec: {containers: []}}
        - apiVersion: batch/v1
          kind: Job
          metadata:
            name: two
            annotations: {argocd.argoproj.io/hook: PreSync}
          spec:
            template: {spec: {containers: []}}
    `;
    expect(judge(list).marked).toContain('name: «two»');
    expect(fixed(list, 'Add activeDeadlineSeconds: 600 and backoffLimit: 2')).toBe(
      list.replace(/(two[\s\S]*spec:\n)/, '$1      activeDeadlineSeconds: 600\n      backoffLimit: 2\n'),
    );
  });

  it('judges each document of a file', () => {
    const text = [job(PRESYNC, POD(CONTAINER)), job('a: b', POD(CONTAINER)), job(PRESYNC, POD(CONTAINER))].join(
      '---\n',
    );
    expect(of(text)).toHaveLength(2);
  });

  it('offers nothing where the spec stands behind an alias', () => {
    const text = `x: &spec\n  template: {spec: {containers: []}}\n${job(PRESYNC, 'spec: *spec')}`;
    expect(of(text)).toHaveLength(1);
    expect(() => fixed(text, 'Add activeDeadlineSeconds: 600 and backoffLimit: 2')).toThrow('no action');
  });
});

describe('predelete-may-block', () => {
  const judge = judging('predelete-may-block');

  it('says what blocks the deletion, for Argo CD’s and Helm’s hooks', () => {
    const text = job('argocd.argoproj.io/hook: PreDelete', POD(CONTAINER));
    expect(judge(text).lines).toEqual([
      'warning predelete-may-block: The Application cannot be deleted before Job db-migration has succeeded: without activeDeadlineSeconds one that hangs blocks the deletion for ever, and one that fails is deleted and created again every few seconds. Add activeDeadlineSeconds, and let it succeed also where nothing is left to do.',
    ]);
    expect(judge(job('helm.sh/hook: pre-delete', POD(CONTAINER))).lines).toHaveLength(1);
  });

  it('is silent with a deadline, before Argo CD 3.3, and for templates', () => {
    const text = job('argocd.argoproj.io/hook: PreDelete', POD(CONTAINER));
    expect(judge(text.replace('spec:\n', 'spec:\n  activeDeadlineSeconds: 60\n')).lines).toEqual([]);
    expect(judge(text, { argocdVersion: '3.2.1' }).lines).toEqual([]);
    expect(judge(text.replace('PreDelete', '{{ .Values.hook }}')).lines).toEqual([]);
  });
});

describe('hook-ttl-race', () => {
  const judge = judging('hook-ttl-race');
  const ttl = (seconds: string, hook = PRESYNC): string => job(hook, `spec:\n  ttlSecondsAfterFinished: ${seconds}`);

  it.each([
    ['0', 'error'],
    ['59', 'warning'],
    ['60', 'info'],
    ['3600', 'info'],
  ])('of %s seconds is %s before Argo CD 3.0', (seconds, level) => {
    const { lines, marked } = judge(ttl(seconds), { argocdVersion: '2.14.3' });
    expect(lines[0]).toMatch(new RegExp(`^${level} hook-ttl-race: Kubernetes deletes Job db-migration `));
    expect(lines[0]).toContain('Argo CD 2.14.3 may not have read its end by then');
    expect(marked).toContain(`«ttlSecondsAfterFinished: ${seconds}»`);
  });

  it('is no risk since Argo CD 3.0, but for the hooks of a deletion', () => {
    expect(judge(ttl('0')).lines).toEqual([]);
    expect(judge(ttl('0'), { argocdVersion: '3.0.0' }).lines).toEqual([]);
    expect(judge(ttl('5', 'argocd.argoproj.io/hook: PostDelete')).lines[0]).toMatch(
      /^warning .*the hooks of a deletion have no finalizer.*created and run again/,
    );
    expect(judge(ttl('5', 'argocd.argoproj.io/hook: PostDelete')).findings[0]?.message.split(': ')).toHaveLength(2);
  });

  it('counts Helm’s hooks, and does not judge templates, other kinds, or Jobs that are no hooks', () => {
    const old = { argocdVersion: '2.10.0' };
    expect(judge(ttl('5', 'helm.sh/hook: post-install'), old).lines).toHaveLength(1);
    expect(judge(ttl('{{ .Values.ttl }}'), old).lines).toEqual([]);
    expect(judge(ttl('5', 'argocd.argoproj.io/hook: {{ .Values.hook }}'), old).lines).toEqual([]);
    expect(judge(ttl('5', 'a: b'), old).lines).toEqual([]);
    expect(judge(ttl('5').replace('batch/v1', 'example.com/v1'), old).lines).toEqual([]);
  });
});

describe('suspended-hook', () => {
  const judge = judging('suspended-hook');
  const text = (kind: string, field: string, hook = 'PreSync'): string => `apiVersion: ${kind.split(' ')[0] ?? ''}
kind: ${kind.split(' ')[1] ?? ''}
metadata:
  name: a
  annotations:
    argocd.argoproj.io/hook: ${hook}
spec:
  ${field}: true
  other: 1
`;

  it.each([
    ['batch/v1 Job', 'suspend', 'is suspended'],
    ['argoproj.io/v1alpha1 Workflow', 'suspend', 'is suspended'],
    ['argoproj.io/v1alpha1 Rollout', 'paused', 'is paused'],
    ['apps/v1 Deployment', 'paused', 'is paused'],
  ])('warns of a %s', (kind, field, words) => {
    const { lines, marked } = judge(text(kind, field));
    expect(lines[0]).toContain(`${words}: the sync waits for it until somebody resumes it`);
    expect(marked).toContain(`«${field}: true»`);
    expect(fixed(text(kind, field), `Remove ${field}`)).toBe(text(kind, field).replace(`  ${field}: true\n`, ''));
  });

  it('warns of a step at which a Workflow stops for good', () => {
    const steps = (suspend: string): string =>
      text('argoproj.io/v1alpha1 Workflow', 'other').replace(
        'other: true\n  other: 1',
        `entrypoint: main\n  templates:\n    - name: approve\n      suspend: ${suspend}`,
      );
    const { lines, marked } = judge(steps('{}'));
    expect(lines).toEqual([
      'warning suspended-hook: Workflow a stops at its template approve, which suspends it without a duration: the sync waits until somebody resumes it or terminates the sync. Give suspend a duration, or take the step out.',
    ]);
    expect(marked).toContain('«suspend: {»}');
    expect(judge(steps('{duration: "20"}')).lines).toEqual([]);
  });

  it('says that a hook of a deletion is then taken for done', () => {
    expect(judge(text('batch/v1 Job', 'suspend', 'PreDelete')).lines[0]).toContain('the deletion takes it for done');
  });

  it('points at the name where the field is not to be told from others of its name', () => {
    const twice = text('batch/v1 Job', 'suspend').replace('other: 1', 'other: {suspend: 1}');
    expect(judge(twice).marked).toContain('name: «a»');
    const mentioned = text('batch/v1 Job', 'suspend').replace('other: 1', 'other: to suspend or not');
    expect(judge(mentioned).marked).toContain('«suspend: true»');
    const json =
      '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"annotations": {"argocd.argoproj.io/hook": "Sync"}}, "spec": {"suspend":true}}';
    expect(judge(json).marked).toContain('{«"suspend":true»}');
  });

  it('leaves alone what is not suspended, what a queue starts, and templates', () => {
    const suspended = text('batch/v1 Job', 'suspend');
    expect(judge(suspended.replace('true', 'false')).lines).toEqual([]);
    expect(judge(suspended.replace('true', '{{ .Values.suspend }}')).lines).toEqual([]);
    expect(judge(suspended.replace('PreSync', '{{ .Values.hook }}')).lines).toEqual([]);
    const queued = suspended.replace('  name: a\n', '  name: a\n  labels: {kueue.x-k8s.io/queue-name: batch}\n');
    expect(judge(queued).lines).toEqual([]);
    expect(judge(text('batch/v1 CronJob', 'suspend')).lines).toEqual([]);
  });
});
