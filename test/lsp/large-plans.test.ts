import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patched } from '../../server/src/core/patch.ts';
import { allPlaces } from '../../server/src/core/plan/query.ts';
import {
  APPLICATIONS,
  PLAN,
  PLAN_CHANGED,
  type ApplicationRef,
  type ApplicationSummary,
  type PlanAnswer,
  type PlanResult,
  type PlanUpdate,
} from '../../server/src/lsp/protocol.ts';
import { ROOT, TestSession } from './harness.ts';

const FILES = 100;
const IN_FILE = 50;

const wave = (n: number): string => `    argocd.argoproj.io/sync-wave: "${n}"\n`;
const configMap = (n: number, annotations: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c${n}\n  annotations:\n${annotations}data:\n  k: v\n`;
const fileText = (file: number): string =>
  Array.from({ length: IN_FILE }, (_, i) => configMap(file * IN_FILE + i, wave((file * 7 + i) % 20))).join('---\n');

const size = (value: unknown): number => JSON.stringify(value).length;

describe('an application of 5,000 resources', () => {
  const PATH = 'shop/f42.yaml';
  const session = new TestSession({
    files: Object.fromEntries(Array.from({ length: FILES }, (_, i) => [`shop/f${i}.yaml`, fileText(i)])),
  });
  let shop: ApplicationRef;
  let known: PlanResult;
  let version = 1;

  /** Types a line in place of another, and waits until the client is told that the plan is another one. */
  async function edit(line: number, text: string): Promise<void> {
    const told = session.sent(PLAN_CHANGED).length;
    const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
    await session.change(PATH, ++version, { range, text });
    await session.until(() => session.sent(PLAN_CHANGED).length > told);
  }

  async function update(): Promise<PlanUpdate> {
    const params = { application: shop, since: known.version };
    const answer = await session.client.sendRequest<PlanAnswer>(PLAN, params);
    if ('plan' in answer) throw new Error('the whole plan was sent again');
    known = { ...answer, plan: patched(known.plan, answer.patch ?? undefined) };
    return answer;
  }

  beforeAll(async () => {
    await session.start();
    const [found] = await session.client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
    if (!found) throw new Error('no application');
    shop = { folder: found.folder, path: found.path, name: found.name };
    expect(found.resources).toBe(FILES * IN_FILE);
    known = await session.client.sendRequest<PlanResult>(PLAN, { application: shop });
    await session.open(PATH, fileText(42));
  }, 60_000);
  afterAll(() => session.end());

  it('sends what one edit changed, and not the plan', async () => {
    const whole = size(known);
    await edit(5, wave(3));
    const answer = await update();
    expect([size(answer) < 4000, whole > 1_000_000]).toEqual([true, true]);
    expect(known.plan).toEqual((await session.client.sendRequest<PlanResult>(PLAN, { application: shop })).plan);
    const moved = allPlaces(known.plan).find(({ task }) => task.name === 'c2100');
    expect(moved?.wave.wave).toBe(3);
  });

  it('keeps every wave that the edit does not touch as the same object', async () => {
    const waves = new Map(known.plan.plans.sync.phases.flatMap(({ waves: own }) => own.map((one) => [one.wave, one])));
    await edit(5, wave(4));
    await update();
    const other = known.plan.plans.sync.phases
      .flatMap(({ waves: own }) => own)
      .filter((one) => one !== waves.get(one.wave));
    expect(other.map((one) => one.wave)).toEqual([3, 4]);
  });

  it('says of lines that moved no more than where they are now', async () => {
    await edit(5, `${wave(4)}    example.com/note: x\n`);
    expect(size(await update())).toBeLessThan(IN_FILE * 200);
    expect(known.plan).toEqual((await session.client.sendRequest<PlanResult>(PLAN, { application: shop })).plan);
  });

  it('says that nothing changed in a few bytes', async () => {
    expect(await update()).toEqual({ application: shop, version: known.version, since: known.version, patch: null });
  });

  it('gives the whole plan to whoever holds another one than the last that was sent', async () => {
    const params = { application: shop, since: known.version - 1 };
    expect(await session.client.sendRequest<PlanAnswer>(PLAN, params)).toHaveProperty('plan.name', 'shop');
  });
});

describe('many applications', () => {
  const APPLICATIONS_COUNT = 500;
  const text = (i: number, n: number): string => configMap(i, wave(n));

  it('tells of one that was edited, and of all only where some came or went', async () => {
    const files = Object.fromEntries(
      Array.from({ length: APPLICATIONS_COUNT }, (_, i) => [`apps/a${i}/m.yaml`, text(i, 1)]),
    );
    const session = new TestSession({ files });
    await session.start();
    const all = await session.client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
    expect(all).toHaveLength(APPLICATIONS_COUNT);
    const told = (): unknown => session.sent(PLAN_CHANGED).at(-1);
    const next = async (change: () => Promise<unknown>): Promise<unknown> => {
      const count = session.sent(PLAN_CHANGED).length;
      await change();
      await session.until(() => session.sent(PLAN_CHANGED).length > count);
      return told();
    };
    const a7 = { folder: ROOT, path: 'apps/a7', name: 'a7' };
    await session.open('apps/a7/m.yaml', text(7, 1));
    await session.until(() => session.sent(PLAN_CHANGED).length > 0);
    const edited = await next(() => session.change('apps/a7/m.yaml', 2, { text: `${text(7, 1)}---\n${text(8, 2)}` }));
    expect(edited).toEqual({ applications: [a7] });
    const only = await session.client.sendRequest<ApplicationSummary[]>(APPLICATIONS, { only: [a7] });
    expect(only.map(({ name, resources }) => [name, resources])).toEqual([['a7', 2]]);
    expect(size(only)).toBeLessThan(size(all) / 100);

    session.disk.set('apps/new/m.yaml', text(1, 1));
    const come = await next(() =>
      session.client.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: `${ROOT}/apps/new/m.yaml`, type: 1 }],
      }),
    );
    expect(come).toEqual({ applications: [{ folder: ROOT, path: 'apps/new', name: 'new' }], list: true });
    expect(await session.client.sendRequest(APPLICATIONS, { only: [{ ...a7, name: 'gone' }, null, 7] })).toEqual([]);
    await session.end();
  });
});
