import { describe, expect, test } from 'vitest';
import { offeredChoices, readChoices, withChoices } from '../../../client/src/sync/choices.ts';
import type { OperationChoices } from '../../../client/src/sync/model.ts';
import { Decisions } from '../../../client/src/sync/decisions.ts';
import type { Preflight, RunEvent } from '../../../client/src/sync/events.ts';
import type { SyncRequest } from '../../../client/src/sync/request.ts';
import { runSync } from '../../../client/src/sync/runner.ts';
import { objectIdOf } from '#core/object';
import { objects, sync, world, type World } from '../simulated.ts';

const OFF: OperationChoices = {
  ...{ prune: false, pruneLast: false, dryRun: false, force: false, replace: false, serverSide: false },
  ...{ forceConflicts: false, applyOutOfSyncOnly: false, createNamespace: false, retry: 0 },
};
const manifest = (kind: string, name: string, annotations = ''): string =>
  `apiVersion: ${kind === 'Job' ? 'batch/v1' : 'v1'}\nkind: ${kind}\nmetadata: { name: ${name}, annotations: {${annotations}} }\n`;
const HOOK = 'argocd.argoproj.io/hook: PreSync';
const POD = 'spec: { template: { spec: { restartPolicy: Never, containers: [{ name: run, image: busybox }] } } }\n';
const APPLICATION = objects(
  [manifest('ConfigMap', 'a'), manifest('ConfigMap', 'b'), manifest('Job', 'migrate', HOOK) + POD].join('---\n'),
);

const request = (more: Partial<SyncRequest> = {}): SyncRequest => ({
  ...{ application: 'shop', namespace: 'shop', objects: APPLICATION, operation: {}, retry: 0 },
  ...{ revision: { id: 'abc', text: 'abc' }, furtherKinds: [], blockers: [], warnings: [] },
  ...more,
});
const offered = (asked: SyncRequest): ReturnType<typeof offeredChoices> =>
  offeredChoices(asked, asked.objects, [], objectIdOf);

describe('the options of a sync', () => {
  test('are offered as they stand; what is no choice is told apart', () => {
    const operation = { prune: true, syncOptions: ['Replace=true', 'Validate=false', 'ServerSideApply=false'] };
    expect(offered(request({ operation, waveDelay: 1500, retry: 2 }))).toEqual({
      chosen: { ...OFF, prune: true, replace: true, retry: 2, waveDelay: 1.5 },
      selectable: [
        { group: '', kind: 'ConfigMap', namespace: '', name: 'a' },
        { group: '', kind: 'ConfigMap', namespace: '', name: 'b' },
      ],
      further: ['Validate=false', 'ServerSideApply=false'],
    });
  });

  test('that are chosen take the place of those before, also of the application’s own', () => {
    const operation = { prune: true, syncOptions: ['Replace=true', 'Validate=false'] };
    const chosen = { ...OFF, dryRun: true, serverSide: true, resources: [{ kind: 'ConfigMap', name: 'a' }] };
    const next = withChoices(request({ operation, waveDelay: 1500 }), chosen);
    expect(next.operation).toEqual({
      ...{ prune: false, dryRun: true, force: false, forceConflicts: false },
      resources: [{ kind: 'ConfigMap', name: 'a' }],
      syncOptions: ['Validate=false', 'ServerSideApply=true'],
    });
    expect(next.waveDelay).toBeUndefined();
    expect(offered(next).chosen).toEqual({
      ...chosen,
      resources: [{ group: '', kind: 'ConfigMap', namespace: '', name: 'a' }],
    });
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'prune'],
    ['a switch that is none', { ...OFF, prune: 'yes' }],
    ['one that is missing', { ...OFF, force: undefined }],
    ['half an attempt', { ...OFF, retry: 1.5 }],
    ['a negative delay', { ...OFF, waveDelay: -1 }],
    ['a selection of nothing, which would be read as all', { ...OFF, resources: [] }],
    ['a resource without a name', { ...OFF, resources: [{ kind: 'ConfigMap' }] }],
  ])('%s is none', (_what, value) => {
    expect(readChoices(value)).toBeUndefined();
    expect(readChoices({ ...OFF, waveDelay: 0.5, resources: [{ kind: 'Job', name: 'a' }] })).toBeDefined();
  });
});

/** Runs a sync; `decide` says what is done with each preflight. */
async function decided(
  { clock, cluster }: World,
  asked: SyncRequest,
  decide: (preflight: Preflight, decisions: Decisions) => void,
): Promise<{
  readonly end: Awaited<ReturnType<typeof runSync>>;
  readonly shown: Preflight[];
  readonly writes: string[];
}> {
  const decisions = new Decisions();
  const events: RunEvent[] = [];
  const end = await runSync(asked, {
    ...{
      cluster,
      clock,
      terminate: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
    },
    emit: (event) => {
      events.push(event);
      if (event.type === 'preflight') decide(event.preflight, decisions);
    },
    confirm: ({ edition }) => decisions.answer(edition),
    revised: ({ edition }) => decisions.revised(edition),
  });
  return {
    end,
    shown: events.flatMap((event) => (event.type === 'preflight' ? [event.preflight] : [])),
    writes: events.flatMap((event) =>
      event.type === 'write' && !event.dryRun ? [`${event.verb} ${event.object}`] : [],
    ),
  };
}

const rows = ({ rows: all }: Preflight): string[] =>
  all.map(({ change, task, stays }) => `${change} ${task}${stays === true ? ' (stays)' : ''}`);

describe('other options, chosen on the preflight', () => {
  test('are shown in a preflight of their own, and only what it showed is written', async () => {
    const place = world();
    await sync(place, [...APPLICATION, ...objects(manifest('ConfigMap', 'old'))]);
    const { shown, writes, end } = await decided(place, request(), ({ edition = 0 }, decisions) => {
      if (edition === 1) decisions.take({ type: 'revise', edition, choices: { ...OFF, prune: true } });
      if (edition === 2) {
        const resources = [{ kind: 'ConfigMap', name: 'old' }];
        decisions.take({ type: 'revise', edition, choices: { ...OFF, prune: true, resources } });
      }
      if (edition === 3) decisions.take({ type: 'confirm', edition });
    });
    expect(shown.map(rows)).toEqual([
      [
        'recreate batch/Job/shop/migrate',
        'unchanged /ConfigMap/shop/a',
        'unchanged /ConfigMap/shop/b',
        'unchanged /ConfigMap/shop/old (stays)',
      ],
      expect.arrayContaining(['prune /ConfigMap/shop/old', 'unchanged /ConfigMap/shop/a']),
      ['prune /ConfigMap/shop/old'],
    ]);
    expect(shown.map(({ choices }) => choices?.selectable.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['a', 'b', 'old'],
      ['a', 'b', 'old'],
    ]);
    expect(shown[2]?.warnings.join('\n')).toContain('no hook runs, as in Argo CD: Job migrate');
    expect(writes).toEqual(['delete /ConfigMap/shop/old']);
    expect(end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
  });

  test('a yes to the preflight before them is none to theirs', async () => {
    const { end, writes } = await decided(world(), request(), ({ edition }, decisions) => {
      if (edition === 1) {
        decisions.take({ type: 'revise', edition, choices: { ...OFF, force: true } });
        // Too late: it was clicked when the page still showed the first one.
        decisions.take({ type: 'confirm', edition });
        decisions.take({ type: 'confirm' });
      }
      if (edition === 2) setTimeout(() => decisions.refuse(), 20);
    });
    expect([end.kind, writes]).toEqual(['refused', []]);
  });

  test('a dry run writes nothing', async () => {
    const { end, writes } = await decided(world(), request(), ({ edition }, decisions) => {
      if (edition === 1) decisions.take({ type: 'revise', edition, choices: { ...OFF, dryRun: true } });
      else decisions.take({ type: 'confirm', edition: edition ?? 0 });
    });
    expect([end, writes]).toEqual([expect.objectContaining({ phase: 'Succeeded' }), []]);
  });

  test('what is in sync is told, and not written, where only what differs is', async () => {
    const place = world();
    await sync(place, APPLICATION.slice(0, 1));
    const resources = APPLICATION.slice(0, 2);
    const { shown, writes } = await decided(place, request({ objects: resources }), ({ edition }, decisions) => {
      if (edition === 1) decisions.take({ type: 'revise', edition, choices: { ...OFF, applyOutOfSyncOnly: true } });
      else decisions.take({ type: 'confirm', edition: edition ?? 0 });
    });
    expect(shown.map(rows)[1]).toEqual(['unchanged /ConfigMap/shop/a (stays)', 'create /ConfigMap/shop/b']);
    expect(writes).toEqual(['apply /ConfigMap/shop/b']);
  });

  test('one that is impossible waits for other options, and a yes to it writes nothing', async () => {
    const wrong = { operation: { resources: [{ kind: 'ConfigMap', name: 'nowhere' }] } };
    const mended = await decided(world(), request(wrong), ({ edition }, decisions) => {
      if (edition === 1) decisions.take({ type: 'revise', edition, choices: OFF });
      else decisions.take({ type: 'confirm', edition: edition ?? 0 });
    });
    expect(mended.shown.map(({ blockers }) => blockers.length)).toEqual([1, 0]);
    expect(mended.end).toMatchObject({ kind: 'finished', phase: 'Succeeded' });
    const agreed = await decided(world(), request(wrong), ({ edition = 0 }, decisions) =>
      decisions.take({ type: 'confirm', edition }),
    );
    expect([agreed.end.kind, agreed.writes]).toEqual(['blocked', []]);
  });
});
