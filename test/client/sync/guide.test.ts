// The example application in the simulation, compared with what the real Argo CD v3.6.1 did with its like (the facts are
// those of its recorded runs: twice, then with a failing migration, then repaired).
import { expect, test } from 'vitest';
import { isObject, nameOf, type KubeObject } from '#core/object';
import { guide } from '../guide.ts';
import { START, sync, world, type Ran } from '../simulated.ts';

const REACHED = 'Reached expected number of succeeded pods';
const STAMP = Math.floor(START / 1000);

const rows = ({ result }: Ran): string[] =>
  result.results.map((r) => `${r.syncPhase} ${r.kind}/${r.name} ${r.status} ${r.hookPhase}: ${r.message}`);

test('goes from PreSync to Sync to PostSync, and leaves what Argo CD leaves', async () => {
  const ran = await sync(world(), guide());
  const notification = `app-slack-notification-1a2b3c4-postsync-${STAMP}`;
  expect(ran.end).toEqual({ kind: 'finished', phase: 'Succeeded', terminated: false });
  expect(ran.writes).toEqual([
    'apply batch/Job/shop/db-migration-job',
    'update batch/Job/shop/db-migration-job',
    'apply /Service/shop/nginx',
    'apply apps/Deployment/shop/nginx',
    `apply batch/Job/shop/${notification}`,
    'apply batch/Job/shop/cleanup-job',
    `update batch/Job/shop/${notification}`,
    'update batch/Job/shop/cleanup-job',
    'delete batch/Job/shop/db-migration-job',
    `delete batch/Job/shop/${notification}`,
  ]);
  expect(rows(ran)).toEqual([
    `PreSync Job/db-migration-job Synced Succeeded: ${REACHED}`,
    'Sync Service/nginx Synced Succeeded: service/nginx created',
    'Sync Deployment/nginx Synced Succeeded: deployment.apps/nginx created',
    `PostSync Job/${notification} Synced Succeeded: ${REACHED}`,
    `PostSync Job/cleanup-job Synced Succeeded: ${REACHED}`,
  ]);
  expect(ran.messages).toEqual([
    'Running ',
    'Running waiting for completion of hook batch/Job/db-migration-job',
    'Running waiting for healthy state of /Service/nginx and 1 more resources',
    'Running waiting for healthy state of apps/Deployment/nginx',
    `Running waiting for completion of hook batch/Job/${notification} and 1 more hooks`,
    'Succeeded successfully synced (no more tasks)',
  ]);
  expect(ran.result.left).toEqual(['/Service/shop/nginx', 'apps/Deployment/shop/nginx', 'batch/Job/shop/cleanup-job']);
});

test('the times are those of the hooks: nothing is waited for beside them', async () => {
  const { result } = await sync(world(), guide());
  // 15 s migration, 1 s until the Deployment is ready, 2 s notification and clean-up beside one another.
  expect(result.criticalPath.seconds).toBe(18);
  expect(result.criticalPath.tasks.map((task) => task.replace(/-1a2b3c4-.*/, ''))).toEqual([
    'batch/Job/shop/db-migration-job',
    'apps/Deployment/shop/nginx',
    'batch/Job/shop/app-slack-notification',
  ]);
  expect(result.waited.seconds).toBe(18);
  expect(Date.parse(result.operation.finishedAt) - Date.parse(result.operation.startedAt)).toBe(18_000);
});

test('logs come from the pods while they run', async () => {
  const { events } = await sync(world(), guide());
  const logs = events.flatMap((event) =>
    event.type === 'log' && event.task.endsWith('/db-migration-job')
      ? [`${event.time.slice(14, 19)} ${event.line}`]
      : [],
  );
  expect(logs).toEqual([
    '00:00 simulated, not run: sh -c echo migrating; sleep 15; echo done',
    '00:00 migrating',
    '00:15 done',
    '00:15 simulated: exit code 0 after 15 s',
  ]);
});

test('the confirmation shows it all before anything is written', async () => {
  const ran = await sync(world(), guide(), { confirm: async () => false });
  expect(ran.end).toEqual({ kind: 'refused' });
  expect(ran.writes).toEqual([]);
  expect(ran.preflight.rows.map((row) => `${row.phase} ${row.wave} ${row.task} ${row.change} ${row.note}`)).toEqual([
    'PreSync 0 batch/Job/shop/db-migration-job create deleted when the sync succeeds',
    'Sync 0 /Service/shop/nginx create ',
    'Sync 0 apps/Deployment/shop/nginx create ',
    'PostSync 0 batch/Job/shop/app-slack-notification-… create new name every sync; deleted when the sync succeeds',
    'PostSync 0 batch/Job/shop/cleanup-job create deleted when the sync fails',
  ]);
  expect(ran.preflight.blockers).toEqual([]);
  expect(ran.preflight.additions.map((text) => text.split(/[ :]/).slice(0, 2).join(' '))).toEqual([
    'annotation argocd.argoproj.io/tracking-id',
    'annotation kubectl.kubernetes.io/last-applied-configuration',
    'finalizer argocd.argoproj.io/hook-finalizer',
    'generated names',
  ]);
});

test('the confirmation of a second sync tells what is there, and what does not run again', async () => {
  const place = world();
  await sync(place, guide());
  await place.clock.sleep(5000);
  const { preflight } = await sync(place, guide(), { confirm: async () => false });
  const found = new Map(preflight.rows.map((row) => [row.task, row]));
  expect(found.get('/Service/shop/nginx')?.change).toBe('unchanged');
  expect(found.get('batch/Job/shop/db-migration-job')?.change).toBe('create');
  expect(found.get('batch/Job/shop/cleanup-job')).toMatchObject({
    change: 'unchanged',
    note: 'it is there from an earlier sync: if it has ended it does not run again; deleted when the sync fails',
  });
});

test('a second sync runs only what is not there', async () => {
  const place = world();
  await sync(place, guide());
  await place.clock.sleep(5000);
  const ran = await sync(place, guide());
  const notification = `app-slack-notification-1a2b3c4-postsync-${STAMP + 23}`;
  expect([...ran.writes].sort()).toEqual(
    [
      'apply batch/Job/shop/db-migration-job',
      'update batch/Job/shop/db-migration-job',
      `apply batch/Job/shop/${notification}`,
      'apply batch/Job/shop/cleanup-job',
      'update batch/Job/shop/cleanup-job',
      `update batch/Job/shop/${notification}`,
      'delete batch/Job/shop/db-migration-job',
      `delete batch/Job/shop/${notification}`,
    ].sort(),
  );
  // The finished clean-up gets the finalizer, and is taken for done without a run.
  const cleanup = ran.events.filter((event) => event.type === 'log' && event.task.endsWith('/cleanup-job'));
  expect(cleanup).toEqual([]);
});

test('a failing migration stops it before the Deployment, and the clean-up of the earlier sync is deleted', async () => {
  const place = world();
  await sync(place, guide());
  await place.clock.sleep(5000);
  place.cluster.play({ ...place.scenario, objects: [{ name: 'db-migration-job', outcome: 'fail' }] });
  const ran = await sync(place, guide());
  expect(ran.end).toEqual({ kind: 'finished', phase: 'Failed', terminated: false });
  expect(ran.result.operation.message).toBe('one or more synchronization tasks completed unsuccessfully');
  expect(rows(ran)).toEqual([
    'PreSync Job/db-migration-job Synced Failed: Job has reached the specified backoff limit',
  ]);
  expect(ran.writes).toEqual([
    'apply batch/Job/shop/db-migration-job',
    'update batch/Job/shop/db-migration-job',
    'delete batch/Job/shop/cleanup-job',
  ]);
  expect(ran.result.left).toEqual([
    '/Service/shop/nginx',
    'apps/Deployment/shop/nginx',
    'batch/Job/shop/db-migration-job',
  ]);
});

test('the failed migration fails the next sync without running, and its repair too', async () => {
  const place = world({}, [{ name: 'db-migration-job', outcome: 'fail' }]);
  await sync(place, guide());
  place.cluster.play(place.scenario);
  const again = await sync(place, guide());
  expect(again.writes).toEqual(['apply batch/Job/shop/db-migration-job', 'update batch/Job/shop/db-migration-job']);
  expect(again.result.operation.phase).toBe('Failed');
  const repaired = await sync(place, guide().map(withAnotherImage));
  expect(repaired.writes).toEqual([]);
  expect(repaired.result.operation.phase).toBe('Failed');
  expect(repaired.result.operation.message).toMatch(
    /^one or more objects failed to apply, reason: Job\.batch "db-migration-job" is invalid: spec\.template: .*field is immutable$/,
  );
});

function withAnotherImage(object: KubeObject): KubeObject {
  const spec = object['spec'];
  if (nameOf(object) !== 'db-migration-job' || !isObject(spec)) return object;
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'migrate', image: 'busybox:2' }] } };
  return { ...object, spec: { ...spec, template } };
}

test('a hanging migration is told as such, with the reason', async () => {
  const ran = await sync(world({}, [{ name: 'db-migration-job', outcome: 'hang' }]), guide());
  expect(ran.end).toEqual({ kind: 'finished', phase: 'Running', terminated: false });
  const stuck = ran.events.find((event) => event.type === 'stuck');
  expect(stuck).toMatchObject({
    message: 'waiting for completion of hook batch/Job/db-migration-job',
    waitsFor: [
      {
        task: 'batch/Job/shop/db-migration-job',
        reasons: [expect.stringMatching(/^Pod db-migration-job-\w+: the scenario lets it run for ever$/)],
        advice: [expect.stringContaining('terminate the sync')],
      },
    ],
  });
});

test('terminating it deletes the running hook and runs nothing more', async () => {
  const ran = await sync(world(), guide(), { terminateAt: 4000 });
  expect(ran.end).toEqual({ kind: 'finished', phase: 'Failed', terminated: true });
  expect(ran.result.operation.message).toBe('Operation terminated');
  expect(rows(ran)).toEqual(['PreSync Job/db-migration-job Synced Failed: Terminated']);
  expect(ran.writes).toEqual([
    'apply batch/Job/shop/db-migration-job',
    'update batch/Job/shop/db-migration-job',
    'delete batch/Job/shop/db-migration-job',
  ]);
  expect(ran.result.left).toEqual([]);
});

test('a timeout terminates it and says so', async () => {
  const ran = await sync(world(), guide(), { timeout: 4000 });
  expect(ran.messages.slice(-2)).toEqual([
    'Terminating operation is terminating due to timeout',
    'Failed Operation terminated, triggered by controller sync timeout',
  ]);
  expect(ran.result.waited.seconds).toBe(4);
});
