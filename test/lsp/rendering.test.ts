import { afterEach, describe, expect, test } from 'vitest';
import { placesIn } from '../../server/src/core/plan/query.ts';
import { PLAN, PLAN_CHANGED, RENDER_AGAIN, TRUSTED, type PlanResult } from '../../server/src/lsp/protocol.ts';
import type { RenderJob, RenderOutput } from '../../server/src/workspace/render/model.ts';
import { ROOT, TestSession, type SessionOptions } from './harness.ts';

const JOB = (wave: string): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/sync-wave: "${wave}"
`;
const FILES = { 'prod/kustomization.yaml': 'resources: [job.yaml]\nnamePrefix: prod-\n', 'prod/job.yaml': JOB('1') };
const PROD = { folder: ROOT, path: 'prod', name: 'prod' };

const sessions: TestSession[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.end();
});

/** A kustomize that knows one prefix. */
const kustomize =
  (session: () => TestSession) =>
  ({ texts }: RenderJob): RenderOutput => {
    const text = texts.get('prod/job.yaml') ?? session().disk.get('prod/job.yaml') ?? '';
    return { kind: 'rendered', output: String(text).replace('name: ', 'name: prod-') };
  };

async function begin(options: SessionOptions): Promise<TestSession> {
  const session: TestSession = await new TestSession({
    files: FILES,
    tool: kustomize(() => session),
    ...options,
  }).start();
  sessions.push(session);
  return session;
}

async function tasks(session: TestSession): Promise<string[]> {
  const result = await session.client.sendRequest<PlanResult>(PLAN, { application: PROD });
  return placesIn(result.plan.plans.sync).map(
    ({ wave, task }) => `${wave.wave} ${task.name} ${task.file}:${task.line}`,
  );
}

describe('rendering', () => {
  test('answers with the plan of what kustomize builds, led back to the file', async () => {
    const session = await begin({ trusted: true });
    expect(await tasks(session)).toEqual(['1 prod-migrate prod/job.yaml:1']);
  });

  test('shows in the lenses of the file what the rendered manifest does', async () => {
    const session = await begin({ trusted: true });
    await session.open('prod/job.yaml', JOB('4'));
    const lenses = async (): Promise<string> => {
      const [first] = await session.ask<object[]>('textDocument/codeLens', 'prod/job.yaml');
      return JSON.stringify(await session.client.sendRequest('codeLens/resolve', first));
    };
    await expect.poll(lenses).toContain('prod-migrate');
    expect(await lenses()).toContain('wave 4');
  });

  test('follows what is typed and not saved, and tells that the plan changed', async () => {
    const session = await begin({ trusted: true });
    await tasks(session);
    await session.open('prod/job.yaml', JOB('1'));
    await session.change('prod/job.yaml', 2, { text: JOB('7') });
    await session.until(() => session.sent(PLAN_CHANGED).length > 0);
    await expect.poll(() => tasks(session)).toEqual(['7 prod-migrate prod/job.yaml:1']);
  });

  const problems = async (session: TestSession): Promise<string[]> => {
    const result = await session.client.sendRequest<PlanResult>(PLAN, { application: PROD });
    return result.plan.problems.map(({ message }) => message);
  };

  test('says in a workspace that is not trusted that trust would have it rendered', async () => {
    const session = await begin({});
    expect(await problems(session)).toEqual([
      'prod is a kustomization that is not rendered: the plan takes its plain manifests as they are written, and it cannot be synced from here. What kustomize makes of them may differ. To have it rendered, trust this workspace: no program is run on files that are not.',
    ]);
    await session.client.sendNotification(TRUSTED);
    expect(await problems(session)).toEqual([]);
  });

  test('says which setting is off', async () => {
    const session = await begin({
      trusted: true,
      settings: { '': { render: { enable: false } }, [ROOT]: { render: { enable: false } } },
    });
    expect(await problems(session)).toEqual([
      expect.stringMatching(/may differ\. To have it rendered, switch on the setting argocdHooks\.render\.enable\.$/),
    ]);
  });

  test('runs nothing in a workspace that is not trusted, until it is', async () => {
    const jobs: RenderJob[] = [];
    const session = await begin({
      tool: (job) => {
        jobs.push(job);
        return kustomize(() => session)(job);
      },
    });
    expect(await tasks(session)).toEqual(['1 migrate prod/job.yaml:1']);
    await session.open('prod/job.yaml', JOB('1'));
    await session.ask('textDocument/codeLens', 'prod/job.yaml');
    expect(jobs).toEqual([]);
    await session.client.sendNotification(TRUSTED);
    expect(await tasks(session)).toEqual(['1 prod-migrate prod/job.yaml:1']);
    expect(jobs).not.toEqual([]);
  });

  test('tells whoever looks at a plan as soon as the workspace is trusted', async () => {
    const session: TestSession = await begin({ tool: (job) => kustomize(() => session)(job) });
    await tasks(session);
    const told = session.sent(PLAN_CHANGED).length;
    await session.client.sendNotification(TRUSTED);
    // Once of the plan without its hint, and once of what was rendered.
    await session.until(() => session.sent(PLAN_CHANGED).length >= told + 2);
    expect(await tasks(session)).toEqual(['1 prod-migrate prod/job.yaml:1']);
  });

  test('stops where the setting says so: manifests count as they are written', async () => {
    const session = await begin({ trusted: true });
    expect(await tasks(session)).toEqual(['1 prod-migrate prod/job.yaml:1']);
    session.settings = { [ROOT]: { render: { enable: false } } };
    await session.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await expect.poll(() => tasks(session)).toEqual(['1 migrate prod/job.yaml:1']);
  });

  test('renders again on request what could not be rendered before, although no file changed', async () => {
    let installed = false;
    const session: TestSession = await begin({
      trusted: true,
      tool: (job) => (installed ? kustomize(() => session)(job) : { kind: 'missing', tool: job.tool }),
    });
    expect(await problems(session)).toHaveLength(1);
    installed = true;
    expect(await problems(session)).toHaveLength(1);
    await session.client.sendNotification(RENDER_AGAIN);
    expect(await problems(session)).toEqual([]);
    expect(await tasks(session)).toEqual(['1 prod-migrate prod/job.yaml:1']);
  });

  test('says once that there is no tool', async () => {
    const session = await begin({ trusted: true, tool: ({ tool }) => ({ kind: 'missing', tool }) });
    const { plan } = await session.client.sendRequest<PlanResult>(PLAN, { application: PROD });
    expect(plan.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('there is no kustomize or kubectl'),
    ]);
  });

  test('tells in the values what the rendered manifests have, and follows them', async () => {
    const values = (phase: string): string => `phase: ${phase}\n`;
    const files = {
      'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'shop/values.yaml': values('PreSink'),
      'shop/templates/job.yaml': JOB('1').replace('hook: PreSync', 'hook: {{ .Values.phase }}'),
    };
    const session: TestSession = await begin({
      trusted: true,
      files,
      tool: ({ texts }) => {
        const phase = String(texts.get('shop/values.yaml') ?? files['shop/values.yaml'])
          .slice('phase: '.length)
          .trim();
        const output = `---\n# Source: shop/templates/job.yaml\n${JOB('1').replace('PreSync', phase)}`;
        return { kind: 'rendered', output };
      },
    });
    const told = async (): Promise<string[]> => {
      const { items } = await session.ask<{
        items: { code: string; message: string; range: { start: { line: number } } }[];
      }>('textDocument/diagnostic', 'shop/values.yaml');
      return items.map(({ code, message, range }) => `${range.start.line} ${code} ${message}`);
    };
    await session.open('shop/values.yaml', values('PreSink'));
    await expect
      .poll(told)
      .toEqual([expect.stringMatching(/^0 unknown-hook-phase .*Rendered by Helm from this value/)]);
    await session.change('shop/values.yaml', 2, { text: values('PreSync') });
    await expect.poll(told).toEqual([]);
    await session.change('shop/values.yaml', 3, { text: values('PostSink') });
    await expect.poll(told).toEqual([expect.stringContaining('PostSink')]);
  });
});
